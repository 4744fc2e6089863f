//! A server that repeats what was sent: no number and no value is in a reason.

use serde_json::Value;

use super::{Bench, NUMBER, SECRET, checked, csv};
use crate::echo;

fn message(body: &Value) -> String {
    let (number, order) = (&body["contact_number"], &body["metadata"]["order_id"]);
    format!("contact {} not found for {}", number.as_str().unwrap(), order.as_str().unwrap())
}

#[test]
fn unknown_contacts_are_one_reason_if_the_server_names_them() {
    let bench = Bench::new(0, "orders.csv", csv(100));
    let url = echo::start(404, message);
    let args = ["--base-url", &url, "--max-rejected", "100"];
    let outcome = checked(&mut bench.command(&args));
    outcome.assert(1, &[]);
    let reason = "contact [redacted] not found for [redacted]";
    let expected = format!("100 rows: 0 applied, 100 rejected\n  100  rejected  404  {reason}\n");
    assert!(outcome.stdout.starts_with(&expected), "{outcome:?}");
    assert_eq!(outcome.stdout.lines().count(), 3, "{outcome:?}");

    for record in bench.journal().records {
        assert_eq!(record["reason"], reason);
    }
    for line in String::from_utf8(bench.read("orders.failed.csv")).unwrap().lines().skip(1) {
        let (reason_cell, row) = line.split_once("\",").unwrap();
        assert!(reason_cell.ends_with(reason), "{reason_cell}");
        assert!(row.contains(NUMBER) && row.contains(SECRET), "the row itself stays as it was");
    }

    let bench = Bench::new(0, "orders.csv", csv(100));
    // `checked` looks for numbers and values in every event.
    let events = super::Events::of(checked(bench.command(&args).args(["--format", "json"])));
    assert_eq!(events.summary()["reasons"].as_array().unwrap().len(), 1);
    assert!(events.named("row").iter().all(|row| row["reason"] == reason));
}

#[test]
fn an_unknown_row_says_after_how_many_attempts() {
    let bench = Bench::new(0, "orders.csv", csv(1));
    let url = echo::start(503, message);
    let outcome = checked(&mut bench.command(&["--base-url", &url]));
    outcome.assert(3, &[]);
    let reason = "contact [redacted] not found for [redacted]; after 3 attempts";
    assert!(outcome.stdout.contains(&format!("  1  unknown   503  {reason}\n")), "{outcome:?}");
}

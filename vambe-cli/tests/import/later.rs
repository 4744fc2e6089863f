//! Fixed rows do not overwrite values that later rows of the same ticket have set.

use serde_json::json;

use super::{Bench, SECRET};
use crate::support::{number, ticket_id};

/// Returns rows: the second one is rejected, and the third and fourth set two of its three keys.
fn rows() -> String {
    let (one, two) = (number(1), number(2));
    format!(
        "contact_number,order_id,priority,note\n{two},{SECRET}-1,,\n{one},{SECRET}-2,{SECRET}-2,{SECRET}-2\n{one},{SECRET}-3,,\n\
         {one},,{SECRET}-4,\n{two},,,{SECRET}-5\n"
    )
}

/// Imports the rows; the server rejects the second.
fn bench() -> Bench {
    let bench = Bench::new(2, "orders.csv", rows());
    bench.emulator.inject_all(["none", "404"].map(|fault| fault.parse().unwrap()));
    bench.run(&["--in-flight", "1"]).assert(1, &[]);
    bench
}

fn values(bench: &Bench) -> [String; 3] {
    let ticket = bench.emulator.ticket(ticket_id(1)).unwrap();
    ["order_id", "priority", "note"].map(|key| ticket.metadata().get(key).cloned().unwrap_or_default())
}

/// Invariant: a row that is imported late does not overwrite later rows of its ticket.
#[test]
fn the_import_of_a_failed_file_leaves_out_newer_keys() {
    let bench = bench();
    let failed = String::from_utf8(bench.read("orders.failed.csv")).unwrap();
    let later = r#""{""order_id"":3,""priority"":4}""#;
    let start = "vambe_error,vambe_later,contact_number,order_id,priority,note\n\"line 3: 404 ";
    assert!(failed.starts_with(start) && failed.contains(&format!("\",{later},{},", number(1))), "{failed}");
    assert!(!later.contains(SECRET));

    let again = Bench { input: "orders.failed.csv", ..bench };
    let events = again.events(&[]);
    events.outcome.assert(0, &[]);
    assert_eq!(events.counts(), [1, 0, 0, 0]);
    assert_eq!(values(&again), [3, 4, 2].map(|row| format!("{SECRET}-{row}")));
}

#[test]
fn newer_values_are_overwritten_only_on_request() {
    let bench = bench();
    let failed = String::from_utf8(bench.read("orders.failed.csv")).unwrap();
    // By the option for all rows, or by the cell for one.
    for (name, text, args) in [
        ("all.csv", failed.clone(), &["--overwrite-newer"][..]),
        ("one.csv", failed.replace(r#""{""order_id"":3,""priority"":4}""#, ""), &[]),
    ] {
        bench.write(name, text);
        bench.run(&[]).assert(1, &[]);
        let mut command = crate::support::vambe_with(&bench.emulator, &super::IMPORT);
        super::checked(command.arg(name).args(args).current_dir(bench.dir.path())).assert(0, &[]);
        assert_eq!(values(&bench), [2, 2, 2].map(|row| format!("{SECRET}-{row}")), "{name}");
    }
}

#[test]
fn a_row_without_keys_left_is_superseded() {
    let one = number(1);
    let row = |order| json!({ "contact_number": one, "metadata": { "order_id": order } });
    let bench = Bench::new(1, "orders.ndjson", format!("{}\n{}\n", row("hunter2-1"), row("hunter2-2")));
    bench.emulator.inject("404".parse().unwrap());
    bench.run(&["--in-flight", "1"]).assert(1, &[]);
    let failed = String::from_utf8(bench.read("orders.failed.ndjson")).unwrap();
    assert!(failed.contains("\",\"vambe_later\":{\"order_id\":2},\"contact_number\""), "{failed}");

    let sent = bench.emulator.updates();
    let again = Bench { input: "orders.failed.ndjson", ..bench };
    let events = again.events(&[]);
    events.outcome.assert(0, &[]);
    assert_eq!((events.counts(), &events.summary()["superseded"]), ([0, 0, 0, 0], &json!(1)));
    let outcome = again.run(&[]);
    assert_eq!(outcome.assert(0, &[]).stdout, "1 row: 0 applied, 1 superseded\n");
    assert_eq!(again.emulator.updates(), sent);
}

#[test]
fn a_row_that_fails_again_keeps_its_later_keys() {
    let bench = bench();
    let again = Bench { input: "orders.failed.csv", ..bench };
    again.emulator.inject("404".parse().unwrap());
    again.run(&[]).assert(1, &[]);
    let failed = String::from_utf8(again.read("orders.failed.failed.csv")).unwrap();
    assert!(failed.contains(r#","{""order_id"":3,""priority"":4}","#), "{failed}");
}

#[test]
fn later_rows_of_a_resumed_run_are_noted_too() {
    let bench = Bench::new(2, "orders.csv", rows());
    bench.emulator.inject_all(["none", "404", "401"].map(|fault| fault.parse().unwrap()));
    bench.run(&["--in-flight", "1"]).assert(4, &[]);
    assert!(bench.read("orders.failed.csv").starts_with(b"vambe_error,contact_number"));
    bench.run(&[]).assert(1, &[]);
    assert!(bench.read("orders.failed.csv").starts_with(b"vambe_error,vambe_later,contact_number"));
}

#[test]
fn a_damaged_cell_is_refused_rather_than_taken_as_empty() {
    let text = format!("vambe_later,contact_number,order_id\n{{order_id: 3}},{},{SECRET}\n", number(1));
    let bench = Bench::new(1, "orders.failed.csv", text);
    let outcome = bench.run(&["--dry-run"]);
    outcome.assert(1, &[]);
    assert!(outcome.stdout.contains("`vambe_later` is damaged: "), "{outcome:?}");
    bench.run(&[]).assert(1, &[]);
    assert_eq!(bench.emulator.updates(), 0);
}

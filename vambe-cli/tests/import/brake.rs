//! Conditions that stop a run early: the same rejection for all rows, too many rejections, an unreachable server.

use serde_json::json;
use vambe_emulator::Fault;

use super::{Bench, SECRET, csv};
use crate::support::number;

/// Invariant: a wrong base URL rejects no row.
#[test]
fn a_wrong_path_in_the_base_url_rejects_no_row() {
    let bench = Bench::new(2_000, "orders.csv", csv(2_000));
    let url = format!("{}/wrong", bench.emulator.url());
    let events = bench.events(&["--base-url", &url]);
    let advice = [
        "error: the first 20 responses were the same rejection: 404 Cannot POST /wrong/api/public/ticket/metadata: check the base URL",
        "; no row was recorded as rejected; if all these rows are invalid, run again with --max-rejected N",
    ];
    events.outcome.assert(3, &advice);
    assert_eq!(events.summary()["end"], "all_refused");
    assert_eq!(events.summary()["cause"], "404 Cannot POST /wrong/api/public/ticket/metadata");
    assert_eq!(events.counts(), [0, 0, 2_000, 0]);
    assert_eq!(bench.journal().counts(), [0, 0]);
    assert!(!bench.path("orders.failed.csv").exists());
}

#[test]
fn rows_are_all_rejected_if_max_rejected_allows_it() {
    let bench = Bench::new(0, "orders.csv", csv(30));
    let events = bench.events(&["--max-rejected", "30"]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [0, 30, 0, 0]);
}

#[test]
fn rejections_after_an_applied_row_count_for_their_rows() {
    let bench = Bench::new(1, "orders.csv", csv(60));
    bench.emulator.inject_all(["none", "401"].map(|fault| fault.parse::<Fault>().unwrap()));
    bench.run(&["--in-flight", "1"]).assert(4, &[]);
    // All responses of this run are the same rejection.
    let events = bench.events(&[]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [1, 59, 0, 0]);
}

#[test]
fn more_rejected_rows_than_allowed_stop_the_run() {
    let bench = Bench::new(10, "orders.csv", csv(60));
    let events = bench.events(&["--in-flight", "1", "--max-rejected", "5"]);
    events.outcome.assert(3, &["error: the server rejected more rows than --max-rejected allows"]);
    assert_eq!(events.summary()["end"], "too_many_rejected");
    assert_eq!(events.counts(), [10, 6, 44, 0]);
}

#[test]
fn reports_an_unreachable_server_at_once() {
    let bench = Bench::new(3, "orders.csv", csv(3));
    bench.emulator.refuse_connections();
    let events = bench.events(&[]);
    events
        .outcome
        .assert(3, &["error: could not connect to the server: Connection refused", "check the base URL, the network"]);
    assert_eq!(events.summary()["end"], "unreachable");
    assert!(events.summary()["cause"].as_str().unwrap().starts_with("Connection refused"), "{}", events.summary());
    assert_eq!(events.counts(), [0, 0, 3, 0]);
}

#[test]
fn a_row_that_is_answered_403_is_rejected_if_others_pass() {
    let bench = Bench::new(30, "orders.csv", csv(30));
    bench.emulator.inject_all(["none", "none", "403"].map(|fault| fault.parse::<Fault>().unwrap()));
    let events = bench.events(&["--in-flight", "1"]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [29, 1, 0, 0]);
    let rejected = events.named("row");
    assert_eq!((&rejected[0]["row"], &rejected[0]["status"]), (&json!(3), &json!(403)));
    assert!(!format!("{:?}", events.all).contains(SECRET));
}

#[test]
fn rows_that_fill_the_memory_do_not_wait_for_further_answers() {
    // Two of these rows fill the memory budget, and the server rejects rows of this size.
    let row = |index| format!("{},{}\n", number(index), SECRET.repeat(1 << 18));
    let bench = Bench::new(3, "orders.csv", format!("contact_number,order_id\n{}{}{}", row(1), row(2), row(3)));
    let events = bench.events(&[]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [0, 3, 0, 0]);
}

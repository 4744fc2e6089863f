//! What stops a run before it does harm: answers that are all the same refusal, too many rejections, a server out of reach.

use serde_json::json;
use vambe_emulator::Fault;

use super::{Bench, SECRET, csv};
use crate::support::number;

#[test]
fn a_wrong_path_in_the_base_url_rejects_no_row() {
    let bench = Bench::new(2_000, "orders.csv", csv(2_000));
    let url = format!("{}/wrong", bench.emulator.url());
    let events = bench.events(&["--base-url", &url]);
    let advice = [
        "error: the first 20 answers were all the same: 404 Cannot POST /wrong/api/public/ticket/metadata: check the base URL",
        "; nothing was recorded as rejected; if the rows really are all wrong, run again with --max-rejected N",
    ];
    events.outcome.assert(3, &advice);
    assert_eq!(events.summary()["end"], "all_refused");
    assert_eq!(events.summary()["cause"], "404 Cannot POST /wrong/api/public/ticket/metadata");
    assert_eq!(events.counts(), [0, 0, 2_000, 0]);
    assert_eq!(bench.journal().counts(), [0, 0]);
    assert!(!bench.path("orders.failed.csv").exists());
}

#[test]
fn rows_that_are_all_wrong_are_rejected_if_the_operator_says_so() {
    let bench = Bench::new(0, "orders.csv", csv(30));
    let events = bench.events(&["--max-rejected", "30"]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [0, 30, 0, 0]);
}

#[test]
fn refusals_after_something_was_applied_are_those_of_their_rows() {
    let bench = Bench::new(1, "orders.csv", csv(60));
    bench.emulator.inject_all(["none", "401"].map(|fault| fault.parse::<Fault>().unwrap()));
    bench.run(&["--in-flight", "1"]).assert(4, &[]);
    // All answers of this run are the same refusal.
    let events = bench.events(&[]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [1, 59, 0, 0]);
}

#[test]
fn more_rejected_rows_than_allowed_stop_it() {
    let bench = Bench::new(10, "orders.csv", csv(60));
    let events = bench.events(&["--in-flight", "1", "--max-rejected", "5"]);
    events.outcome.assert(3, &["error: the server rejected more rows than --max-rejected allows"]);
    assert_eq!(events.summary()["end"], "too_many_rejected");
    assert_eq!(events.counts(), [10, 6, 44, 0]);
}

#[test]
fn a_server_out_of_reach_is_named_at_once() {
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
    // Two of them fill the memory for rows, and the server refuses rows of this size.
    let row = |index| format!("{},{}\n", number(index), SECRET.repeat(1 << 18));
    let bench = Bench::new(3, "orders.csv", format!("contact_number,order_id\n{}{}{}", row(1), row(2), row(3)));
    let events = bench.events(&[]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [0, 3, 0, 0]);
}

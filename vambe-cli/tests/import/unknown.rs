//! Rows that may or may not have been applied: named, in a file of their own, and settled by the operator.

use serde_json::json;
use vambe_emulator::Fault;

use super::{Bench, SECRET, csv};
use crate::support::{number, ticket_id};

/// Three attempts of each of the first `rows` rows, which are sent one by one.
fn fail_first(bench: &Bench, rows: usize) {
    bench.emulator.inject_all(vec!["503".parse::<Fault>().unwrap(); 3 * rows]);
}

#[test]
fn unknown_rows_are_named_and_written_to_a_file_of_their_own() {
    let bench = Bench::new(24, "orders.csv", csv(24));
    // Every second row, so that the run does not take it for an outage.
    let faults = ["501", "none"].map(|fault| fault.parse::<Fault>().unwrap());
    bench.emulator.inject_all(vec![faults; 12].concat());
    let outcome = bench.run(&["--in-flight", "1"]);
    outcome.assert(
        3,
        &["run the same command again to send the rows that are unknown", "--settle-unknown takes them as done"],
    );
    let end = "unknown rows: 1 (line 2), 3 (line 4), 5 (line 6), 7 (line 8), 9 (line 10), 11 (line 12), 13 (line 14), 15 (line \
               16), 17 (line 18), 19 (line 20) and 2 more\nunknown rows, each with its reason: orders.unknown.csv\n";
    assert!(outcome.stdout.starts_with("24 rows: 12 applied, 12 unknown\n"), "{outcome:?}");
    assert!(outcome.stdout.ends_with(end), "{outcome:?}");
    let file = String::from_utf8(bench.read("orders.unknown.csv")).unwrap();
    let lines: Vec<_> = file.lines().collect();
    assert_eq!((lines.len(), lines[0]), (13, "vambe_error,contact_number,order_id"));
    assert!(lines[12].starts_with("\"line 24: 501 "), "{}", lines[12]);
    assert!(lines[12].ends_with(&format!("\",{},{SECRET}-23", number(23))), "{}", lines[12]);

    let bench = Bench::new(2, "orders.csv", csv(2));
    fail_first(&bench, 1);
    let events = bench.events(&["--in-flight", "1", "--unknown", "mine.csv"]);
    assert_eq!(events.counts(), [1, 0, 0, 1]);
    assert_eq!(events.named("row")[0]["line"], 2);
    assert_eq!(events.summary()["unknown_rows"], json!([{ "row": 1, "line": 2 }]));
    assert_eq!(events.summary()["unknown_file"], "mine.csv");

    // Once nothing is unknown, a file of it would be imported by mistake.
    let events = bench.events(&["--unknown", "mine.csv"]);
    events.outcome.assert(0, &[]);
    assert_eq!((events.counts(), &events.summary()["unknown_file"]), ([2, 0, 0, 0], &json!(null)));
    assert!(!bench.path("mine.csv").exists());
}

#[test]
fn settled_rows_are_done_and_the_exit_code_is_no_longer_3() {
    let bench = Bench::new(4, "orders.csv", csv(5));
    fail_first(&bench, 2);
    bench.run(&["--in-flight", "1"]).assert(3, &[]);
    let sent = bench.emulator.updates();
    let events = bench.events(&["--settle-unknown"]);
    events.outcome.assert(1, &["2 unknown rows of earlier runs settled: taken as applied, not sent again"]);
    assert_eq!((events.counts(), &events.summary()["settled"]), ([2, 1, 0, 0], &json!(2)));
    assert!(!bench.path("orders.unknown.csv").exists());
    assert_eq!(bench.journal().rows("settled"), [1, 2].into());
    let outcome = bench.run(&[]);
    assert!(outcome.assert(1, &[]).stdout.starts_with("5 rows: 2 applied, 1 rejected, 2 settled\n"), "{outcome:?}");
    assert_eq!(bench.emulator.updates(), sent, "nothing was sent again");
}

#[test]
fn a_row_stays_unknown_until_a_run_finds_out() {
    let bench = Bench::new(3, "orders.csv", csv(3));
    fail_first(&bench, 2);
    bench.run(&["--in-flight", "1"]).assert(3, &[]);
    // This run sends nothing.
    bench.emulator.inject_always("401".parse().unwrap());
    let events = bench.events(&["--in-flight", "1"]);
    events.outcome.assert(4, &[]);
    assert_eq!(events.counts(), [1, 0, 0, 2]);
    bench.emulator.clear_faults();
    let events = bench.events(&["--settle-unknown"]);
    events.outcome.assert(0, &[]);
    assert_eq!(events.counts(), [1, 0, 0, 0]);
    assert!(bench.emulator.ticket(ticket_id(1)).unwrap().metadata().is_empty());
}

#[test]
fn a_file_of_unknown_rows_that_was_changed_is_kept() {
    let bench = Bench::new(2, "orders.csv", csv(2));
    fail_first(&bench, 1);
    bench.run(&["--in-flight", "1"]).assert(3, &[]);
    bench.write("orders.unknown.csv", "my notes");
    bench.run(&[]).assert(0, &[]);
    assert_eq!(bench.read("orders.unknown.csv"), b"my notes");
}

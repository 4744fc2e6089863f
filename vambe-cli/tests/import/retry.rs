//! `--retry-rejected`: rows that the server has rejected are sent again, and what is newer stays.

use serde_json::json;

use super::{Bench, SECRET, csv};
use crate::support::{number, ticket_id};

#[test]
fn rows_the_server_rejected_are_sent_again_invalid_ones_not() {
    let bench = Bench::new(4, "orders.csv", csv(3) + "x,hunter2-4\n");
    bench.emulator.inject_all(["404", "400", "none"].map(|fault| fault.parse().unwrap()));
    let outcome = bench.run(&["--in-flight", "1"]);
    assert!(outcome.assert(1, &[]).stdout.starts_with("4 rows: 1 applied, 3 rejected\n"), "{outcome:?}");
    // Without the option they stay rejected.
    bench.run(&[]).assert(1, &["1 applied and 3 rejected already"]);
    assert_eq!(bench.emulator.updates(), 1);

    bench.emulator.inject("422".parse().unwrap());
    let events = bench.events(&["--retry-rejected", "--in-flight", "1"]);
    events.outcome.assert(1, &["2 rejected rows of earlier runs to be sent again"]);
    assert_eq!(events.counts(), [2, 2, 0, 0]);
    let failed = String::from_utf8(bench.read("orders.failed.csv")).unwrap();
    assert!(failed.contains("line 2: 422 ") && failed.contains("line 5: the contact number"), "{failed}");
    assert_eq!(failed.lines().count(), 3, "{failed}");

    let events = bench.events(&["--retry-rejected"]);
    events.outcome.assert(1, &["1 rejected row of earlier runs to be sent again"]);
    assert_eq!(events.counts(), [3, 1, 0, 0]);
    assert_eq!(bench.emulator.updates(), 3);
    // The numbers of the next run are made from the journal alone.
    let outcome = bench.run(&["--retry-rejected"]);
    outcome.assert(1, &["0 rejected rows of earlier runs to be sent again"]);
    assert!(outcome.stdout.starts_with("4 rows: 3 applied, 1 rejected\n  1  rejected    -  "), "{outcome:?}");
}

#[test]
fn a_stopped_retry_is_resumed_without_the_option() {
    let bench = Bench::new(3, "orders.csv", csv(3));
    bench.emulator.inject_all(["404", "404", "404", "401"].map(|fault| fault.parse().unwrap()));
    bench.run(&["--in-flight", "1"]).assert(1, &[]);
    let events = bench.events(&["--retry-rejected", "--in-flight", "1"]);
    events.outcome.assert(4, &[]);
    assert_eq!(events.counts(), [0, 0, 3, 0]);
    let events = bench.events(&[]);
    events.outcome.assert(0, &[]);
    assert_eq!(events.counts(), [3, 0, 0, 0]);
    assert!(!bench.path("orders.failed.csv").exists(), "no row is rejected any more");
}

#[test]
fn a_retried_row_does_not_undo_later_rows_of_its_ticket() {
    let one = number(1);
    let text = format!(
        "contact_number,order_id,note\n{one},{SECRET}-1,{SECRET}-old\n{one},{SECRET}-2,\n{one},{SECRET}-3,\n{one},,{SECRET}-4\n"
    );
    for (args, expected, superseded) in [
        // Row 1 sets its note alone, which row 4 then overwrites; nothing is left of row 2.
        (&["--retry-rejected"][..], ["3", "4"], 1),
        (&["--retry-rejected", "--overwrite-newer"], ["2", "4"], 0),
    ] {
        let bench = Bench::new(1, "orders.csv", &text);
        let faults = ["404", "404", "none", "401"];
        bench.emulator.inject_all(faults.map(|fault| fault.parse().unwrap()));
        bench.run(&["--in-flight", "1"]).assert(4, &[]);
        // Stopped in between, so that a later run without the first option has to know it as well.
        bench.emulator.inject("401".parse().unwrap());
        bench.run(args).assert(4, &[]);
        let events = bench.events(&args[1..]);
        events.outcome.assert(0, &[]);
        assert_eq!(events.counts(), [4 - superseded, 0, 0, 0], "{args:?}");
        assert_eq!(events.summary()["superseded"], json!(superseded));
        let ticket = bench.emulator.ticket(ticket_id(1)).unwrap();
        let values = ["order_id", "note"].map(|key| ticket.metadata()[key].trim_start_matches("hunter2-").to_owned());
        assert_eq!(values, expected, "{args:?}");
    }
}

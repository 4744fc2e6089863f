//! The ends of an import: exit codes, text and events.

use std::{io, process::Stdio};

use serde_json::{Value, json};
use vambe_emulator::Fault;

use super::{Bench, IMPORT, Journal, SECRET, checked, csv};
use crate::support::{API_KEY, binary, number, vambe, vambe_with};

#[test]
fn counts_applied_rows_and_a_second_run_sends_nothing() {
    let bench = Bench::new(3, "orders.csv", csv(3));
    let outcome = bench.run(&[]);
    outcome.assert(0, &[]);
    assert_eq!(outcome.stdout, "3 rows: 3 applied\n");
    assert_eq!(outcome.stderr, "");
    assert_eq!(
        bench.state().values().map(|metadata| metadata["order_id"].as_str()).collect::<Vec<_>>(),
        ["hunter2-1", "hunter2-2", "hunter2-3"]
    );
    assert_eq!(bench.files().iter().collect::<Vec<_>>(), ["orders.csv", "orders.csv.journal"]);

    let again = bench.run(&[]);
    again.assert(
        0,
        &["resuming orders.csv.journal, started 20", " UTC: 3 applied and 0 rejected so far\nno rows left to send\n"],
    );
    assert_eq!(again.stdout, outcome.stdout);
    assert_eq!(bench.emulator.updates(), 3);
}

#[test]
fn reports_rejected_rows_by_reason_and_writes_them() {
    // Ten contacts exist and two do not; one row is invalid.
    let bench = Bench::new(10, "orders.csv", csv(12) + "no number,hunter2-13\n");
    let outcome = bench.run(&[]);
    outcome.assert(1, &[]);
    let reason = "the contact number has a letter at character 1: write digits only";
    let expected = format!(
        "13 rows: 10 applied, 3 rejected\n  2  rejected  404  Contact not found\n  1  rejected    -  {reason}\n\
         rejected rows, to fix and import again: orders.failed.csv\n"
    );
    assert_eq!(outcome.stdout, expected);
    assert_eq!(outcome.stderr, "");

    let bench = Bench::new(10, "orders.csv", csv(12));
    let events = bench.events(&[]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [10, 2, 0, 0]);
    let reason = json!({ "outcome": "rejected", "status": 404, "reason": "Contact not found", "rows": 2 });
    let speed = events.summary()["seconds"].as_f64().unwrap();
    assert!(speed > 0.0, "{speed}");
    let summary = json!({
        "schema": 1, "event": "summary", "retried": 0, "seconds": speed,
        "rows_per_second": events.summary()["rows_per_second"], "end": "complete", "cause": null, "rows": 12, "applied": 10, "rejected": 2, "not_sent": 0,
        "unknown": 0, "settled": 0, "superseded": 0, "reasons": [reason], "unknown_rows": [],
        "journal": "orders.csv.journal", "failed": "orders.failed.csv", "unknown_file": null
    });
    assert_eq!(*events.summary(), summary);
    let mut rows = events.named("row");
    rows.sort_by_key(|row| row["row"].as_u64());
    let row = |number: u64| {
        json!({
            "schema": 1, "event": "row", "row": number, "line": number + 1, "outcome": "rejected", "attempts": 1, "status": 404,
            "reason": "Contact not found"
        })
    };
    assert_eq!(rows, [&row(11), &row(12)]);
}

#[test]
fn an_invalid_start_is_an_error_and_sends_nothing() {
    let good = csv(1);
    for (content, args, words) in [
        (Some(good.as_str()), &["--rate", "many"][..], "--rate"),
        (Some(&good), &["--input-format", "ndjson", "--delimiter", ";"], "--delimiter is for CSV"),
        (Some(&good), &["--api-key-file", "none"], "cannot read the file of --api-key-file"),
        (Some(&good), &["--journal", "none/orders.journal"], "cannot use the journal `none/orders.journal`"),
        (Some(""), &[], "the input is empty: start with a line of column names"),
        (Some("contact_number,order_id,order_id\n"), &[], "two columns are `order_id`"),
        (Some("contact_number\n"), &[], "no column is metadata"),
        (Some("order_id\n"), &[], "no column is ticket_id, ai_contact_id or contact_number; found: `order_id`"),
        (Some("contact_number;order_id\n"), &["--delimiter", ","], "use `--delimiter ';'`"),
        (None, &[], "cannot open `orders.csv`"),
    ] {
        let bench = Bench::new(1, "orders.csv", content.unwrap_or_default());
        if content.is_none() {
            std::fs::remove_file(bench.path("orders.csv")).unwrap();
        }
        let outcome = bench.run(args);
        outcome.assert(2, &["error: ", words]);
        assert_eq!(outcome.stdout, "", "{words}");
        assert_eq!(bench.emulator.updates(), 0);
        assert_eq!(bench.files().len(), usize::from(content.is_some()), "{words}: {:?}", bench.files());
    }
}

#[test]
fn only_a_dry_run_works_without_a_key() {
    let bench = Bench::new(1, "orders.csv", csv(1));
    let without_key =
        |args: &[&str]| checked(vambe(&IMPORT).arg("orders.csv").args(args).current_dir(bench.dir.path()));
    without_key(&[]).assert(2, &["no API key: set VAMBE_API_KEY, or name a file"]);
    assert_eq!(without_key(&["--dry-run"]).assert(0, &[]).stdout, "1 row: 1 valid\nnothing was sent\n");
    assert_eq!(bench.files().len(), 1);

    // The file takes precedence over the environment.
    bench.write("key", format!("{API_KEY}\n"));
    let mut command = vambe_with(&bench.emulator, &IMPORT);
    command.args(["orders.csv", "--api-key-file", "key"]).current_dir(bench.dir.path()).env("VAMBE_API_KEY", "wrong");
    checked(&mut command).assert(0, &["warning: other users of this machine can read the file of --api-key-file"]);
}

#[test]
fn the_same_command_sends_unknown_rows_again() {
    let bench = Bench::new(5, "orders.csv", csv(5));
    // All attempts of the first row.
    bench.emulator.inject_all(vec![Fault::reset_after_write(); 3]);
    let events = bench.events(&["--in-flight", "1"]);
    events.outcome.assert(3, &["run the same command again to send the rows that are unknown or not sent"]);
    assert_eq!(events.counts(), [4, 0, 0, 1]);
    let rows = events.named("row");
    assert_eq!((&rows[0]["row"], &rows[0]["outcome"], &rows[0]["attempts"]), (&json!(1), &json!("unknown"), &json!(3)));
    assert_eq!(events.summary()["end"], "complete");
    assert_eq!(bench.journal().rows("unknown"), [1].into());

    let events = bench.events(&[]);
    events.outcome.assert(0, &["4 applied"]);
    assert_eq!(events.counts(), [5, 0, 0, 0]);
    assert_eq!(bench.emulator.updates(), 3 + 4 + 1);
}

#[test]
fn a_rejected_key_stops_the_run_and_a_good_one_resumes_it() {
    let bench = Bench::new(100, "orders.csv", csv(100));
    bench.emulator.inject_all(vec![Fault::none(); 20]);
    bench.emulator.inject_always("401".parse().unwrap());
    let events = bench.events(&[]);
    let advice = "check the key in VAMBE_API_KEY and its permissions; run the same command again to resume";
    events.outcome.assert(4, &["error: the server rejected the API key", advice]);
    assert_eq!(events.summary()["end"], "key_refused");
    assert_eq!(events.counts(), [20, 0, 80, 0]);
    assert_eq!(bench.journal().counts(), [20, 0]);

    bench.emulator.clear_faults();
    bench.write("key", "wrong-key");
    let outcome = bench.run(&["--api-key-file", "key", "--same-account"]);
    outcome.assert(4, &["check the key in the file of --api-key-file"]).assert_hides(&["wrong-key"]);
    assert!(outcome.stdout.starts_with("100 rows: 20 applied, 80 not sent\n"), "{outcome:?}");

    let events = bench.events(&[]);
    events.outcome.assert(0, &[]);
    assert_eq!(events.counts(), [100, 0, 0, 0]);
    assert_eq!(bench.emulator.updates(), 100, "no row is sent twice");
}

#[test]
fn rows_that_a_run_did_not_reach_are_not_sent() {
    // More than a run holds at once.
    let bench = Bench::new(1, "orders.csv", csv(2_000));
    bench.emulator.inject_always("403".parse().unwrap());
    let events = bench.events(&[]);
    events.outcome.assert(4, &[]);
    assert_eq!(events.counts(), [0, 0, 2_000, 0]);
    let outcome = bench.run(&[]);
    assert!(outcome.assert(4, &[]).stdout.starts_with("2,000 rows: 0 applied, 2,000 not sent\n"), "{outcome:?}");
    // The lines below count the same rows.
    let lines = outcome.stdout.lines().filter_map(|line| line.trim_start().split_once("  not sent "));
    let rows = lines.map(|(rows, _)| rows.replace(',', "").parse::<u64>().unwrap());
    assert_eq!(rows.sum::<u64>(), 2_000, "{outcome:?}");
}

#[test]
fn a_closed_pipe_does_not_stop_the_run() {
    for format in ["text", "json"] {
        // Some rows are rejected, so that there are events of rows.
        let bench = Bench::new(10, "orders.csv", csv(20));
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut command = binary();
        command.env("VAMBE_API_KEY", API_KEY).env("VAMBE_BASE_URL", bench.emulator.url());
        command.args(IMPORT).args(["orders.csv", "--format", format]).current_dir(bench.dir.path());
        let process = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        let output = process.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}: {output:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.lines().all(|line| line.starts_with("took ")), "{format}: {stderr}");
        assert_eq!(bench.journal().counts(), [10, 10], "{format}");
    }
}

#[cfg(unix)]
#[test]
fn files_are_readable_by_their_owner_only_and_have_no_key() {
    use std::os::unix::fs::PermissionsExt as _;

    let bench = Bench::new(1, "orders.csv", csv(2));
    bench.run(&[]).assert(1, &[]);
    for name in ["orders.csv.journal", "orders.failed.csv"] {
        let mode = bench.path(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
        assert!(!String::from_utf8(bench.read(name)).unwrap().contains(API_KEY), "{name}");
    }
    // Of an applied row, the journal has only its number and its time.
    let Journal { header, records } = bench.journal();
    assert_eq!(header["base_url"].as_str().map(|url| url.trim_end_matches('/')), Some(bench.emulator.url()));
    let of_first: Vec<&Value> = records.iter().filter(|record| record["row"] == 1).collect();
    let sent = &of_first[0]["last_request_ms"];
    assert_eq!(of_first, [&json!({ "row": 1, "outcome": "applied", "attempts": 1, "last_request_ms": sent })]);
    assert!(!format!("{of_first:?}").contains(&number(1)) && !format!("{of_first:?}").contains(SECRET));
}

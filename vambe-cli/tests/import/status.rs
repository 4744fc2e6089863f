//! `vambe ticket metadata status`: an import as its journal has it.

use std::{fs, process::Stdio, time::Instant};

use serde_json::{Value, json};
use vambe_emulator::Fault;

use super::{Bench, NUMBER, SECRET, checked, csv, schema};
use crate::support::{Outcome, PATIENCE, binary, run, vambe};

const STATUS: [&str; 3] = ["ticket", "metadata", "status"];

/// Shows the status of a file in the directory of a bench, without a key and a server.
#[track_caller]
fn status(bench: &Bench, file: &str, args: &[&str]) -> Outcome {
    checked(vambe(&STATUS).arg(file).args(args).current_dir(bench.dir.path()))
}

#[track_caller]
fn event(bench: &Bench) -> Value {
    let outcome = status(bench, "orders.csv", &["--format", "json"]);
    outcome.assert(0, &[]);
    schema::events(&outcome.stdout).remove(0)
}

/// Waits until the journal has the outcomes of `applied` rows, and returns the status at that moment.
#[track_caller]
fn event_after(bench: &Bench, applied: u64) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let event = event(bench);
        if event["applied"] == applied || Instant::now() > deadline {
            return event;
        }
    }
}

#[test]
fn a_finished_import_has_its_counts_reasons_and_lines() {
    let bench = Bench::new(10, "orders.csv", csv(12) + "no number,hunter2-13\n");
    bench.run(&["--in-flight", "1"]).assert(1, &[]);
    let outcome = status(&bench, "orders.csv", &[]);
    outcome.assert(0, &[]);
    let lines: Vec<_> = outcome.stdout.lines().collect();
    let [state, counts, contacts, number, started, server, key, journal] = lines.as_slice() else {
        panic!("{outcome:?}")
    };
    assert!(state.starts_with("ended 20") && state.contains(" UTC after "), "{state}");
    assert!(counts.starts_with("13 of 13 rows (100.0%)") && counts.ends_with(": 10 applied, 3 rejected"), "{counts}");
    assert_eq!(*contacts, "  2  rejected  404  Contact not found (lines 12, 13)");
    let reason = "the contact number has a letter at character 1: write digits only";
    assert_eq!(*number, format!("  1  rejected    -  {reason} (line 14)"));
    assert!(started.starts_with("started: 20"), "{started}");
    assert_eq!(server.trim_end_matches('/'), format!("server: {}", bench.emulator.url()));
    assert!(key.strip_prefix("API key: fingerprint ").is_some_and(|key| key.len() == 12), "{key}");
    assert_eq!(*journal, "journal: orders.csv.journal");

    // The journal itself names the same import, also without its input.
    fs::remove_file(bench.path("orders.csv")).unwrap();
    for file in ["orders.csv.journal", "orders.csv"] {
        assert_eq!(status(&bench, file, &[]).assert(0, &[]).stdout, outcome.stdout, "{file}");
    }

    let rows = status(&bench, "orders.csv", &["--rows"]).stdout;
    let rows: Vec<_> = rows.lines().filter(|line| line.starts_with("orders.csv:")).collect();
    let contact = |line: u32| format!("orders.csv:{line}: rejected 404 Contact not found");
    assert_eq!(rows, [contact(12), contact(13), format!("orders.csv:14: rejected {reason}")]);
}

#[test]
fn the_numbers_are_those_of_the_summary() {
    let bench = Bench::new(40, "orders.csv", csv(50));
    // Two attempts for the first row, and no response for the second one.
    bench.emulator.inject_all(["503", "none"].map(|fault| fault.parse::<Fault>().unwrap()));
    bench.emulator.inject_all(vec![Fault::reset_after_write(); 3]);
    for args in [&["--in-flight", "1", "--max-rejected", "3"][..], &["--settle-unknown"], &["--retry-rejected"]] {
        let summary = bench.events(args).summary().clone();
        let event = event(&bench);
        for field in ["rows", "applied", "rejected", "not_sent", "unknown", "settled", "superseded", "retried"] {
            assert_eq!(event[field], summary[field], "{field} after {args:?}");
        }
        let reasons = |event: &Value| -> Vec<Value> {
            let reasons = event["reasons"].as_array().unwrap().iter().cloned();
            let mut reasons: Vec<_> = reasons.filter(|reason| reason["outcome"] != "not_sent").collect();
            for reason in &mut reasons {
                reason.as_object_mut().unwrap().remove("examples");
            }
            reasons.sort_by_key(ToString::to_string);
            reasons
        };
        assert_eq!(reasons(&event), reasons(&summary), "{args:?}");
        assert_eq!(event["state"], "ended");
    }
    assert_eq!(event(&bench)["runs"], 3);
}

#[test]
fn a_running_import_is_shown_and_not_disturbed() {
    let bench = Bench::new(30, "orders.csv", csv(30));
    bench.emulator.inject_all(vec![Fault::none(); 10]);
    bench.emulator.inject_always("latency:3600s".parse().unwrap());
    let mut running = bench.start(&["--in-flight", "1", "--rate", "36000/h"]);
    assert!(!bench.wait_for_updates(11, &mut running));
    // The next request is sent before the journal has the outcome of the last one.
    let event = event_after(&bench, 10);
    assert_eq!((&event["state"], &event["applied"], &event["not_sent"]), (&json!("running"), &json!(10), &json!(20)));
    let outcome = status(&bench, "orders.csv", &[]);
    assert!(outcome.stdout.starts_with("running for "), "{outcome:?}");
    // The import ends, so the watch does too.
    let mut watch = binary();
    watch.args(STATUS).args(["orders.csv", "--watch", "--format", "json"]).current_dir(bench.dir.path());
    let watch = watch.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_child(&running.process), rustix::process::Signal::KILL)
        .unwrap();
    assert_eq!(running.wait().code(), None);
    let output = watch.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let events = schema::events(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(events.last().unwrap()["state"], "killed", "{events:?}");

    // A line that a killed run has not written whole is no line yet.
    let mut journal = bench.read("orders.csv.journal");
    journal.extend(b"12345678 {\"row\":11,\"outc");
    bench.write("orders.csv.journal", &journal);
    let event = self::event(&bench);
    assert_eq!(
        (&event["state"], &event["applied"], &event["damaged_lines"]),
        (&json!("killed"), &json!(10), &json!(0))
    );
    assert_eq!(bench.read("orders.csv.journal"), journal, "nothing is changed");
}

#[test]
fn a_journal_that_cannot_be_read_is_an_error() {
    let bench = Bench::new(1, "orders.csv", csv(1));
    status(&bench, "orders.csv", &[]).assert(
        2,
        &["error: `orders.csv` is not a journal, and its journal `orders.csv.journal` does not exist: import the file first"],
    );
    bench.write("orders.csv.journal", "");
    status(&bench, "orders.csv", &[]).assert(2, &["error: the journal `orders.csv.journal` is empty"]);
    bench.write("orders.csv.journal", "12345678 {\"vambe_journal\":2}\n");
    status(&bench, "orders.csv", &[])
        .assert(2, &["error: the first line of the journal `orders.csv.journal` is damaged"]);
    let json = r#"{"vambe_journal":99}"#;
    bench.write("orders.csv.journal", format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes())));
    status(&bench, "orders.csv.journal", &[]).assert(2, &["of a newer vambe (journal version 99): use that one"]);
    status(&bench, ".", &[]).assert(2, &["error: `.` is not a journal"]);
}

#[test]
fn a_journal_of_version_0_1_0_has_no_runs() {
    let bench = Bench::new(1, "orders.csv", csv(3));
    let lines = [
        r#"{"vambe_journal":1,"input_sha256":"00","input_bytes":1,"input_rows":3,"format":"csv, ','","base_url":"https://api.vambe.me/","started":"2026-11-22T12:00:00Z"}"#,
        r#"{"row":1,"outcome":"applied","attempts":1}"#,
        r#"{"row":2,"outcome":"unknown","attempts":3,"reason":"down","line":3,"input":"x"}"#,
    ];
    let journal = lines.map(|json| format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes()))).concat();
    bench.write("orders.csv.journal", journal);
    let event = event(&bench);
    for (field, expected) in [
        ("state", json!("killed")),
        ("applied", json!(1)),
        ("unknown", json!(1)),
        ("not_sent", json!(1)),
        ("key_fingerprint", Value::Null),
        ("last_moved", json!("2026-11-22T12:00:00Z")),
    ] {
        assert_eq!(event[field], expected, "{field}");
    }
    let outcome = status(&bench, "orders.csv", &["--rows", "--format", "json"]);
    let rows = schema::events(&outcome.stdout);
    assert_eq!(
        (&rows[1]["outcome"], &rows[1]["line"], &rows[1]["attempts"]),
        (&json!("unknown"), &json!(3), &Value::Null)
    );
}

#[test]
fn a_status_is_private() {
    let bench = Bench::new(1, "orders.csv", csv(9));
    bench.run(&[]).assert(1, &[]);
    for args in [&[][..], &["--rows"], &["--watch"], &["--format", "json", "--rows"]] {
        run(vambe(&STATUS).arg("orders.csv").args(args).current_dir(bench.dir.path())).assert_hides(&[SECRET, NUMBER]);
    }
}

//! The journal between runs: torn, damaged, of another import, in use, moved.

use std::fs;

use super::{Bench, csv, numbered};
use crate::support::{API_KEY, number};

#[test]
fn truncates_a_torn_end_and_sends_its_rows_again() {
    // One by one, so that the journal has the order of the input.
    const ONE_BY_ONE: &[&str] = &["--in-flight", "1"];
    let bench = Bench::new(10, "orders.csv", csv(10));
    bench.run(ONE_BY_ONE).assert(0, &[]);
    let whole = without_last_line(&bench.read("orders.csv.journal"));
    let last_line = without_last_line(&whole).len();
    let torn = whole[..whole.len() - 1].to_vec();
    let torn_words =
        format!("warning: the end of the journal was torn ({} bytes) and was truncated", torn.len() - last_line);
    let cases: [(&str, Vec<u8>, u64, Option<&str>); 6] = [
        ("without its last byte", torn, 1, Some(&torn_words)),
        ("within a line", whole[..last_line + 5].to_vec(), 1, Some("torn (5 bytes)")),
        ("between lines", whole[..last_line].to_vec(), 1, None),
        ("with something behind it", [&whole, &b"garbage"[..]].concat(), 0, Some("torn (7 bytes)")),
        ("with zeros behind it", [&whole, &[0; 5_000][..]].concat(), 0, Some("torn (5,000 bytes)")),
        ("empty", Vec::new(), 10, None),
    ];
    for (case, bytes, sent_again, words) in cases {
        bench.write("orders.csv.journal", bytes);
        let before = bench.emulator.updates();
        let events = bench.events(ONE_BY_ONE);
        events.outcome.assert(0, words.as_slice());
        assert_eq!(events.outcome.stderr.contains("warning: "), words.is_some(), "{case}: {:?}", events.outcome);
        assert_eq!(events.counts(), [10, 0, 0, 0], "{case}");
        assert_eq!(bench.emulator.updates() - before, sent_again, "{case}");
        assert_eq!(bench.journal().counts(), [10, 0], "{case}");
    }
}

#[test]
fn rejects_other_journals_and_leaves_them_unchanged() {
    let refused = |bench: &Bench, args: &[&str], words: &str| {
        let (before, updates) = (bench.read("orders.csv.journal"), bench.emulator.updates());
        let outcome = bench.run(args);
        outcome.assert(2, &["error: cannot use the journal `orders.csv.journal`", words, "--journal"]);
        assert_eq!(bench.read("orders.csv.journal"), before, "{words}");
        assert_eq!(bench.emulator.updates(), updates, "{words}");
    };
    let bench = Bench::new(5, "orders.csv", csv(5));
    bench.run(&[]).assert(0, &[]);

    bench.write("orders.csv", csv(4));
    refused(&bench, &[], "caused by: the journal belongs to another input, with ");
    // The same length and number of rows.
    bench.write("orders.csv", csv(5).replace("hunter2-5", "hunter2-6"));
    refused(&bench, &[], "caused by: the journal belongs to another input, with ");
    bench.write("orders.csv", csv(5));
    refused(
        &bench,
        &["--base-url", "http://127.0.0.1:9"],
        "caused by: the journal has updates sent to \"http://127.0.0.1:",
    );
    bench.write("orders.csv.journal", "my notes\n");
    refused(&bench, &[], "caused by: the file is not a journal and was left unchanged");
    bench.run(&["--journal", "other.journal"]).assert(0, &[]);

    // The same bytes in another format.
    let text = format!("ticket_id,note;contact_number\nhunter2,hunter2;{}\n", number(1));
    let bench = Bench::new(5, "orders.csv", text);
    bench.run(&[]).assert(1, &[]);
    refused(
        &bench,
        &["--delimiter", ";"],
        "caused by: the journal belongs to the same input, but read as \"csv, ','\"",
    );
}

#[test]
fn rejects_a_second_run_with_a_journal_in_use() {
    let bench = Bench::new(5, "orders.csv", csv(5));
    bench.emulator.inject_always("latency:3600s".parse().unwrap());
    let mut first = bench.start(&[]);
    assert!(!bench.wait_for_updates(1, &mut first));
    let outcome = bench.run(&[]);
    outcome.assert(3, &["cannot use the journal `orders.csv.journal`", "caused by: another run is using this journal"]);
    first.process.kill().unwrap();
    first.wait();

    bench.emulator.clear_faults();
    bench.run(&[]).assert(0, &[]);
}

#[test]
fn never_overwrites_the_input_or_the_failed_rows() {
    let bench = Bench::new(1, "orders.csv", csv(2));
    fs::create_dir(bench.path("dir")).unwrap();
    for (args, words) in [
        (&["--journal", "orders.csv"][..], "the journal would overwrite the input `orders.csv`: give another path"),
        (&["--journal", "dir/../orders.csv"], "the journal would overwrite the input `dir/../orders.csv`"),
        (&["--failed", "./orders.csv"], "the file of failed rows would overwrite the input `./orders.csv`"),
        (&["--journal", "x", "--failed", "x"], "the file of failed rows would overwrite the journal `x`"),
        (&["--failed", "orders.csv.journal"], "the file of failed rows would overwrite the journal"),
        (&["--journal", "dir"], "caused by: not a regular file"),
    ] {
        bench.run(args).assert(2, &["error: ", words]);
        assert_eq!(bench.read("orders.csv"), csv(2).as_bytes());
        assert_eq!(bench.files().len(), 2, "{:?}", bench.files());
    }
    assert_eq!(bench.emulator.updates(), 0);
}

#[test]
fn journal_and_failed_rows_go_to_the_given_paths() {
    let bench = Bench::new(1, "orders.csv", csv(2));
    fs::create_dir(bench.path("dir")).unwrap();
    let args = ["--journal", "dir/my.journal", "--failed", "dir/mine.csv"];
    let outcome = bench.run(&args);
    assert!(outcome.assert(1, &[]).stdout.ends_with("to fix and import again: dir/mine.csv\n"), "{outcome:?}");
    assert_eq!(bench.files().iter().collect::<Vec<_>>(), ["dir", "orders.csv"]);
    assert_eq!(fs::read_dir(bench.path("dir")).unwrap().count(), 2);
    bench.run(&args).assert(1, &["resuming dir/my.journal"]);
    assert_eq!(bench.emulator.updates(), 1);
}

#[test]
fn another_key_needs_same_account_after_a_response() {
    let bench = Bench::new(2, "orders.csv", csv(2));
    let run = |key: &str, args: &[&str]| super::checked(bench.command(args).env("VAMBE_API_KEY", key));
    run("wrong-key", &[]).assert(4, &[]).assert_hides(&["wrong-key"]);
    run(API_KEY, &[]).assert(0, &[]);

    let before = bench.read("orders.csv.journal");
    let words = "caused by: the rows were sent with another API key: use that key, add --same-account";
    run("rotated-key", &[]).assert(2, &[words]);
    assert_eq!(bench.read("orders.csv.journal"), before);
    run("rotated-key", &["--same-account"]).assert(0, &["no rows left to send"]);
    run("rotated-key", &[]).assert(0, &["no rows left to send"]);
    run(API_KEY, &[]).assert(0, &["no rows left to send"]);
    let journal = String::from_utf8(bench.read("orders.csv.journal")).unwrap();
    assert!(!journal.contains(API_KEY) && !journal.contains("rotated"), "{journal}");
}

/// Invariant: after a damaged journal, the last value of a ticket still wins.
#[test]
fn a_lost_record_resends_the_later_rows_of_its_ticket() {
    const ROWS: u64 = 60;
    let input = numbered(ROWS, 4, 7);
    let bench = Bench::new(4, "orders.ndjson", &input);
    bench.run(&[]).assert(0, &[]);
    let (expected, updates) = (bench.state(), bench.emulator.updates());

    // The lost row, and those after it for the same ticket.
    let lost = 10;
    let contacts: Vec<_> = input.lines().map(|line| line.split("\"metadata\"").next().unwrap()).collect();
    let again = contacts[lost..].iter().filter(|contact| **contact == contacts[lost - 1]).count() as u64;
    assert!(again > 5);
    let journal = String::from_utf8(bench.read("orders.ndjson.journal")).unwrap();
    let damaged = journal.replace(&format!("{{\"row\":{lost},"), &format!("{{\"row\":{lost}0,"));
    assert_ne!(damaged, journal);
    bench.write("orders.ndjson.journal", &damaged);

    // Killed meanwhile, so that the next run has to find the remaining rows.
    let mut running = bench.start(&["--in-flight", "1"]);
    bench.wait_for_updates(updates + 1 + again / 2, &mut running);
    running.process.kill().unwrap();
    running.wait();
    bench.wait_for_quiet();
    let events = bench.events(&[]);
    events.outcome.assert(0, &[]);
    assert_eq!(events.counts(), [ROWS, 0, 0, 0]);
    assert_eq!(bench.state(), expected);
    let sent_again = bench.emulator.updates() - updates;
    // The kill may lose four more.
    assert!((1 + again..=5 + again).contains(&sent_again), "{sent_again}, and {again} rows come after it");
    assert_eq!(bench.read("orders.ndjson.journal.damaged"), damaged.into_bytes());
    let files: Vec<_> = bench.files().into_iter().collect();
    assert_eq!(files, ["orders.ndjson", "orders.ndjson.journal", "orders.ndjson.journal.damaged"]);
}

#[test]
fn reports_where_a_damaged_journal_is_kept() {
    let bench = Bench::new(10, "orders.csv", csv(10));
    bench.run(&["--in-flight", "1"]).assert(0, &[]);
    let journal = String::from_utf8(bench.read("orders.csv.journal")).unwrap();
    let before = bench.emulator.updates();
    for kept in ["orders.csv.journal.damaged", "orders.csv.journal.damaged.2"] {
        bench.write("orders.csv.journal", journal.replace("{\"row\":3,", "{\"row\":4,"));
        let words = format!(
            "warning: the journal was damaged in 1 line and is kept as {kept}: the rows of these lines are sent again"
        );
        let events = bench.events(&[]);
        events.outcome.assert(0, &[&words]);
        assert_eq!(events.counts(), [10, 0, 0, 0]);
    }
    assert_eq!(bench.emulator.updates() - before, 2, "row 3 alone, each time");
}

#[cfg(unix)]
#[test]
fn a_journal_deleted_or_replaced_during_a_run_stops_it() {
    for replaced in [false, true] {
        // Far more than are sent before the file is gone.
        let bench = Bench::new(5_000, "orders.csv", csv(5_000));
        bench.emulator.inject_always("latency:20ms".parse().unwrap());
        let mut running = bench.start(&["--in-flight", "4"]);
        assert!(!bench.wait_for_updates(20, &mut running));
        fs::remove_file(bench.path("orders.csv.journal")).unwrap();
        if replaced {
            bench.write("orders.csv.journal", "something else\n");
        }
        running.wait_for_line("error: stopped: cannot write to the journal");
        running.wait_for_line("caused by: the journal was deleted or replaced during the run");
        assert_eq!(running.wait().code(), Some(3));
        assert!(bench.emulator.updates() < 5_000);
        if replaced {
            assert_eq!(bench.read("orders.csv.journal"), b"something else\n");
        }
    }
}

#[test]
fn the_temporary_files_of_a_killed_run_are_removed() {
    let bench = Bench::new(1, "orders.csv", csv(2));
    for name in [".orders.failed.csv.a1B2c3.vambe-tmp", ".orders.csv.journal.a1B2c3.vambe-tmp", ".orders.csv.vambe-tmp"]
    {
        bench.write(name, "left behind");
    }
    bench.run(&[]).assert(1, &[]);
    let files: Vec<_> = bench.files().into_iter().collect();
    assert_eq!(files, [".orders.csv.vambe-tmp", "orders.csv", "orders.csv.journal", "orders.failed.csv"]);
}

/// Returns all lines but the last one.
fn without_last_line(bytes: &[u8]) -> Vec<u8> {
    let end = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    bytes[..end].to_vec()
}

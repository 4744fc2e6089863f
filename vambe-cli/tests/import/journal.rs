//! The journal between runs: torn, of something else, in use, and where it stands.

use std::fs;

use super::{Bench, csv, numbered};
use crate::support::{API_KEY, number};

#[test]
fn what_is_torn_or_foreign_at_its_end_is_cut_off_and_its_rows_are_sent_again() {
    // In a row, so that the journal has them in the order of the input.
    const ONE_BY_ONE: &[&str] = &["--in-flight", "1"];
    let bench = Bench::new(10, "orders.csv", csv(10));
    bench.run(ONE_BY_ONE).assert(0, &[]);
    let whole = without_last_line(&bench.read("orders.csv.journal"));
    let last_line = without_last_line(&whole).len();
    let torn = whole[..whole.len() - 1].to_vec();
    let torn_words =
        format!("warning: the end of the journal was torn ({} bytes) and is cut off", torn.len() - last_line);
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
fn a_journal_of_something_else_is_refused_and_left_as_it_is() {
    let refused = |bench: &Bench, args: &[&str], words: &str| {
        let (before, updates) = (bench.read("orders.csv.journal"), bench.emulator.updates());
        let outcome = bench.run(args);
        outcome.assert(2, &["error: the journal `orders.csv.journal` cannot be used", words, "--journal"]);
        assert_eq!(bench.read("orders.csv.journal"), before, "{words}");
        assert_eq!(bench.emulator.updates(), updates, "{words}");
    };
    let bench = Bench::new(5, "orders.csv", csv(5));
    bench.run(&[]).assert(0, &[]);

    bench.write("orders.csv", csv(4));
    refused(&bench, &[], "caused by: it belongs to another input, of ");
    // As long as before, and with as many rows.
    bench.write("orders.csv", csv(5).replace("hunter2-5", "hunter2-6"));
    refused(&bench, &[], "caused by: it belongs to another input, of ");
    bench.write("orders.csv", csv(5));
    refused(
        &bench,
        &["--base-url", "http://127.0.0.1:9"],
        "caused by: it tells of updates sent to \"http://127.0.0.1:",
    );
    bench.write("orders.csv.journal", "my notes\n");
    refused(&bench, &[], "caused by: it is a file, but not a journal, and was left as it is");
    bench.run(&["--journal", "other.journal"]).assert(0, &[]);

    // The same bytes, read otherwise.
    let text = format!("ticket_id,note;contact_number\nhunter2,hunter2;{}\n", number(1));
    let bench = Bench::new(5, "orders.csv", text);
    bench.run(&[]).assert(1, &[]);
    refused(&bench, &["--delimiter", ";"], "caused by: it belongs to the same input, but read as \"csv, ','\"");
}

#[test]
fn a_second_run_with_the_same_journal_is_refused_while_the_first_one_is_at_work() {
    let bench = Bench::new(5, "orders.csv", csv(5));
    bench.emulator.inject_always("latency:3600s".parse().unwrap());
    let mut first = bench.start(&[]);
    assert!(!bench.wait_for_updates(1, &mut first));
    let outcome = bench.run(&[]);
    outcome.assert(
        3,
        &["the journal `orders.csv.journal` cannot be used", "caused by: another run is using this journal"],
    );
    first.process.kill().unwrap();
    first.wait();

    bench.emulator.clear_faults();
    bench.run(&[]).assert(0, &[]);
}

#[test]
fn it_is_never_written_over_the_input_nor_over_the_failed_rows() {
    let bench = Bench::new(1, "orders.csv", csv(2));
    fs::create_dir(bench.path("dir")).unwrap();
    for (args, words) in [
        (
            &["--journal", "orders.csv"][..],
            "the journal would be written over the input `orders.csv`: give another path",
        ),
        (&["--journal", "dir/../orders.csv"], "the journal would be written over the input `dir/../orders.csv`"),
        (&["--failed", "./orders.csv"], "the file of failed rows would be written over the input `./orders.csv`"),
        (&["--journal", "x", "--failed", "x"], "the failed rows would be written over the journal `x`"),
        (&["--failed", "orders.csv.journal"], "the failed rows would be written over the journal"),
        (&["--journal", "dir"], "caused by: it is not a regular file"),
    ] {
        bench.run(args).assert(2, &["error: ", words]);
        assert_eq!(bench.read("orders.csv"), csv(2).as_bytes());
        assert_eq!(bench.files().len(), 2, "{:?}", bench.files());
    }
    assert_eq!(bench.emulator.updates(), 0);
}

#[test]
fn it_stands_where_it_is_told_to_as_do_the_failed_rows() {
    let bench = Bench::new(1, "orders.csv", csv(2));
    fs::create_dir(bench.path("dir")).unwrap();
    let args = ["--journal", "dir/my.journal", "--failed", "dir/mine.csv"];
    let outcome = bench.run(&args);
    assert!(outcome.assert(1, &[]).stdout.ends_with("to be fixed and imported: dir/mine.csv\n"), "{outcome:?}");
    assert_eq!(bench.files().iter().collect::<Vec<_>>(), ["dir", "orders.csv"]);
    assert_eq!(fs::read_dir(bench.path("dir")).unwrap().count(), 2);
    bench.run(&args).assert(1, &["going on with dir/my.journal"]);
    assert_eq!(bench.emulator.updates(), 1);
}

#[test]
fn another_key_needs_a_word_once_the_server_has_answered() {
    let bench = Bench::new(2, "orders.csv", csv(2));
    let run = |key: &str, args: &[&str]| super::checked(bench.command(args).env("VAMBE_API_KEY", key));
    run("wrong-key", &[]).assert(4, &[]).assert_hides(&["wrong-key"]);
    run(API_KEY, &[]).assert(0, &[]);

    let before = bench.read("orders.csv.journal");
    let words = "caused by: its rows were sent with another API key: give that key, or --same-account";
    run("rotated-key", &[]).assert(2, &[words]);
    assert_eq!(bench.read("orders.csv.journal"), before);
    run("rotated-key", &["--same-account"]).assert(0, &["nothing was left to send"]);
    run("rotated-key", &[]).assert(0, &["nothing was left to send"]);
    run(API_KEY, &[]).assert(0, &["nothing was left to send"]);
    let journal = String::from_utf8(bench.read("orders.csv.journal")).unwrap();
    assert!(!journal.contains(API_KEY) && !journal.contains("rotated"), "{journal}");
}

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

    // Killed on the way, so that the next run has to know what is left.
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
fn a_damaged_journal_is_reported_with_where_it_is_kept() {
    let bench = Bench::new(10, "orders.csv", csv(10));
    bench.run(&["--in-flight", "1"]).assert(0, &[]);
    let journal = String::from_utf8(bench.read("orders.csv.journal")).unwrap();
    let before = bench.emulator.updates();
    for kept in ["orders.csv.journal.damaged", "orders.csv.journal.damaged.2"] {
        bench.write("orders.csv.journal", journal.replace("{\"row\":3,", "{\"row\":4,"));
        let words = format!("warning: the journal was damaged in 1 line, and is kept as {kept}: rows that have lost");
        let events = bench.events(&[]);
        events.outcome.assert(0, &[&words]);
        assert_eq!(events.counts(), [10, 0, 0, 0]);
    }
    assert_eq!(bench.emulator.updates() - before, 2, "row 3 alone, each time");
}

#[cfg(unix)]
#[test]
fn a_journal_that_is_deleted_or_replaced_under_a_run_ends_it() {
    for replaced in [false, true] {
        // Far more than are sent until the file is gone.
        let bench = Bench::new(5_000, "orders.csv", csv(5_000));
        bench.emulator.inject_always("latency:20ms".parse().unwrap());
        let mut running = bench.start(&["--in-flight", "4"]);
        assert!(!bench.wait_for_updates(20, &mut running));
        fs::remove_file(bench.path("orders.csv.journal")).unwrap();
        if replaced {
            bench.write("orders.csv.journal", "something else\n");
        }
        running.wait_for_line("error: the run was stopped, since its journal cannot be written");
        running.wait_for_line("caused by: it was deleted or replaced while the run was using it");
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

/// The lines but the last one.
fn without_last_line(bytes: &[u8]) -> Vec<u8> {
    let end = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    bytes[..end].to_vec()
}

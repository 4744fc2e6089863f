//! The journal between runs: torn, of something else, in use, and where it stands.

use std::fs;

use super::{Bench, csv};
use crate::support::{API_KEY, number};

#[test]
fn what_is_torn_or_foreign_at_its_end_is_cut_off_and_its_rows_are_sent_again() {
    // In a row, so that the journal has them in the order of the input.
    const ONE_BY_ONE: &[&str] = &["--in-flight", "1"];
    let bench = Bench::new(10, "orders.csv", csv(10));
    bench.run(ONE_BY_ONE).assert(0, &[]);
    let whole = bench.read("orders.csv.journal");
    let last_line = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let mut damaged = whole.clone();
    damaged[last_line + 12] ^= 1;
    let cases: [(&str, Vec<u8>, u64, Option<&str>); 7] = [
        (
            "without its last byte",
            whole[..whole.len() - 1].to_vec(),
            1,
            Some("the end of the journal was torn or damaged (1 line)"),
        ),
        ("within a line", whole[..last_line + 5].to_vec(), 1, Some("(1 line)")),
        ("between lines", whole[..last_line].to_vec(), 1, None),
        ("with another byte", damaged, 1, Some("(1 line)")),
        ("with something behind it", [&whole, &b"garbage"[..]].concat(), 0, Some("(1 line)")),
        ("with lines behind it", [&whole, &b"\0\0\0\n\xff\n"[..]].concat(), 0, Some("(2 lines)")),
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
fn it_goes_on_with_another_key() {
    let bench = Bench::new(2, "orders.csv", csv(2));
    let mut command = bench.command(&[]);
    super::checked(command.env("VAMBE_API_KEY", "wrong-key")).assert(4, &[]).assert_hides(&["wrong-key"]);
    super::checked(bench.command(&[]).env("VAMBE_API_KEY", API_KEY)).assert(0, &[]);
}

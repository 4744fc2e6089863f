//! Failed rows: written in their original form, fixed, and imported again.

use super::{Bench, SECRET, csv};
use crate::support::{number, ticket_id};

#[test]
fn a_csv_file_of_failed_rows_can_be_fixed_and_imported() {
    // Row 2 has no contact; row 3 is invalid and has a quoted line end, which moves row 4 down a line.
    let text = format!(
        "contact_number;order_id;note\r\n{};{SECRET}-1;\r\n{};{SECRET}-2;\r\nx;{SECRET}-3;\"a;\r\nb\"\r\n{};{SECRET}-4;\r\n",
        number(1),
        number(9),
        number(8)
    );
    let bench = Bench::new(3, "orders.csv", &text);
    bench.run(&["--delimiter", ";"]).assert(1, &[]);
    let failed = format!(
        "vambe_error;contact_number;order_id;note\r\n\"line 3: 404 Contact not found\";{};{SECRET}-2;\r\n\"line 4: the contact \
         number has a letter at character 1: write digits only\";x;{SECRET}-3;\"a;\r\nb\"\r\n\"line 6: 404 Contact not \
         found\";{};{SECRET}-4;\r\n",
        number(9),
        number(8)
    );
    assert_eq!(String::from_utf8(bench.read("orders.failed.csv")).unwrap(), failed);

    // The user fixes two rows and leaves the reasons as they are.
    let fixed = failed.replace(&number(9), &number(2)).replace(";x;", &format!(";{};", number(3)));
    bench.write("orders.failed.csv", &fixed);
    let again = Bench { input: "orders.failed.csv", ..bench };
    let events = again.events(&["--delimiter", ";"]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [2, 1, 0, 0]);
    assert_eq!(events.summary()["failed"], "orders.failed.failed.csv");
    for (contact, note) in [(1, None), (2, None), (3, Some("a;\r\nb"))] {
        let ticket = again.emulator.ticket(ticket_id(contact)).unwrap();
        assert_eq!(ticket.metadata()["order_id"], format!("{SECRET}-{contact}"));
        assert_eq!(ticket.metadata().get("note").map(String::as_str), note);
        assert!(!ticket.metadata().contains_key("vambe_error"));
    }
    let failed = format!(
        "vambe_error;contact_number;order_id;note\r\n\"line 5: 404 Contact not found\";{};{SECRET}-4;\r\n",
        number(8)
    );
    assert_eq!(String::from_utf8(again.read("orders.failed.failed.csv")).unwrap(), failed);
}

#[test]
fn an_ndjson_file_of_failed_rows_can_be_fixed_and_imported() {
    let (one, two, three) = (number(1), number(2), number(3));
    let row = |number: &str, order: u32| {
        format!(r#"{{ "contact_number": "{number}", "metadata": {{"order_id":"hunter2-{order}"}} }}"#)
    };
    let text = format!("{}\n{}\nnull\n\n{{\"contact_number\": \"{three}\"}}\n", row(&one, 1), row(&number(9), 2));
    let bench = Bench::new(3, "orders.ndjson", text);
    bench.run(&[]).assert(1, &[]);
    let failed = String::from_utf8(bench.read("orders.failed.ndjson")).unwrap();
    let lines: Vec<_> = failed.lines().collect();
    let rest = row(&number(9), 2).split_off(1);
    let [second, third, fifth] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(*second, format!(r#"{{"vambe_error":"line 2: 404 Contact not found",{rest}"#));
    assert!(third.starts_with(r#"{"vambe_error":"line 3: the line is not a JSON object: "#), "{third}");
    assert!(third.ends_with(r#","vambe_line":"null"}"#), "{third}");
    assert!(fifth.starts_with(r#"{"vambe_error":"line 5: "#), "{fifth}");
    assert!(fifth.ends_with(&format!(r#","contact_number": "{three}"}}"#)), "{fifth}");

    bench.write("orders.failed.ndjson", format!("{}\n", second.replace(&number(9), &two)));
    let again = Bench { input: "orders.failed.ndjson", ..bench };
    again.run(&[]).assert(0, &[]);
    assert_eq!(again.emulator.ticket(ticket_id(2)).unwrap().metadata()["order_id"], "hunter2-2");
}

#[test]
fn never_overwrites_an_edited_file() {
    let bench = Bench::new(10, "orders.csv", csv(12));
    let lines = |name: &str| String::from_utf8(bench.read(name)).unwrap().lines().count();
    let stop_after_one_has_failed = || {
        // The key stops the run before the rows that fail.
        bench.emulator.inject_all(["none", "404", "401"].map(|fault| fault.parse().unwrap()));
        bench.run(&["--in-flight", "1"]).assert(4, &[]);
    };
    stop_after_one_has_failed();
    assert_eq!(lines("orders.failed.csv"), 2);
    stop_after_one_has_failed();
    assert_eq!(lines("orders.failed.csv"), 3, "an unchanged file is replaced");

    bench.write("orders.failed.csv", "being edited");
    let outcome = bench.run(&[]);
    outcome.assert(1, &["2 applied and 2 rejected so far"]);
    assert!(outcome.stdout.ends_with("import again: orders.failed.2.csv\n"), "{outcome:?}");
    assert_eq!(bench.read("orders.failed.csv"), b"being edited");
    assert_eq!(lines("orders.failed.2.csv"), 5, "all that were rejected, in the order of the input");

    // Nothing has changed, and the file exists.
    let outcome = bench.run(&[]);
    assert!(outcome.assert(1, &[]).stdout.ends_with("import again: orders.failed.csv\n"), "{outcome:?}");
    assert_eq!(bench.read("orders.failed.csv"), b"being edited");
    std::fs::remove_file(bench.path("orders.failed.csv")).unwrap();
    bench.run(&[]).assert(1, &[]);
    assert_eq!(lines("orders.failed.csv"), 5);
}

#[test]
fn a_failed_file_that_cannot_be_written_is_written_next_time() {
    let bench = Bench::new(1, "orders.csv", csv(2));
    let outcome = bench.run(&["--failed", "none/orders.csv"]);
    outcome.assert(
        3,
        &["error: cannot write the failed or unknown rows to `none/orders.csv`: free some space, or name another file"],
    );
    assert!(outcome.stdout.starts_with("2 rows: 1 applied, 1 rejected\n"), "{outcome:?}");
    bench.run(&[]).assert(1, &[]);
    assert!(bench.read("orders.failed.csv").starts_with(b"vambe_error,contact_number"));
}

//! Invalid command lines: exit code 2 before anything is sent, without repeating private values.

use crate::support::{contact, emulator, number, run, vambe, vambe_with};

/// A key, a number or a value.
const SECRET: &str = "hunter2";

#[test]
fn rejects_invalid_updates_and_sends_nothing() {
    let emulator = emulator([contact(1)]);
    let number = number(1);
    for (args, words) in [
        (&["a=b"][..], "--ticket-id <ID>|--ai-contact-id <ID>|--contact-number <NUMBER>"),
        (&["--contact-number", &number, "--ticket-id", SECRET, "a=b"], "cannot be used with"),
        (&["--contact-number", &number], "<KEY=VALUE>..."),
        (&["--contact-number", &number, "a=b", SECRET], "pair 2 has no `=`"),
        (&["--contact-number", &number, "=hunter2"], "pair 1 has no key"),
        (&["--contact-number", &number, "a=hunter2", "a="], "the key \"a\" is given twice"),
        (&["--contact-number", SECRET, "a=b"], "caused by: the contact number has a letter at character 1"),
        (&["--contact-number", "", "a=b"], "caused by: the contact number has no digits"),
        (&["--ticket-id", SECRET, "a=b"], "the ticket id is not a UUID"),
        (&["--ai-contact-id", SECRET, "a=b"], "the AI contact id is not a UUID"),
        (&["--contact-number", &number, "a=b", "--timeout", "0s"], "as in 90s, 10min or 1h"),
        (&["--contact-number", &number, "a=b", "--max-attempts", "0"], "--max-attempts"),
        (
            &["--contact-number", &number, "a=b", "--base-url", "http://user:hunter2@localhost"],
            "a user name or a password",
        ),
        (&["--contact-number", &number, "a=b", "--base-url", "http://example.com"], "use https"),
        (&["--contact-number", &number, "a=b", "--base-url", ""], "the base URL cannot be used"),
    ] {
        let outcome = run(vambe_with(&emulator, &["ticket", "metadata", "set"]).args(args));
        outcome.assert(2, &["error: ", words]).assert_hides(&[SECRET, &number]);
        assert_eq!(outcome.stdout, "", "{args:?}");
    }
    assert_eq!(emulator.requests().len(), 0);
}

#[test]
fn rejects_invalid_import_options() {
    for (args, words) in [
        (&["--rate", "1000"][..], "as in 1000/h, 600/min or 10/s"),
        (&["--rate", "0/h"], "a whole number from 1"),
        (&["--rate", "10/fortnight"], "after the slash"),
        (&["--give-up-after", "1"], "a number with its unit"),
        (&["--in-flight", "0"], "--in-flight"),
        (&["--delimiter", "ab"], "use `tab` or one ASCII character"),
        (&["--delimiter", ";", "--input-format", "ndjson"], "--delimiter is for CSV"),
        (&["--input-format", "xml"], "[possible values: csv, ndjson]"),
        (&["another.csv"], "unexpected argument"),
    ] {
        run(vambe(&["ticket", "metadata", "import", "input.csv"]).args(args)).assert(2, &[words]);
    }
}

#[test]
fn rejects_a_key_on_the_command_line_without_repeating_it() {
    for args in [
        &["--api-key", SECRET][..],
        &["--api-key=hunter2"],
        &["ticket", "metadata", "set", "--api-key", SECRET, "a=b"],
        &["ticket", "metadata", "set", "--ticket-id", "x", "a=b", "--api-key=hunter2"],
        &["ticket", "metadata", "set", "--api_key", SECRET],
        &["ticket", "metadata", "import", "input.csv", "--apikey", SECRET],
    ] {
        let outcome = run(&mut vambe(args));
        outcome
            .assert(2, &["the API key cannot be an argument", "VAMBE_API_KEY", "--api-key-file"])
            .assert_hides(&[SECRET]);
    }
}

#[test]
fn does_not_repeat_misplaced_arguments() {
    for args in [
        &["note=hunter2"][..],
        &["ticket", "metadata", "note=hunter2"],
        &["ticket", "metadata", "hunter2", "set"],
        &["ticket", "metadata", "import", "input.csv", "note=hunter2"],
        &["ticket", "metadata", "import", "input.csv", "--hunter2"],
        &["ticket", "metadata", "set", "--apikye=hunter2"],
        &["ticket", "metadata", "set", "--dry-run=hunter2"],
    ] {
        run(&mut vambe(args)).assert(2, &["error: "]).assert_hides(&[SECRET]);
    }
}

#[test]
fn suggests_the_intended_command_or_option() {
    run(&mut vambe(&["tickets"])).assert(2, &["'tickets'", "'ticket'"]);
    run(&mut vambe(&["ticket", "metadata", "set", "--contact-nummer", "1"])).assert(2, &["'--contact-number'"]);
}

#[cfg(unix)]
#[test]
fn rejects_arguments_that_are_not_unicode() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let broken = OsStr::from_bytes(b"note=\xff");
    run(vambe(&["ticket", "metadata", "set", "--contact-number", "1"]).arg(broken)).assert(2, &["UTF-8"]);
}

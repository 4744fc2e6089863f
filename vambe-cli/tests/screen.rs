//! The screen of a terminal: colours, characters, wrapped lines, and a status that is drawn in place.
#![cfg(target_os = "linux")]

use crate::{
    support::{binary, contact, emulator},
    terminal::{Terminal, fifty, import},
};

#[test]
fn the_environment_decides_on_colours_and_characters() {
    let dir = tempfile::tempdir().unwrap();
    let input = fifty(&dir);
    for (variable, value, has_colours, filled) in [
        ("NO_COLOR", "1", false, "[##"),
        ("CLICOLOR", "0", false, "[##"),
        ("LANG", "es_CL.UTF-8", true, "[━━"),
        ("LC_ALL", "C", true, "[##"),
    ] {
        let emulator = emulator((1..=50).map(contact));
        let journal = dir.path().join(variable);
        let args = ["--rate", "20/h", "--journal", journal.to_str().unwrap()];
        let mut command = import(&emulator, "xterm", &input, &args);
        command.env(variable, value);
        let mut terminal = Terminal::start(command, 100);
        terminal.wait_for(&[filled, "20 of 50 rows", "20 applied"]);
        terminal.interrupt();
        let (_, _, bytes) = terminal.end();
        assert_eq!(bytes.contains("\u{1b}[32m20 applied"), has_colours, "{variable}: {bytes:?}");
        assert_eq!(bytes.contains("\u{1b}[3"), has_colours, "{variable}: {bytes:?}");
    }
}

#[test]
fn a_screen_shows_twenty_faults_and_wraps_at_words() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("orders.csv");
    std::fs::write(&input, format!("contact_number,order_id\n{}", "call me,ORD\n".repeat(92))).unwrap();
    let (code, lines, bytes) = Terminal::import(&emulator([]), 40, "xterm", &input, &["--dry-run"]).end();
    assert_eq!(code, Some(1), "{lines:#?}");
    assert_eq!(bytes.matches("orders.csv:").count(), 20, "{bytes}");
    for expected in ["… and 72 more; send the output to a file", "92 rows: 0 valid, 92 invalid", "nothing was sent"] {
        assert!(lines.contains(&expected.to_owned()), "{expected}: {lines:#?}");
    }
    assert!(lines.iter().all(|line| line.chars().count() <= 40), "{lines:#?}");
    let words = ["contact", "number", "character"];
    assert!(words.iter().all(|word| lines.iter().any(|line| line.contains(word))), "no word is cut: {lines:#?}");
}

#[test]
fn a_watched_import_is_drawn_in_place() {
    let dir = tempfile::tempdir().unwrap();
    let emulator = emulator((1..=50).map(contact));
    let input = fifty(&dir);
    let mut terminal = Terminal::import(&emulator, 100, "xterm", &input, &["--rate", "20/h"]);
    terminal.wait_for(&["20 of 50 rows"]);

    let mut status = binary();
    status.args(["ticket", "metadata", "status", "orders.csv", "--watch"]).current_dir(dir.path()).env("TERM", "xterm");
    let mut watched = Terminal::start(status, 100);
    watched.wait_for(&[
        "running for ",
        "20 of 50 rows (40.0%)",
        "20 applied, 30 not sent",
        "journal: orders.csv.journal",
    ]);
    terminal.interrupt();
    assert_eq!(terminal.end().0, Some(3));
    let (code, lines, _) = watched.end();
    assert_eq!(code, Some(0));
    assert!(lines[0].starts_with("ended "), "{lines:#?}");
    assert_eq!(lines.iter().filter(|line| line.contains(" of 50 rows")).count(), 1, "{lines:#?}");
}

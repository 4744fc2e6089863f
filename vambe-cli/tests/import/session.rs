//! The text of a whole import, from the check of the file to the last run.

use std::fs;

use super::{Bench, checked};
use crate::support::{number, vambe_with};

/// Each command with its output, in `fixtures/session.txt`, to be read as a whole; `UPDATE_FIXTURES=1` writes it.
#[test]
fn a_whole_session_reads_as_in_the_fixture() {
    let one_by_one = ["--in-flight", "1"];
    let rows = [(4, "maybe"), (9, ""), (1, ""), (2, "true"), (3, "")];
    let rows: Vec<_> = (1..)
        .zip(rows)
        .map(|(row, (contact, closed))| format!("{},{closed},hunter2-{row}\n", number(contact)))
        .collect();
    let bench = Bench::new(4, "orders.csv", format!("contact_number,allow_closed_ticket,order_id\n{}", rows.concat()));
    let mut text = String::new();
    let mut run = |command: &str, args: &[&str]| {
        let command = ["ticket", "metadata", command, "orders.csv"];
        let outcome = checked(vambe_with(&bench.emulator, &command).args(args).current_dir(bench.dir.path()));
        let command = [&command, args].concat().join(" ");
        let took = if outcome.took { "took <time>\n" } else { "" };
        let output = format!("{}{took}{}", outcome.stderr, outcome.stdout);
        text += &format!("$ vambe {command}\n{output}(exit code {})\n\n", outcome.code);
    };
    run("import", &["--dry-run"]);
    run("import", &["--journal", "missing/orders.journal"]);
    run("import", &["--failed", "orders.csv"]);
    run("status", &[]);
    run("import", &[&one_by_one[..], &["--max-rejected", "0"]].concat());
    run("import", &one_by_one);
    run("import", &["--delimiter", ";", "--journal", "orders.csv.journal"]);
    bench.emulator.inject_all(vec!["503".parse().unwrap(); 3]);
    run("import", &["--retry-rejected"]);
    run("status", &["--rows"]);
    run("report", &["--html", "orders.html"]);
    run("import", &["--settle-unknown"]);
    run("import", &[]);
    run("status", &[]);
    let masked = text.lines().map(|line| match line.split_once(", started ") {
        Some((before, after)) => format!("{before}, started <time>{}\n", after.split_once(" UTC").unwrap().1),
        None => masked(line) + "\n",
    });
    let masked: String = masked.collect();

    // Cargo runs tests in the folder of their package.
    let path = "tests/fixtures/session.txt";
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(path, &masked).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == masked, "read the diff of `UPDATE_FIXTURES=1 cargo test --package vambe-cli`");
}

/// Returns a line of a status without its times, its speed and the server.
fn masked(line: &str) -> String {
    let varying =
        [("ended ", "<time>"), ("started: ", "<time>"), ("server: ", "<url>"), ("API key: fingerprint ", "<hex>")];
    if let Some((start, mask)) = varying.into_iter().find(|(start, _)| line.starts_with(start)) {
        return format!("{start}{mask}");
    }
    match line.split_once(" (100.0%), ") {
        Some((before, after)) => format!("{before} (100.0%): {}", after.split_once(": ").unwrap().1),
        None => line.to_owned(),
    }
}

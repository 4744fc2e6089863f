//! The text of a whole import, from the check of the file to the last run.

use std::fs;

use super::{Bench, checked};
use crate::support::{number, vambe_with};

#[test]
fn a_whole_session_reads_as_in_the_fixture() {
    let one_by_one = ["--in-flight", "1"];
    let rows = [(4, "maybe"), (9, ""), (1, ""), (2, "true"), (3, "")];
    let rows: Vec<_> = (1..)
        .zip(rows)
        .map(|(row, (contact, closed))| format!("{},{closed},hunter2-{row}\n", number(contact)))
        .collect();
    let input = format!("contact_number,allow_closed_ticket,order_id\n{}", rows.concat());
    let mut session = Session::new(Bench::new(4, "orders.csv", input));
    session.run("import", &["--dry-run"]);
    session.run("import", &["--journal", "missing/orders.journal"]);
    session.run("import", &["--failed", "orders.csv"]);
    session.run("status", &[]);
    session.run("import", &[&one_by_one[..], &["--max-rejected", "0"]].concat());
    session.run("import", &one_by_one);
    session.run("import", &["--delimiter", ";", "--journal", "orders.csv.journal"]);
    session.bench.emulator.inject_all(vec!["503".parse().unwrap(); 3]);
    session.run("import", &["--retry-rejected"]);
    session.run("status", &["--rows"]);
    session.run("report", &["--html", "orders.html"]);
    session.run("import", &["--settle-unknown"]);
    session.run("import", &[]);
    session.run("status", &[]);
    session.compare("session.txt");
}

#[test]
fn a_spanish_workbook_reads_as_in_the_fixture() {
    let input = fs::read("tests/fixtures/workbooks/clientes.xlsx").unwrap();
    // The third contact is unknown.
    let mut session = Session::new(Bench::new(2, "clientes.xlsx", input));
    let options = ["--map", "contact_number=Teléfono", "--map", "order_id=Pedido", "--set", "source=hunter2-backfill"];
    let with_country = [&options[..], &["--default-country", "CL"]].concat();
    session.run("import", &["--dry-run"]);
    session.run("import", &[&options[..2], &["--dry-run"]].concat());
    session.run("import", &[&with_country[..], &["--dry-run"]].concat());
    session.run("import", &[&with_country[..], &["--in-flight", "1"]].concat());
    session.run("status", &[]);
    session.run("report", &["--html", "clientes.html"]);
    session.compare("session-workbook.txt");
}

/// Commands on one input, with their outputs.
struct Session {
    bench: Bench,
    text: String,
}

impl Session {
    fn new(bench: Bench) -> Self {
        Self { bench, text: String::new() }
    }

    fn run(&mut self, command: &str, args: &[&str]) {
        let command = ["ticket", "metadata", command, self.bench.input];
        let outcome = checked(vambe_with(&self.bench.emulator, &command).args(args).current_dir(self.bench.dir.path()));
        let command = [&command, args].concat().join(" ").replace("hunter2-", "");
        let took = if outcome.took { "took <time>\n" } else { "" };
        let output = format!("{}{took}{}", outcome.stderr, outcome.stdout);
        self.text += &format!("$ vambe {command}\n{output}(exit code {})\n\n", outcome.code);
    }

    /// Compares the commands and outputs with a fixture, to be read as a whole; `UPDATE_FIXTURES=1` writes it.
    #[track_caller]
    fn compare(&self, fixture: &str) {
        let masked = self.text.lines().map(|line| match line.split_once(", started ") {
            Some((before, after)) => format!("{before}, started <time>{}\n", after.split_once(" UTC").unwrap().1),
            None => masked(line) + "\n",
        });
        let masked: String = masked.collect();
        // Cargo runs tests in the folder of their package.
        let path = format!("tests/fixtures/{fixture}");
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            fs::write(&path, &masked).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(found == masked, "read the diff of `UPDATE_FIXTURES=1 cargo test --package vambe-cli`");
    }
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

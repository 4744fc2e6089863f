//! `vambe queue enqueue`, against a PostgreSQL server of the test's own.

use std::{fs, path::PathBuf};

use crate::{
    queue::{Queue, stop},
    support::{Outcome, contact, emulator, number, run, ticket_id, vambe},
};

/// A database with a queue, and a folder for files.
struct Desk {
    queue: Queue,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new(name: &str) -> Self {
        let queue = Queue::new(name);
        queue.prints(&["migrate"]);
        Self { queue, folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn enqueue(&self, name: &str, text: &str, args: &[&str]) -> Outcome {
        let path = self.file(name, text);
        self.queue.run(&[&["enqueue", path.to_str().unwrap()], args].concat())
    }

    fn pending(&self) -> usize {
        self.queue.prints(&["list", "--limit", "10000", "--format", "json"]).lines().count()
    }
}

#[test]
fn a_file_is_enqueued_once_and_sent() {
    let desk = Desk::new("file");
    run(&mut vambe(&["quota", "set", "q", "1000/h", "--database", &desk.queue.url])).assert(0, &[]);
    let (first, second) = (number(1), number(2));
    let csv = format!("contact_number,a,b\n{first},planted,1\n{second},2,\n{first},,3\n");
    let args = ["--source", "support", "--set", "from=file", "--join-rows"];
    for _ in 0..2 {
        let outcome = desk.enqueue("rows.csv", &csv, &args);
        outcome.assert(0, &[]).assert_hides(&["planted", &first]);
        assert_eq!(outcome.stdout, "the queue has the 3 updates of the file\n");
    }
    assert_eq!(desk.pending(), 3);
    let other = desk.enqueue("rows.csv", &csv, &["--set", "from=another", "--format", "json"]);
    let summary: serde_json::Value = serde_json::from_str(&other.stdout).unwrap();
    assert_eq!(summary, serde_json::json!({"enqueued": 3, "rows": 3}));
    assert_eq!(desk.pending(), 6, "with another option, the rows are other updates");

    let emulator = emulator([contact(1), contact(2)]);
    let worker = desk.queue.worker(&emulator, &[]);
    desk.queue.until(r#""pending":0"#);
    stop(worker);
    let ticket = emulator.ticket(ticket_id(1)).unwrap();
    let metadata: Vec<_> = ticket.metadata().iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(metadata, ["a=planted", "b=3", "from=another"]);
}

#[test]
fn nothing_is_enqueued_if_a_row_is_invalid() {
    let desk = Desk::new("invalid");
    let rows = "{\"contact_number\":\"+56912345678\",\"metadata\":{\"a\":\"1\"}}\n{\"contact_number\":\"planted\",\"metadata\":{\"a\":\"1\"}}\n";
    let outcome = desk.enqueue("rows.ndjson", rows, &[]);
    outcome.assert(1, &[]).assert_hides(&["planted", "5691234"]);
    for words in ["rows.ndjson:2:", "2 rows: 1 valid, 1 invalid", "nothing was enqueued"] {
        assert!(outcome.stdout.contains(words), "{words} is not in {outcome:?}");
    }
    let valid = desk.enqueue("rows.csv", "contact_number,a\n+56912345678,1\n", &["--dry-run"]);
    valid.assert(0, &[]);
    assert_eq!(valid.stdout, "1 row: 1 valid\nnothing was enqueued\n");
    assert_eq!(desk.pending(), 0);
    desk.enqueue("rows.csv", "a\n1\n", &[]).assert(2, &["contact_number"]);
}

#[test]
fn a_file_that_was_enqueued_in_part_is_continued() {
    let desk = Desk::new("part");
    let rows = (0..1_100).map(|row| format!("+56912345678,{row}\n"));
    let csv: String = std::iter::once("contact_number,a\n".to_owned()).chain(rows).collect();
    // A ticket has at most 1,000 pending updates.
    let outcome = desk.enqueue("rows.csv", &csv, &[]);
    outcome.assert(3, &["enqueued 1,000 of 1,100 rows; run the same command again", "1,000 pending updates: wait"]);
    assert_eq!(desk.pending(), 1_000);
    run(&mut vambe(&["quota", "set", "q", "100/h", "--database", &desk.queue.url])).assert(0, &[]);
    let status = desk.queue.prints(&["status"]);
    assert!(status.starts_with("1,000 updates pending, of 1 ticket, the oldest "), "{status}");
    assert!(status.contains("; sending them takes about 10 h\n"), "{status}");
    let first = desk.enqueue("rows.csv", &csv, &["--limit-rows", "400"]);
    first.assert(0, &[]);
    assert_eq!(first.stdout, "the queue has the 400 updates of the file\n");
    assert_eq!(desk.pending(), 1_000);
}

#[test]
fn a_value_that_postgresql_cannot_store_has_its_row() {
    let desk = Desk::new("nul");
    let outcome = desk.enqueue("rows.csv", "contact_number,a\n+56912345678,1\n+56912345678,x\0\n", &[]);
    outcome.assert(2, &["row 2", "NUL"]);
    assert_eq!(desk.pending(), 0);
}

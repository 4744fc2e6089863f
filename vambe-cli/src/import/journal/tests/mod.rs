//! Tests of the journal, with files on disk.

mod committing;
mod crashes;
mod failures;
mod opening;
mod records;
mod reopening;

use std::path::PathBuf;

use tempfile::TempDir;

use super::{Header, Journal, JournalError, Outcome, Record, Resumed};

/// A directory for one journal; removed in the end.
struct Place {
    _directory: TempDir,
    path: PathBuf,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("import.journal");
        Self { _directory: directory, path }
    }

    fn open(&self) -> Result<(Journal, Resumed), JournalError> {
        Journal::open(&self.path, &header())
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.path).unwrap()
    }

    fn write(&self, bytes: impl AsRef<[u8]>) {
        std::fs::write(&self.path, bytes).unwrap();
    }

    /// What another run would be told, and what then stands in the file.
    fn final_rows(&self) -> Vec<u64> {
        final_rows(&self.open().unwrap().1)
    }
}

fn header() -> Header {
    Header {
        input_sha256: "ab".repeat(32),
        input_bytes: 4_096,
        input_rows: 100,
        format: "csv".to_owned(),
        base_url: "https://api.vambe.me".to_owned(),
        started: "2026-11-22T10:00:00Z".parse().unwrap(),
    }
}

fn applied(row: u64) -> Record {
    Record { row, outcome: Outcome::Applied, attempts: 1, status: None, reason: None, line: None, input: None }
}

fn rejected(row: u64, status: u16, reason: &str, input: &str) -> Record {
    let (reason, input) = (Some(reason.to_owned()), Some(input.as_bytes().to_vec().into()));
    Record { row, outcome: Outcome::Rejected, attempts: 1, status: Some(status), reason, line: Some(row + 1), input }
}

fn unknown(row: u64) -> Record {
    let reason = Some("the connection broke".to_owned());
    Record { row, outcome: Outcome::Unknown, attempts: 3, status: None, reason, line: None, input: None }
}

fn not_sent(row: u64) -> Record {
    Record { outcome: Outcome::NotSent, ..unknown(row) }
}

fn final_rows(resumed: &Resumed) -> Vec<u64> {
    (0..=header().input_rows + 1).filter(|&row| resumed.is_final(row)).collect()
}

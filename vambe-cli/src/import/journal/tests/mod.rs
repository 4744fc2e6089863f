//! Tests of the journal, with files on disk.

mod committing;
mod crashes;
mod damage;
mod failures;
mod opening;
mod records;
mod reopening;
mod runs;

use std::path::{Path, PathBuf};

use fixedbitset::FixedBitSet;
use tempfile::TempDir;

use super::{Account, Header, Journal, JournalError, NewRun, Opened, Outcome, Record, Resumed};
use crate::{args::Rate, client::ApiKey};

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
        self.open_as(&header())
    }

    fn open_as(&self, header: &Header) -> Result<(Journal, Resumed), JournalError> {
        open(&self.path, header)
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

/// Opens a journal for any account, and without a limit. A damaged one is repaired, and no applied row is sent again.
fn open(path: &Path, header: &Header) -> Result<(Journal, Resumed), JournalError> {
    open_for(path, header, &new_run(&key("a"), true, None))
}

fn open_for(path: &Path, header: &Header, run: &NewRun<'_>) -> Result<(Journal, Resumed), JournalError> {
    match Journal::open(path, header, run)? {
        Opened::Whole(journal, resumed) => Ok((journal, resumed)),
        Opened::Damaged(damaged) => damaged.repair(header, run, &FixedBitSet::new()),
    }
}

fn key(text: &str) -> ApiKey {
    ApiKey::new(text)
}

fn new_run(key: &ApiKey, is_same: bool, rate: Option<Rate>) -> NewRun<'_> {
    NewRun { account: Account { key, is_same }, rate, max_attempts: 3, unrecorded: 10 }
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
    Record {
        row,
        outcome: Outcome::Applied,
        attempts: 1,
        last_request_ms: None,
        status: None,
        reason: None,
        line: None,
        input: None,
    }
}

fn rejected(row: u64, status: u16, reason: &str, input: &str) -> Record {
    let (reason, input) = (Some(reason.to_owned()), Some(input.as_bytes().to_vec().into()));
    Record {
        row,
        outcome: Outcome::Rejected,
        attempts: 1,
        last_request_ms: None,
        status: Some(status),
        reason,
        line: Some(row + 1),
        input,
    }
}

fn unknown(row: u64) -> Record {
    let reason = Some("the connection broke".to_owned());
    Record {
        row,
        outcome: Outcome::Unknown,
        attempts: 3,
        last_request_ms: None,
        status: None,
        reason,
        line: None,
        input: None,
    }
}

fn not_sent(row: u64) -> Record {
    Record { outcome: Outcome::NotSent, ..unknown(row) }
}

fn final_rows(resumed: &Resumed) -> Vec<u64> {
    (0..=header().input_rows + 1).filter(|&row| resumed.is_final(row)).collect()
}

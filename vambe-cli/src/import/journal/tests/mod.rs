//! Tests of the journal with files on disk.

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

use super::{
    Account, Header, InputOptions, Journal, JournalError, KeptRow, KeptRows, NewRun, Opened, Outcome, Record, Resumed,
    row_sets,
};
use crate::{args::Rate, client::ApiKey};

/// A journal in a temporary directory.
struct TestJournal {
    _directory: TempDir,
    path: PathBuf,
}

impl TestJournal {
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

    /// Returns the final rows as the next run reads them.
    fn final_rows(&self) -> Vec<u64> {
        final_rows(&self.open().unwrap().1)
    }
}

/// Opens a journal for any account and without a rate; repairs a damaged one without resending applied rows.
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
        options: InputOptions::default(),
        base_url: "https://api.vambe.me".to_owned(),
        started: "2026-11-22T10:00:00Z".parse().unwrap(),
    }
}

fn applied(row: u64) -> Record {
    Record { attempts: 1, ..Record::new(row, Outcome::Applied) }
}

fn rejected(row: u64, status: u16, reason: &str, input: &str) -> Record {
    let (reason, input) = (Some(reason.to_owned()), Some(input.as_bytes().to_vec().into()));
    let (status, line) = (Some(status), Some(row + 1));
    Record { attempts: 1, status, reason, line, input, ..Record::new(row, Outcome::Rejected) }
}

fn unknown(row: u64) -> Record {
    let reason = Some("the connection broke".to_owned());
    Record { attempts: 3, reason, ..Record::new(row, Outcome::Unknown) }
}

fn not_sent(row: u64) -> Record {
    Record { outcome: Outcome::NotSent, ..unknown(row) }
}

/// Reads the rejected or the unknown rows.
fn kept(test: &TestJournal, outcome: Outcome) -> Vec<KeptRow> {
    let rows = row_sets(&test.path).unwrap();
    KeptRows::open(&test.path, outcome, &rows).unwrap().map(Result::unwrap).collect()
}

fn final_rows(resumed: &Resumed) -> Vec<u64> {
    (0..=header().input_rows + 1).filter(|&row| resumed.is_final(row)).collect()
}

//! The outcomes of rows on disk, so that a stopped import can resume.
//!
//! The journal is one append-only file of lines, each with a CRC-32: see [`mod@line`]. The first line is the [`Header`], which
//! identifies the import; each further line is a [`Record`], or the start or end of a run. A batch is one write and one
//! `fdatasync`, and no outcome is reported before both are done: every reported outcome is on disk.
//!
//! **After a crash**, one torn line at the end is truncated: see [`mod@damage`].
//!
//! **Any other damaged line** has lost its record. The file is kept under another name, and its whole lines become a new
//! journal: see [`mod@repair`]. The rows of a ticket have to be applied in the order of the input: if an earlier row were sent
//! again and a later one skipped, the earlier one would undo it. So the later rows are sent again too, which is safe: an update
//! sets values. These rows are found in the input before anything is sent, and the new journal has them from its start.
//!
//! **A row is final** once it was applied, rejected, settled or superseded: it is not sent again. If it has two final records,
//! the first counts, which takes one bit a row. A line `{"retry_rejected":true}` reopens all rows that the server has rejected
//! before it: the next final record of such a row replaces the rejection. One line for all of them is on disk whole or not at
//! all, and takes no memory for each row.
//!
//! **Each run** writes a line at its start and at its end: see [`mod@run`]. The first has a fingerprint of the API key: see
//! [`Account`]. Without the second, the run may have sent requests without a record. Records have the times of their requests.

mod account;
mod committer;
mod damage;
mod error;
mod file;
mod header;
mod history;
mod kept_rows;
mod line;
mod overview;
mod record;
mod repair;
mod replay;
mod resumed;
mod rows;
mod run;
mod sent;
mod storage;
mod tally;
#[cfg(test)]
mod tests;
mod timeline;

use std::{
    fmt,
    io::{self, BufReader, Seek, SeekFrom},
    path::Path,
};

use jiff::Timestamp;
use serde::Serialize;

pub(crate) use self::{
    account::Account,
    committer::{CommitError, Committer, Stopped},
    damage::Dropped,
    error::JournalError,
    header::{Header, InputOptions, is_journal},
    history::NewRun,
    kept_rows::{KeptRow, KeptRows, row_sets},
    overview::{Activity, Example, Overview, ReasonRows},
    record::{Outcome, Record},
    repair::Damaged,
    resumed::{Repaired, Resumed},
    rows::RowSets,
    run::RunStart,
    tally::Tally,
    timeline::Timeline,
};
use self::{
    error::failed_to,
    file::JournalFile,
    replay::Replay,
    resumed::Read,
    run::{Marker, RunEnd},
    storage::Storage,
};

/// An open journal. It is locked: no other run can open it until it is dropped.
pub(crate) struct Journal {
    storage: Box<dyn Storage>,
    /// The length of the file that is whole and on disk.
    durable: u64,
    rows: u64,
    buffer: Vec<u8>,
    poisoned: bool,
}

/// The result of opening a journal.
#[derive(Debug)]
pub(crate) enum Opened {
    Whole(Journal, Resumed),
    /// The journal has to be repaired first.
    Damaged(Damaged),
}

impl Journal {
    /// Opens or creates the journal of the import that `header` identifies.
    ///
    /// Changes a file only if it is a journal of the same import and account, is empty, or has only a torn first line.
    pub(crate) fn open(path: &Path, header: &Header, run: &NewRun<'_>) -> Result<Opened, JournalError> {
        let mut file = file::open(path)?;
        let length = file.metadata().map_err(failed_to("read"))?.len();
        let (resumed, durable) = match Replay::new(BufReader::with_capacity(replay::BUFFER, &file), run.rate)? {
            None => (Resumed::new(header, run)?, 0),
            Some(replay) => {
                replay.header().check(header)?;
                let Read { resumed, lost, length } = Resumed::read(replay, run)?;
                if lost > 0 {
                    return Damaged::new(path, file, lost, resumed).map(Opened::Damaged);
                }
                (resumed, length)
            }
        };
        if durable < length {
            file.set_len(durable).map_err(failed_to("truncate"))?;
        }
        file.seek(SeekFrom::Start(durable)).map_err(failed_to("read"))?;
        // Always: lines of a killed run may not be on disk yet, and from now on their rows are skipped. Not only the data,
        // since the length matters.
        file.sync_all().map_err(failed_to("write"))?;
        let storage = JournalFile::new(file, path).map_err(failed_to("open"))?;
        let mut journal = Self::new(Box::new(storage), durable, header.input_rows);
        if durable == 0 {
            journal.write(&header.with_version())?;
        }
        file::sync_directory(path)?;
        Ok(Opened::Whole(journal, resumed))
    }

    /// Writes the start of a run, [`Resumed::run`]. Nothing may be sent before.
    pub(crate) fn begin_run(&mut self, run: &RunStart) -> Result<(), JournalError> {
        self.write(&Marker::Run(run.clone()))
    }

    /// Writes the end of a run whose requests all have a record.
    pub(crate) fn end_run(&mut self) -> Result<(), JournalError> {
        self.write(&Marker::RunEnd(RunEnd { ended: Timestamp::now() }))
    }

    /// Writes one line, and returns once it is on disk.
    fn write(&mut self, value: &impl Serialize) -> Result<(), JournalError> {
        if self.poisoned {
            return Err(JournalError::Poisoned);
        }
        self.buffer.clear();
        line::write(&mut self.buffer, value).map_err(failed_to("write"))?;
        self.commit()
    }

    fn new(storage: Box<dyn Storage>, durable: u64, rows: u64) -> Self {
        Self { storage, durable, rows, buffer: Vec::new(), poisoned: false }
    }

    /// Appends records, and returns once they are on disk.
    ///
    /// On failure none of them may be reported, and the run has to end: later appends fail too.
    pub(crate) fn append<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) -> Result<(), JournalError> {
        if self.poisoned {
            return Err(JournalError::Poisoned);
        }
        self.buffer.clear();
        for record in records {
            if !(1..=self.rows).contains(&record.row) {
                return Err(JournalError::NoSuchRow { row: record.row, rows: self.rows });
            }
            let length = line::write_with(&mut self.buffer, |json| record.write(json)).map_err(failed_to("write"))?;
            if length > line::MAX {
                return Err(JournalError::TooLong { row: record.row });
            }
        }
        self.commit()
    }

    /// Reopens the rows that the server has rejected so far, on disk and in `resumed`; returns their number.
    pub(crate) fn reopen_rejected(&mut self, resumed: &mut Resumed) -> Result<u64, JournalError> {
        let rows = resumed.rows.reopen();
        if rows > 0 {
            self.write(&serde_json::json!({ "retry_rejected": true }))?;
            resumed.tally.reopen(rows);
        }
        Ok(rows)
    }

    /// Settles the unknown rows, on disk and in `resumed`; returns their number.
    pub(crate) fn settle_unknown(&mut self, resumed: &mut Resumed) -> Result<u64, JournalError> {
        let records: Vec<_> = resumed.unknown().map(|row| Record::new(row, Outcome::Settled)).collect();
        self.append(&records)?;
        for record in &records {
            resumed.tally.add(record);
            if let Ok(index) = usize::try_from(record.row) {
                resumed.rows.add(index, record);
            }
        }
        Ok(u64::try_from(records.len()).unwrap_or(u64::MAX))
    }

    /// Writes the buffer in one piece and syncs it.
    fn commit(&mut self) -> Result<(), JournalError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        if let Err(error) = self.storage.write(&self.buffer).and_then(|()| self.storage.sync()) {
            // No retry: after a failed `fsync`, another one may succeed without the data being on disk.
            self.poisoned = true;
            // If this fails too, the next run truncates a torn line. Whole lines may stay: their records are true.
            let _: io::Result<()> = self.storage.cut(self.durable);
            return Err(failed_to("write")(error));
        }
        self.durable = self.durable.saturating_add(u64::try_from(self.buffer.len()).unwrap_or(u64::MAX));
        Ok(())
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the buffer, which has rows of the input.
        f.debug_struct("Journal")
            .field("durable", &self.durable)
            .field("poisoned", &self.poisoned)
            .finish_non_exhaustive()
    }
}

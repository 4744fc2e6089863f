//! What has become of the rows so far, on disk: so that an import that runs for days goes on where it was stopped.
//!
//! The journal is one file to which lines are added, each with its CRC-32: see [`mod@line`]. The first is the [`Header`],
//! which says what the rest belongs to; each further one is a [`Record`], or the beginning or end of a run. A batch is one
//! write and one `fdatasync`, and no outcome is reported before both are done: what was reported is on disk, whatever happens
//! next.
//!
//! **After a crash**, what comes after the last whole line is cut off, if it is one torn line: see [`mod@damage`].
//!
//! **Any other line that is not as it was written** has lost its record. The file is kept under another name, and its whole
//! lines become a new journal: see [`mod@repair`]. Rows of one ticket have to be applied in the order of the input: were an
//! earlier row sent again and a later one of the same ticket left out, the earlier one would undo it. So the later ones are
//! sent again too, which does no harm: an update sets values, it adds nothing. Which rows these are is found in the input
//! before anything is sent, and is in the new journal from its beginning.
//!
//! **A row is final** once it was applied, rejected, settled or superseded: it is not sent again. If it has two final records,
//! the first counts, which takes one bit a row to know. A line `{"retry_rejected":true}` opens all rows again that the server
//! has rejected before it: a later final record of such a row replaces the rejection. As one line for all of them it is on
//! disk whole or not at all, and counting takes no memory for each of these rows.
//!
//! **Each run** writes a line when it begins and one when it ends: see [`mod@run`]. The first has a fingerprint of the API key:
//! see [`Account`]. Without the second, there may be requests without a record. The records have the times of the others.

mod account;
mod committer;
mod damage;
mod error;
mod header;
mod history;
mod line;
mod place;
mod record;
mod rejected;
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

use std::{
    fmt,
    io::{self, BufReader, Seek, SeekFrom},
    path::Path,
};

use jiff::Timestamp;

pub(crate) use self::{
    account::Account,
    committer::{CommitError, Committer, Stopped},
    damage::Dropped,
    error::JournalError,
    header::Header,
    history::NewRun,
    record::{Outcome, Record},
    rejected::{KeptRow, KeptRows, rejected, unknown},
    repair::Damaged,
    resumed::{Repaired, Resumed},
    run::RunStart,
    tally::Tally,
};
use self::{
    error::failed_to,
    place::Placed,
    replay::Replay,
    resumed::Read,
    run::{Marker, RunEnd},
    storage::Storage,
};

/// A journal that records can be added to. No other run can open it until it is dropped.
pub(crate) struct Journal {
    storage: Box<dyn Storage>,
    /// How much of the file is whole and on disk.
    durable: u64,
    rows: u64,
    buffer: Vec<u8>,
    poisoned: bool,
}

/// A journal that was opened.
#[derive(Debug)]
pub(crate) enum Opened {
    /// Records can be added.
    Whole(Journal, Resumed),
    /// It has to be repaired first.
    Damaged(Damaged),
}

impl Journal {
    /// Opens the journal of an import, or begins it if there is none; `header` is what it has to belong to.
    ///
    /// A file is changed only if it is a journal of the same import and account, or empty, or has nothing but a torn first
    /// line.
    pub(crate) fn open(path: &Path, header: &Header, run: &NewRun<'_>) -> Result<Opened, JournalError> {
        let mut file = place::open(path)?;
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
            file.set_len(durable).map_err(failed_to("cut"))?;
        }
        file.seek(SeekFrom::Start(durable)).map_err(failed_to("read"))?;
        // Also if nothing was cut: a run that was killed may have left lines that never reached the disk, and from now on
        // their rows are passed over. And all of it, not the data alone: it is about the length.
        file.sync_all().map_err(failed_to("written"))?;
        let storage = Placed::new(file, path).map_err(failed_to("opened"))?;
        let mut journal = Self::new(Box::new(storage), durable, header.input_rows);
        if durable == 0 {
            line::write(&mut journal.buffer, &header.with_version()).map_err(failed_to("written"))?;
            journal.commit()?;
        }
        place::sync_directory(path)?;
        Ok(Opened::Whole(journal, resumed))
    }

    /// Writes that a run begins: [`Resumed::run`]. Nothing may be sent before.
    pub(crate) fn begin_run(&mut self, run: &RunStart) -> Result<(), JournalError> {
        self.mark(&Marker::Run(run.clone()))
    }

    /// Writes that the run has ended, and that each of its requests has a record.
    pub(crate) fn end_run(&mut self) -> Result<(), JournalError> {
        self.mark(&Marker::RunEnd(RunEnd { ended: Timestamp::now() }))
    }

    fn mark(&mut self, marker: &Marker) -> Result<(), JournalError> {
        if self.poisoned {
            return Err(JournalError::Poisoned);
        }
        self.buffer.clear();
        line::write(&mut self.buffer, marker).map_err(failed_to("written"))?;
        self.commit()
    }

    fn new(storage: Box<dyn Storage>, durable: u64, rows: u64) -> Self {
        Self { storage, durable, rows, buffer: Vec::new(), poisoned: false }
    }

    /// Adds records, and returns once they are on disk.
    ///
    /// If it fails, none of them may be reported, and the run has to end; after a write that failed, nothing more is taken.
    pub(crate) fn append<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) -> Result<(), JournalError> {
        if self.poisoned {
            return Err(JournalError::Poisoned);
        }
        self.buffer.clear();
        for record in records {
            if !(1..=self.rows).contains(&record.row) {
                return Err(JournalError::NoSuchRow { row: record.row, rows: self.rows });
            }
            let length = line::write(&mut self.buffer, record).map_err(failed_to("written"))?;
            if length > line::MAX {
                return Err(JournalError::TooLong { row: record.row });
            }
        }
        self.commit()
    }

    /// Opens the rows again that the server has rejected so far, on disk and in `resumed`; returns how many they are.
    pub(crate) fn reopen_rejected(&mut self, resumed: &mut Resumed) -> Result<u64, JournalError> {
        if self.poisoned {
            return Err(JournalError::Poisoned);
        }
        let rows = resumed.rows.reopen();
        if rows > 0 {
            self.buffer.clear();
            let reopening = serde_json::json!({ "retry_rejected": true });
            line::write(&mut self.buffer, &reopening).map_err(failed_to("written"))?;
            self.commit()?;
            resumed.tally.reopen(rows);
        }
        Ok(rows)
    }

    /// Takes the rows as done that may have been applied, on disk and in `resumed`; returns how many they are.
    pub(crate) fn settle_unknown(&mut self, resumed: &mut Resumed) -> Result<u64, JournalError> {
        let settled = |row| Record {
            row,
            outcome: Outcome::Settled,
            attempts: 0,
            last_request_ms: None,
            status: None,
            reason: None,
            line: None,
            input: None,
        };
        let records: Vec<_> = resumed.unknown().map(settled).collect();
        self.append(&records)?;
        for record in &records {
            resumed.tally.add(record);
            if let Ok(index) = usize::try_from(record.row) {
                resumed.rows.add(index, record);
            }
        }
        Ok(u64::try_from(records.len()).unwrap_or(u64::MAX))
    }

    /// Writes the buffer as one piece, and sees to it that it is on disk.
    fn commit(&mut self) -> Result<(), JournalError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        if let Err(error) = self.storage.write(&self.buffer).and_then(|()| self.storage.sync()) {
            // Nothing is tried again: after an `fsync` that failed, another one may succeed without the data being on disk.
            self.poisoned = true;
            // If this fails too, the next run cuts a torn line. Whole lines that stay do no harm: what they say is so.
            let _: io::Result<()> = self.storage.cut(self.durable);
            return Err(failed_to("written")(error));
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

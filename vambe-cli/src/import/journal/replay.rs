//! Reads the records of a journal that count, line by line from the start.

use std::io::BufRead;

use serde::Deserialize;

use super::{
    Header, JournalError, Outcome, Record,
    damage::Damage,
    error::failed_to,
    header::check_torn,
    history::History,
    line::{Line, Lines},
    rows::{RowSets, count},
};
use crate::args::Rate;

/// The size of read buffers.
pub(super) const BUFFER: usize = 64 << 10;

/// Reads the records that count: the first final one of each row, and each unknown one before it. Skips damaged lines.
pub(super) struct Replay<R> {
    lines: Lines<R>,
    header: Header,
    rows: RowSets,
    history: History,
    damage: Damage,
}

/// A line that counts.
#[derive(Debug)]
pub(super) enum Entry {
    /// A record, and the offset of its line.
    Record { record: Record, start: u64 },
    /// `--retry-rejected`: the rows that the server has rejected so far are reopened. `rows` is their number.
    Reopened { rows: u64 },
    /// The start or the end of a run.
    Run,
}

/// The line that reopens rejected rows.
#[derive(Deserialize)]
struct Reopening {
    #[allow(dead_code, reason = "only its presence matters")]
    retry_rejected: bool,
}

/// The state at the end of a journal.
#[derive(Debug)]
pub(super) struct End {
    pub(super) rows: RowSets,
    pub(super) history: History,
    pub(super) damage: Damage,
    /// The length without a torn end, if no line is lost.
    pub(super) length: u64,
}

impl<R: BufRead> Replay<R> {
    /// Reads the header; `None` if the file is empty or torn in its first line. Keeps the times of requests for `rate`.
    pub(super) fn new(reader: R, rate: Option<Rate>) -> Result<Option<Self>, JournalError> {
        Self::of(Lines::new(reader), rate)
    }

    /// Reads a journal that another process may be writing: after the last entry, there may be more.
    pub(super) fn growing(reader: R) -> Result<Option<Self>, JournalError> {
        Self::of(Lines::growing(reader), None)
    }

    fn of(mut lines: Lines<R>, rate: Option<Rate>) -> Result<Option<Self>, JournalError> {
        let header = match lines.next().map_err(failed_to("read"))? {
            Some(json) => Header::parse(json)?,
            None => {
                check_torn(lines.raw())?;
                return Ok(None);
            }
        };
        let (rows, history, damage) = (RowSets::default(), History::new(rate), Damage::default());
        Ok(Some(Self { lines, header, rows, history, damage }))
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// Returns the runs so far.
    pub(super) fn history(&self) -> &History {
        &self.history
    }

    /// Returns the number of rows that are unknown so far.
    pub(super) fn unknown_rows(&self) -> u64 {
        count(&self.rows.unknown)
    }

    /// Returns the number of damaged lines so far that have lost their record.
    pub(super) fn lost_lines(&self) -> u64 {
        self.damage.lines()
    }

    /// Returns the number of bytes that were read.
    pub(super) fn bytes(&self) -> u64 {
        self.lines.end()
    }

    /// Returns the next line that counts.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, JournalError> {
        loop {
            let json = match self.lines.next_line().map_err(failed_to("read"))? {
                Line::Whole(json) => json,
                Line::End => return Ok(None),
                Line::Damaged => {
                    self.damage.damaged(self.lines.start(), self.lines.raw());
                    continue;
                }
            };
            self.damage.whole();
            let parsed = Record::parse_applied(json).or_else(|| serde_json::from_slice(json).ok());
            let known = parsed.filter(|record: &Record| (1..=self.header.input_rows).contains(&record.row));
            let known = known.and_then(|record| Some((usize::try_from(record.row).ok()?, record)));
            let Some((index, record)) = known else {
                if serde_json::from_slice::<Reopening>(json).is_ok() {
                    return Ok(Some(Entry::Reopened { rows: self.rows.reopen() }));
                }
                let Ok(marker) = serde_json::from_slice(json) else {
                    // The checksum is right, so another version or program wrote the line.
                    return Err(JournalError::UnknownRecord { line: self.lines.number() });
                };
                self.history.mark(marker);
                return Ok(Some(Entry::Run));
            };
            self.history.add(&record);
            let counts = !self.rows.finished.contains(index);
            if counts && (record.outcome.is_final() || record.outcome == Outcome::Unknown) {
                self.rows.add(index, &record);
                return Ok(Some(Entry::Record { record, start: self.lines.start() }));
            }
        }
    }

    /// Returns the state after the last line.
    pub(super) fn end(self) -> End {
        let Self { lines, rows, history, damage, .. } = self;
        let length = damage.torn().map_or(lines.start(), |torn| torn.start);
        End { rows, history, damage, length }
    }
}

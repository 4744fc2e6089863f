//! Reading a journal from its beginning, a line at a time: the records that count.

use std::io::BufRead;

use serde::Deserialize;

use super::{
    Header, JournalError, Outcome, Record,
    damage::Damage,
    error::failed_to,
    header::check_torn,
    history::History,
    line::{Line, Lines},
    rows::RowSets,
};
use crate::args::Rate;

/// How much is read at once.
pub(super) const BUFFER: usize = 64 << 10;

/// The records of a journal that count: the first final one of each row, and each unknown one before it. Lines that are not
/// whole are passed over.
pub(super) struct Replay<R> {
    lines: Lines<R>,
    header: Header,
    rows: RowSets,
    history: History,
    damage: Damage,
}

/// What counts of a line.
#[derive(Debug)]
pub(super) enum Found {
    /// A record, and where its line begins.
    Record { record: Record, start: u64 },
    /// From here on, the rows that the server has rejected are open again: `--retry-rejected`.
    Reopened {
        /// How many they are.
        rows: u64,
    },
}

/// The line that opens rejected rows again.
#[derive(Deserialize)]
struct Reopening {
    #[allow(dead_code, reason = "that it is there says all")]
    retry_rejected: bool,
}

/// The facts that are known at the end.
#[derive(Debug)]
pub(super) struct End {
    pub(super) rows: RowSets,
    pub(super) history: History,
    pub(super) damage: Damage,
    /// The length of what counts, if it is not damaged.
    pub(super) length: u64,
}

impl<R: BufRead> Replay<R> {
    /// Reads the header; nothing if the file has yet to begin. Keeps the times of requests for this limit.
    pub(super) fn new(reader: R, rate: Option<Rate>) -> Result<Option<Self>, JournalError> {
        let mut lines = Lines::new(reader);
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

    /// The next record that counts.
    pub(super) fn next(&mut self) -> Result<Option<Found>, JournalError> {
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
            let parsed = serde_json::from_slice(json).ok();
            let known = parsed.filter(|record: &Record| (1..=self.header.input_rows).contains(&record.row));
            let known = known.and_then(|record| Some((usize::try_from(record.row).ok()?, record)));
            let Some((index, record)) = known else {
                if serde_json::from_slice::<Reopening>(json).is_ok() {
                    return Ok(Some(Found::Reopened { rows: self.rows.reopen() }));
                }
                let Ok(marker) = serde_json::from_slice(json) else {
                    // Its CRC is right, so this is no damage, and not cut off: somebody else wrote it.
                    return Err(JournalError::UnknownRecord { line: self.lines.number() });
                };
                self.history.mark(marker);
                continue;
            };
            self.history.add(&record);
            let counts = !self.rows.finished.contains(index);
            if counts && (record.outcome.is_final() || record.outcome == Outcome::Unknown) {
                self.rows.add(index, &record);
                return Ok(Some(Found::Record { record, start: self.lines.start() }));
            }
        }
    }

    /// To be called once there are no more records.
    pub(super) fn end(self) -> End {
        let Self { lines, rows, history, damage, .. } = self;
        let length = damage.torn().map_or(lines.start(), |torn| torn.start);
        End { rows, history, damage, length }
    }
}

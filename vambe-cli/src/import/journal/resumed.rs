//! What an import knows of the runs before it.

use std::io::BufRead;

use jiff::Timestamp;

use super::{
    Header, JournalError, Tally,
    replay::{Found, Replay},
    rows::{RowSets, contains, count},
};

/// What was cut off at the end of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dropped {
    /// How many lines, whole or not.
    pub(crate) lines: u64,
    pub(crate) bytes: u64,
}

/// What the runs before this one did.
#[derive(Debug)]
pub(crate) struct Resumed {
    /// When the journal was begun.
    pub(crate) started: Timestamp,
    /// How many rows are final, and why those that were rejected were.
    pub(crate) tally: Tally,
    /// What could not be used: the rows of these lines are sent again.
    pub(crate) dropped: Option<Dropped>,
    /// A few bits a row; of a new journal nothing.
    pub(super) rows: RowSets,
}

impl Resumed {
    /// Nothing was done before.
    pub(super) fn new(header: &Header) -> Self {
        Self { started: header.started, tally: Tally::default(), dropped: None, rows: RowSets::default() }
    }

    /// Reads a journal to its end; also gives the length of what counts.
    pub(super) fn read<R: BufRead>(mut replay: Replay<R>) -> Result<(Self, u64), JournalError> {
        let mut tally = Tally::default();
        while let Some(found) = replay.next()? {
            match found {
                Found::Record { record, .. } if record.outcome.is_final() => tally.add(&record),
                Found::Record { .. } => {}
                Found::Reopened { rows } => tally.reopen(rows),
            }
        }
        let started = replay.header().started;
        let end = replay.end()?;
        Ok((Self { started, tally, dropped: end.dropped, rows: end.rows }, end.length))
    }

    /// Whether a row is final: it is not sent again.
    pub(crate) fn is_final(&self, row: u64) -> bool {
        contains(&self.rows.finished, row)
    }

    /// Whether a row was rejected and is to be sent again, which may be after later rows of its ticket.
    pub(crate) fn is_reopened(&self, row: u64) -> bool {
        contains(&self.rows.reopened, row)
    }

    /// The number of rows that are to be sent again after a rejection.
    pub(crate) fn reopened(&self) -> u64 {
        count(&self.rows.reopened)
    }

    /// The rows by what is known of them.
    pub(crate) fn rows(&self) -> &RowSets {
        &self.rows
    }

    /// The rows that may have been applied, in their order.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = u64> {
        self.rows.unknown.ones().filter_map(|row| u64::try_from(row).ok())
    }
}

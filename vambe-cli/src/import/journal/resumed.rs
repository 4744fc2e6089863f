//! What an import knows of the runs before it.

use std::io::BufRead;

use fixedbitset::FixedBitSet;
use jiff::Timestamp;

use super::{Header, JournalError, Tally, replay::Replay};

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
    /// One bit a row, up to the last that is final; of a new journal nothing.
    final_rows: FixedBitSet,
}

impl Resumed {
    /// Nothing was done before.
    pub(super) fn new(header: &Header) -> Self {
        Self { started: header.started, tally: Tally::default(), dropped: None, final_rows: FixedBitSet::new() }
    }

    /// Reads a journal to its end; also gives the length of what counts.
    pub(super) fn read<R: BufRead>(mut replay: Replay<R>) -> Result<(Self, u64), JournalError> {
        let mut tally = Tally::default();
        while let Some(found) = replay.next()? {
            tally.add(&found.record);
        }
        let started = replay.header().started;
        let end = replay.end()?;
        Ok((Self { started, tally, dropped: end.dropped, final_rows: end.final_rows }, end.length))
    }

    /// Whether a row was applied or rejected: it is not sent again.
    pub(crate) fn is_final(&self, row: u64) -> bool {
        usize::try_from(row).is_ok_and(|row| self.final_rows.contains(row))
    }
}

//! What an import knows of the runs before it.

use std::{io::BufRead, path::PathBuf, time::SystemTime};

use jiff::Timestamp;

use super::{
    Dropped, Header, JournalError, NewRun, RunStart, Tally,
    history::History,
    replay::{End, Found, Replay},
    rows::{RowSets, contains, count},
};

/// The repair of a journal with damaged lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repaired {
    /// The path under which the damaged journal is kept.
    pub(crate) kept: PathBuf,
    /// The number of lines that were lost.
    pub(crate) lines: u64,
    /// The number of applied rows that are sent again, since an earlier row of their ticket is.
    pub(crate) again: u64,
}

/// What the runs before this one did.
#[derive(Debug)]
pub(crate) struct Resumed {
    /// When the journal was begun.
    pub(crate) started: Timestamp,
    /// How many rows are final, and why those that were rejected were.
    pub(crate) tally: Tally,
    /// The torn end that was cut off: its rows are sent again.
    pub(crate) dropped: Option<Dropped>,
    /// The repair, if there was one.
    pub(crate) repaired: Option<Repaired>,
    /// The line that this run begins with.
    pub(crate) run: RunStart,
    /// The times of earlier requests that count in the rate limit of this run.
    pub(crate) sent: Vec<SystemTime>,
    /// A few bits a row; of a new journal nothing.
    pub(super) rows: RowSets,
}

/// A journal that was read to its end.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) resumed: Resumed,
    /// The number of lines that are lost.
    pub(super) lost: u64,
    /// The length of what counts, if none is lost.
    pub(super) length: u64,
}

impl Resumed {
    /// Nothing was done before.
    pub(super) fn new(header: &Header, run: &NewRun<'_>) -> Result<Self, JournalError> {
        Ok(Self {
            started: header.started,
            tally: Tally::default(),
            dropped: None,
            repaired: None,
            run: History::new(run.rate).next(run, header, 0)?,
            sent: Vec::new(),
            rows: RowSets::default(),
        })
    }

    /// Reads a journal to its end; fails if it is for another account.
    pub(super) fn read<R: BufRead>(mut replay: Replay<R>, run: &NewRun<'_>) -> Result<Read, JournalError> {
        let mut tally = Tally::default();
        while let Some(found) = replay.next()? {
            match found {
                Found::Record { record, .. } if record.outcome.is_final() => tally.add(&record),
                Found::Record { .. } => {}
                Found::Reopened { rows } => tally.reopen(rows),
            }
        }
        let header = replay.header().clone();
        let End { rows, history, damage, length } = replay.end();
        let lost = damage.lines();
        let run = history.next(run, &header, lost)?;
        let sent = history.sent.times(run.assumed);
        let (started, dropped) = (header.started, damage.torn());
        Ok(Read { resumed: Self { started, tally, dropped, repaired: None, run, sent, rows }, lost, length })
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

    /// Returns true if no row is left to be sent.
    pub(crate) fn is_all(&self, rows: u64) -> bool {
        self.tally.rows() >= rows
    }

    /// Returns the last row that is final, and 0 if none is.
    pub(crate) fn last_final(&self) -> u64 {
        self.rows.finished.maximum().and_then(|row| u64::try_from(row).ok()).unwrap_or_default()
    }
}

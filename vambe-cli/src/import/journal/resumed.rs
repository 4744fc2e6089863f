//! The state that earlier runs have left.

use std::{io::BufRead, path::PathBuf, time::SystemTime};

use jiff::Timestamp;

use super::{
    Dropped, Header, JournalError, NewRun, RunStart, Tally,
    history::History,
    replay::{End, Entry, Replay},
    rows::{RowSets, contains, count},
};

/// The repair of a journal with damaged lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repaired {
    /// The path under which the damaged journal is kept.
    pub(crate) kept: PathBuf,
    /// The number of lost lines.
    pub(crate) lines: u64,
    /// The number of applied rows to send again, since an earlier row of their ticket lost its record.
    pub(crate) resend: u64,
}

/// The state that earlier runs have left.
#[derive(Debug)]
pub(crate) struct Resumed {
    /// The time at which the journal was created.
    pub(crate) started: Timestamp,
    /// The counts of final rows, with the reasons of rejected ones.
    pub(crate) tally: Tally,
    /// The torn end that was truncated: its rows are sent again.
    pub(crate) dropped: Option<Dropped>,
    /// The repair, if there was one.
    pub(crate) repaired: Option<Repaired>,
    /// The first line of this run.
    pub(crate) run: RunStart,
    /// The times of earlier requests that count in the rate limit of this run.
    pub(crate) sent: Vec<SystemTime>,
    pub(super) rows: RowSets,
}

/// The result of reading a journal to its end.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) resumed: Resumed,
    /// The number of lost lines.
    pub(super) lost: u64,
    /// The length without a torn end, if no line is lost.
    pub(super) length: u64,
}

impl Resumed {
    /// Creates the state of a new journal.
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

    /// Reads a journal to its end; fails if `run` is for another account.
    pub(super) fn read<R: BufRead>(mut replay: Replay<R>, run: &NewRun<'_>) -> Result<Read, JournalError> {
        let mut tally = Tally::default();
        while let Some(entry) = replay.next()? {
            match entry {
                Entry::Record { record, .. } if record.outcome.is_final() => tally.add(&record),
                Entry::Record { .. } | Entry::Run => {}
                Entry::Reopened { rows } => tally.reopen(rows),
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

    /// Returns true if the row is not sent again.
    pub(crate) fn is_final(&self, row: u64) -> bool {
        contains(&self.rows.finished, row)
    }

    /// Returns true if the row was rejected and reopened, so that it may be sent after later rows of its ticket.
    pub(crate) fn is_reopened(&self, row: u64) -> bool {
        contains(&self.rows.reopened, row)
    }

    /// Returns the number of reopened rows.
    pub(crate) fn reopened(&self) -> u64 {
        count(&self.rows.reopened)
    }

    /// Returns the rows by state.
    pub(crate) fn rows(&self) -> &RowSets {
        &self.rows
    }

    /// Returns the unknown rows, in their order.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = u64> {
        self.rows.unknown.ones().filter_map(|row| u64::try_from(row).ok())
    }

    /// Returns the last final row, or 0.
    pub(crate) fn last_final(&self) -> u64 {
        self.rows.finished.maximum().and_then(|row| u64::try_from(row).ok()).unwrap_or_default()
    }
}

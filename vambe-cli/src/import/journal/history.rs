//! The runs before, as a journal has them: their keys, the times of their requests, and whether they ended by themselves.

use jiff::Timestamp;

use super::{
    Account, Header, JournalError, Record,
    account::Accounts,
    run::{Marker, RunStart},
    sent::SentBefore,
};
use crate::args::Rate;

/// The facts about a run that it takes to open a journal.
#[derive(Clone, Copy)]
pub(crate) struct NewRun<'a> {
    pub(crate) account: Account<'a>,
    /// The limit for which the times of earlier requests are kept.
    pub(crate) rate: Option<Rate>,
    /// The most requests for one row.
    pub(crate) max_attempts: u32,
    /// The most requests that have no record if this run is killed.
    pub(crate) unrecorded: u64,
}

/// The runs before, as far as a journal was read.
#[derive(Debug)]
pub(super) struct History {
    pub(super) sent: SentBefore,
    accounts: Accounts,
    /// The last run, and whether its end was read too.
    run: Option<RunStart>,
    has_ended: bool,
}

impl History {
    pub(super) fn new(rate: Option<Rate>) -> Self {
        Self { sent: SentBefore::new(rate), accounts: Accounts::default(), run: None, has_ended: false }
    }

    /// Adds a record of the last run.
    pub(super) fn add(&mut self, record: &Record) {
        self.sent.add(record);
        if record.outcome.is_final() {
            self.accounts.add(record, self.run.as_ref());
        }
    }

    /// Adds the beginning or the end of a run.
    pub(super) fn mark(&mut self, marker: Marker) {
        match marker {
            Marker::Run(run) => {
                self.sent.begin(&run);
                self.accounts.begin(&run);
                (self.run, self.has_ended) = (Some(run), false);
            }
            Marker::RunEnd(_) => self.has_ended = true,
        }
    }

    /// Returns the line that `run` begins with, in the journal with this header and `lost` lost lines; fails if `run` is for
    /// another account.
    pub(super) fn next(&self, run: &NewRun<'_>, header: &Header, lost: u64) -> Result<RunStart, JournalError> {
        let key = run.account.fingerprint(header);
        self.accounts.check(&key, run.account.is_same)?;
        // A run that was killed may have sent what it did not write down.
        let killed = self.run.as_ref().filter(|_| !self.has_ended).map_or(0, |run| run.unrecorded);
        Ok(RunStart {
            started: Timestamp::now(),
            key,
            same_account: run.account.is_same,
            unrecorded: run.unrecorded,
            assumed: killed.saturating_add(lost.saturating_mul(run.max_attempts.into())),
        })
    }
}

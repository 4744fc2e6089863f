//! Earlier runs of a journal: their keys, the times of their requests, and whether they were killed.

use jiff::Timestamp;

use super::{
    Account, Header, JournalError, Record,
    account::Accounts,
    run::{Marker, RunStart},
    sent::RequestTimes,
};
use crate::args::Rate;

/// The settings of a new run.
#[derive(Clone, Copy)]
pub(crate) struct NewRun<'a> {
    pub(crate) account: Account<'a>,
    /// The rate limit in which earlier requests count.
    pub(crate) rate: Option<Rate>,
    /// The maximum number of requests for one row.
    pub(crate) max_attempts: u32,
    /// The maximum number of requests without a record if this run is killed.
    pub(crate) unrecorded: u64,
}

/// The earlier runs of a journal.
#[derive(Debug)]
pub(super) struct History {
    pub(super) sent: RequestTimes,
    accounts: Accounts,
    /// The last run, and true if it has an end.
    run: Option<RunStart>,
    has_ended: bool,
}

impl History {
    pub(super) fn new(rate: Option<Rate>) -> Self {
        Self { sent: RequestTimes::new(rate), accounts: Accounts::default(), run: None, has_ended: false }
    }

    /// Adds a record of the last run.
    pub(super) fn add(&mut self, record: &Record) {
        self.sent.add(record);
        if record.outcome.is_final() {
            self.accounts.add(record, self.run.as_ref());
        }
    }

    /// Adds the start or the end of a run.
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

    /// Returns the first line of the next run, for a journal with `lost` lost lines; fails if `run` is for another account.
    pub(super) fn next(&self, run: &NewRun<'_>, header: &Header, lost: u64) -> Result<RunStart, JournalError> {
        let key = run.account.fingerprint(header);
        self.accounts.check(&key, run.account.is_same)?;
        // A killed run may have sent requests without a record.
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

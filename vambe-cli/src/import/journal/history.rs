//! Earlier runs of a journal: their keys, the times of their requests, and whether they were killed.

use jiff::Timestamp;

use super::{
    Account, Header, JournalError, Record,
    account::Accounts,
    run::{Marker, RunRate, RunStart},
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
    /// The number of runs.
    pub(super) runs: u64,
    /// The last run, and its end if it has one.
    pub(super) run: Option<RunStart>,
    pub(super) ended: Option<Timestamp>,
    /// Requests of the last run that were retries.
    pub(super) retried: u64,
    /// The time of the last request, in milliseconds since 1970.
    pub(super) last_request_ms: Option<i64>,
}

impl History {
    pub(super) fn new(rate: Option<Rate>) -> Self {
        Self {
            sent: RequestTimes::new(rate),
            accounts: Accounts::default(),
            runs: 0,
            run: None,
            ended: None,
            retried: 0,
            last_request_ms: None,
        }
    }

    /// Adds a record of the last run.
    pub(super) fn add(&mut self, record: &Record) {
        self.sent.add(record);
        // Without a time, the requests are those of another row of the same request.
        if record.last_request_ms.is_some() {
            self.retried = self.retried.saturating_add(record.attempts.saturating_sub(1).into());
            self.last_request_ms = self.last_request_ms.max(record.last_request_ms);
        }
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
                self.runs = self.runs.saturating_add(1);
                (self.run, self.ended, self.retried) = (Some(run), None, 0);
            }
            Marker::RunEnd(end) => self.ended = Some(end.ended),
        }
    }

    /// Returns the first line of the next run, for a journal with `lost` lost lines; fails if `run` is for another account.
    pub(super) fn next(&self, run: &NewRun<'_>, header: &Header, lost: u64) -> Result<RunStart, JournalError> {
        let key = run.account.fingerprint(header);
        self.accounts.check(&key, run.account.is_same)?;
        // A killed run may have sent requests without a record.
        let killed = self.run.as_ref().filter(|_| self.ended.is_none()).map_or(0, |run| run.unrecorded);
        Ok(RunStart {
            started: Timestamp::now(),
            key,
            same_account: run.account.is_same,
            rate: run.rate.map(RunRate::from),
            unrecorded: run.unrecorded,
            assumed: killed.saturating_add(lost.saturating_mul(run.max_attempts.into())),
        })
    }
}

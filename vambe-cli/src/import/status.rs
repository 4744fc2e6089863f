//! How far an import is: what is on disk, counted, for whoever shows it.

use std::{
    collections::BTreeSet,
    error::Error as _,
    iter,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use vambe_api::{
    Error,
    bulk::{Control, Progress, Wait},
};

use super::{
    journal::{Outcome, Record, Tally},
    record,
};

/// Counts what is on disk. Cheap to clone; the clones count together.
#[derive(Clone, Debug)]
pub(crate) struct Status(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    rows: u64,
    /// Rows that earlier runs were done with.
    before: u64,
    /// The most rows a second that the rate limit allows.
    limit: Option<f64>,
    begun: Instant,
    control: Control,
    counts: Mutex<Counts>,
}

#[derive(Debug)]
struct Counts {
    /// What is final or has an outcome of this run.
    tally: Tally,
    /// Rows that earlier runs may have applied, and that have no outcome of this run.
    unknown: BTreeSet<u64>,
}

/// How far an import was at one moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) rows: u64,
    /// Rows that have an outcome, of this run or, if it is final, of an earlier one.
    pub(crate) done: u64,
    pub(crate) applied: u64,
    pub(crate) rejected: u64,
    pub(crate) not_sent: u64,
    pub(crate) unknown: u64,
    pub(crate) settled: u64,
    pub(crate) superseded: u64,
    /// Requests of this run that were sent again.
    pub(crate) retried: u64,
    pub(crate) in_flight: usize,
    /// Rows a second of this run, once there are some; no more than the rate limit allows in the long run.
    pub(crate) pace: Option<f64>,
    pub(crate) left: Option<Duration>,
    /// Why nothing is sent, and for how long, if that is known.
    pub(crate) wait: Option<(Option<Duration>, Wait)>,
    /// Why the last attempt failed, if that was not about its row.
    pub(crate) cause: Option<String>,
}

impl Status {
    /// `tally` counts what earlier runs were done with, and `unknown` are the rows that they may have applied; `limit` is the most
    /// rows a second that the rate limit allows.
    pub(crate) fn new(rows: u64, tally: Tally, unknown: BTreeSet<u64>, limit: Option<f64>, control: Control) -> Self {
        let before = tally.finished();
        let counts = Mutex::new(Counts { tally, unknown });
        Self(Arc::new(Shared { rows, before, limit, begun: Instant::now(), control, counts }))
    }

    /// Counts what is on disk now.
    pub(crate) fn add(&self, record: &Record) {
        let mut counts = self.lock();
        counts.unknown.remove(&record.row);
        counts.tally.add(record);
    }

    /// Whether an earlier run may have applied this row, and this run has no outcome for it yet.
    pub(crate) fn was_unknown(&self, row: u64) -> bool {
        self.lock().unknown.contains(&row)
    }

    /// The counts with their reasons at the end of a run, of all rows: also of those that it did not reach.
    pub(crate) fn end(&self) -> Tally {
        let counts = self.lock();
        let mut tally = counts.tally.clone();
        tally.add_rows(counts.unknown.len() as u64, Outcome::Unknown, record::EARLIER);
        tally.add_rows(self.0.rows.saturating_sub(tally.rows()), Outcome::NotSent, record::NOT_REACHED);
        tally
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let Progress { retries, in_flight, wait, .. } = self.0.control.progress();
        let (tally, unknown) = {
            let counts = self.lock();
            (counts.tally.clone(), counts.unknown.len() as u64)
        };
        let done = tally.rows();
        let pace = pace(done.saturating_sub(self.0.before), self.0.begun.elapsed(), self.0.limit);
        let wait = wait
            .map(|waiting| (waiting.until.map(|until| until.saturating_duration_since(Instant::now())), waiting.why));
        Snapshot {
            rows: self.0.rows,
            done,
            applied: tally.applied,
            rejected: tally.rejected,
            not_sent: tally.not_sent,
            unknown: tally.unknown.saturating_add(unknown),
            settled: tally.settled,
            superseded: tally.superseded,
            retried: retries,
            in_flight,
            pace,
            left: left(self.0.rows.saturating_sub(done), pace, wait.and_then(|(time, _)| time)),
            wait,
            cause: self.0.control.last_failure().filter(|error| is_outage(error)).map(|error| cause(&error)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // Counting cannot be left half done.
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an error is about the server or the way to it, rather than about the row.
fn is_outage(error: &Error) -> bool {
    error.status().is_none_or(|status| status.is_server_error())
}

/// Why an attempt failed, in a few words: the deepest cause, such as "Connection refused (os error 111)", or the server's answer.
pub(crate) fn cause(error: &Error) -> String {
    if let Some(status) = error.status() {
        let message = error.redacted_message().map(|message| format!(": {message}")).unwrap_or_default();
        return format!("{status}{message}");
    }
    let causes = iter::successors(error.source(), |&cause| cause.source());
    causes.last().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Rows a second, once it can be told. What a limit lets through at once in the beginning says little about the rest.
fn pace(rows: u64, elapsed: Duration, limit: Option<f64>) -> Option<f64> {
    let pace = (rows > 0 && elapsed >= Duration::from_secs(1)).then(|| rows as f64 / elapsed.as_secs_f64())?;
    Some(pace.min(limit.unwrap_or(f64::INFINITY)))
}

/// How long the rest takes: as fast as until now, but nothing before the end of a wait.
fn left(rows: u64, pace: Option<f64>, wait: Option<Duration>) -> Option<Duration> {
    let left = Duration::try_from_secs_f64(rows as f64 / pace?).ok()?;
    Some(left.max(wait.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    #[test]
    fn the_pace_is_told_once_it_is_one_and_is_no_more_than_the_limit() {
        assert_eq!(pace(0, 10 * S, None), None);
        assert_eq!(pace(10, S / 2, None), None);
        assert_eq!(pace(10, 5 * S, None), Some(2.0));
        assert_eq!(pace(10, 5 * S, Some(10.0)), Some(2.0));
        assert_eq!(pace(1_000, S, Some(0.5)), Some(0.5));
    }

    #[test]
    fn the_rest_takes_as_long_as_the_rows_until_now_and_at_least_as_long_as_the_wait() {
        for (rows, pace, wait, expected) in [
            (100, None, Some(S), None),
            (100, Some(2.0), None, Some(50 * S)),
            (100, Some(2.0), Some(10 * S), Some(50 * S)),
            (100, Some(2.0), Some(3600 * S), Some(3600 * S)),
            (0, Some(2.0), None, Some(Duration::ZERO)),
            (u64::MAX, Some(1e-9), None, None),
        ] {
            assert_eq!(left(rows, pace, wait), expected, "{rows} at {pace:?}, {wait:?}");
        }
    }
}

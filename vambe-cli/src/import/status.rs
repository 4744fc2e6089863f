//! The state of an import: counts of what is on disk, for progress and report.

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

/// Counts what is on disk. Cheap to clone; clones share their counts.
#[derive(Clone, Debug)]
pub(crate) struct Status(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    rows: u64,
    /// The number of rows that earlier runs made final.
    before: u64,
    /// The maximum rows per second by the rate limit.
    limit: Option<f64>,
    begun: Instant,
    control: Control,
    counts: Mutex<Counts>,
}

#[derive(Debug)]
struct Counts {
    /// Rows that are final or have an outcome of this run.
    tally: Tally,
    /// Rows that earlier runs may have applied, and that have no outcome of this run.
    unknown: BTreeSet<u64>,
}

/// The state of an import at one moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) rows: u64,
    /// Rows with an outcome of this run, or a final one of an earlier run.
    pub(crate) done: u64,
    /// The counts, with rows that are unknown because of earlier runs.
    pub(crate) tally: Tally,
    /// Requests of this run that were retries.
    pub(crate) retried: u64,
    pub(crate) in_flight: usize,
    /// Rows per second of this run, once known; at most the rate limit.
    pub(crate) pace: Option<f64>,
    pub(crate) left: Option<Duration>,
    /// The reason why nothing is being sent, and for how long, if known.
    pub(crate) wait: Option<(Option<Duration>, Wait)>,
    /// The reason why the last attempt failed, unless the row was the reason.
    pub(crate) cause: Option<String>,
}

/// The speed of a run at its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Speed {
    pub(crate) elapsed: Duration,
    /// The mean rows per second, if the run has outcomes and took at least a second.
    pub(crate) pace: Option<f64>,
    /// Requests that were retries.
    pub(crate) retried: u64,
    /// Rows with an outcome of this run, other than not sent.
    pub(crate) rows: u64,
}

impl Status {
    /// Creates a status. `tally` counts the rows that earlier runs made final, and `unknown` are the rows that they may have
    /// applied; `limit` is the maximum rows per second by the rate limit.
    pub(crate) fn new(rows: u64, tally: Tally, unknown: BTreeSet<u64>, limit: Option<f64>, control: Control) -> Self {
        let before = tally.finished();
        let counts = Mutex::new(Counts { tally, unknown });
        Self(Arc::new(Shared { rows, before, limit, begun: Instant::now(), control, counts }))
    }

    /// Counts a record that is on disk.
    pub(crate) fn add(&self, record: &Record) {
        let mut counts = self.lock();
        counts.unknown.remove(&record.row);
        counts.tally.add(record);
    }

    /// Returns true if an earlier run may have applied this row, and this run has no outcome for it yet.
    pub(crate) fn was_unknown(&self, row: u64) -> bool {
        self.lock().unknown.contains(&row)
    }

    /// Returns the counts at the end of a run, with the rows that it did not reach.
    pub(crate) fn end(&self) -> Tally {
        let counts = self.lock();
        let mut tally = counts.tally.clone();
        tally.add_rows(counts.unknown.len() as u64, Outcome::Unknown, record::EARLIER);
        tally.add_rows(self.0.rows.saturating_sub(tally.rows()), Outcome::NotSent, record::NOT_REACHED);
        tally
    }

    /// Returns the speed of the run so far.
    pub(crate) fn speed(&self) -> Speed {
        let elapsed = self.0.begun.elapsed();
        let rows = {
            let Counts { tally, .. } = &*self.lock();
            tally.rows().saturating_sub(tally.not_sent).saturating_sub(self.0.before)
        };
        Speed { elapsed, pace: pace(rows, elapsed, None), retried: self.0.control.progress().retries, rows }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let Progress { retries, in_flight, wait, .. } = self.0.control.progress();
        let (mut tally, unknown) = {
            let counts = self.lock();
            (counts.tally.clone(), counts.unknown.len() as u64)
        };
        let done = tally.rows();
        tally.unknown = tally.unknown.saturating_add(unknown);
        let pace = pace(done.saturating_sub(self.0.before), self.0.begun.elapsed(), self.0.limit);
        let wait = wait
            .map(|waiting| (waiting.until.map(|until| until.saturating_duration_since(Instant::now())), waiting.why));
        Snapshot {
            rows: self.0.rows,
            done,
            tally,
            retried: retries,
            in_flight,
            pace,
            left: left(self.0.rows.saturating_sub(done), pace, wait.and_then(|(time, _)| time)),
            wait,
            cause: self.0.control.last_failure().filter(|error| is_outage(error)).map(|error| cause(&error)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // Counts stay consistent if a holder of the lock panics.
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns true if an error is about the server or the network rather than the row.
fn is_outage(error: &Error) -> bool {
    error.status().is_none_or(|status| status.is_server_error())
}

/// Describes a failed attempt by the server's response or the deepest cause, such as "Connection refused (os error 111)".
pub(crate) fn cause(error: &Error) -> String {
    if let Some(status) = error.status() {
        let message = error.redacted_message().map(|message| format!(": {message}")).unwrap_or_default();
        return format!("{status}{message}");
    }
    let causes = iter::successors(error.source(), |&cause| cause.source());
    causes.last().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Returns the rows per second, once known. At most `limit`, since the burst at the start says little about the rest.
pub(super) fn pace(rows: u64, elapsed: Duration, limit: Option<f64>) -> Option<f64> {
    let pace = (rows > 0 && elapsed >= Duration::from_secs(1)).then(|| rows as f64 / elapsed.as_secs_f64())?;
    Some(pace.min(limit.unwrap_or(f64::INFINITY)))
}

/// Estimates the time left: at the pace so far, and at least the current wait.
pub(super) fn left(rows: u64, pace: Option<f64>, wait: Option<Duration>) -> Option<Duration> {
    let left = Duration::try_from_secs_f64(rows as f64 / pace?).ok()?;
    Some(left.max(wait.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    #[test]
    fn the_pace_needs_a_second_and_is_at_most_the_limit() {
        assert_eq!(pace(0, 10 * S, None), None);
        assert_eq!(pace(10, S / 2, None), None);
        assert_eq!(pace(10, 5 * S, None), Some(2.0));
        assert_eq!(pace(10, 5 * S, Some(10.0)), Some(2.0));
        assert_eq!(pace(1_000, S, Some(0.5)), Some(0.5));
    }

    #[test]
    fn the_time_left_follows_the_pace_and_covers_the_wait() {
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

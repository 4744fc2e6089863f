//! How far an import is: what is on disk, counted, for whoever shows it.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use vambe_api::bulk::{Control, Progress, Wait};

use super::journal::{Record, Tally};

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
    tally: Mutex<Tally>,
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
    /// Requests of this run that were sent again.
    pub(crate) retried: u64,
    pub(crate) in_flight: usize,
    /// Rows a second of this run, once there are some; no more than the rate limit allows in the long run.
    pub(crate) pace: Option<f64>,
    pub(crate) left: Option<Duration>,
    /// Why nothing is sent, and for how long, if that is known.
    pub(crate) wait: Option<(Option<Duration>, Wait)>,
}

impl Status {
    /// `tally` counts what earlier runs were done with; `limit` is the most rows a second that the rate limit allows.
    pub(crate) fn new(rows: u64, tally: Tally, limit: Option<f64>, control: Control) -> Self {
        let before = tally.applied.saturating_add(tally.rejected);
        Self(Arc::new(Shared { rows, before, limit, begun: Instant::now(), control, tally: Mutex::new(tally) }))
    }

    /// Counts what is on disk now.
    pub(crate) fn add(&self, record: &Record) {
        self.lock().add(record);
    }

    /// The counts with their reasons.
    pub(crate) fn tally(&self) -> Tally {
        self.lock().clone()
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let Progress { retries, in_flight, wait, .. } = self.0.control.progress();
        let tally = self.tally();
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
            unknown: tally.unknown,
            retried: retries,
            in_flight,
            pace,
            left: left(self.0.rows.saturating_sub(done), pace, wait.and_then(|(time, _)| time)),
            wait,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Tally> {
        // Counting cannot be left half done.
        self.0.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

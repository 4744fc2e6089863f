//! The state of an import at one moment, computed from its journal.

use std::{path::PathBuf, time::Duration};

use jiff::Timestamp;

use crate::import::{
    journal::{Activity, Overview, ReasonRows, Tally},
    status,
};

/// The number of characters that are shown of a fingerprint.
const KEY: usize = 12;

/// The state of an import at one moment.
#[derive(Clone, Debug)]
pub(in crate::import) struct View {
    pub(in crate::import) activity: Activity,
    pub(in crate::import) rows: u64,
    /// The counts of all rows.
    pub(in crate::import) tally: Tally,
    pub(in crate::import) reasons: Vec<ReasonRows>,
    /// Requests of the last run that were retries.
    pub(in crate::import) retried: u64,
    /// Rows per second of the last run, once known; at most its rate limit.
    pub(in crate::import) pace: Option<f64>,
    /// The time until all rows are sent, if a run is going on.
    pub(in crate::import) left: Option<Duration>,
    /// The time for which the last run has been going on, or went on.
    pub(in crate::import) elapsed: Duration,
    pub(in crate::import) runs: u64,
    /// The start of the first run.
    pub(in crate::import) started: Timestamp,
    pub(in crate::import) run_started: Option<Timestamp>,
    pub(in crate::import) run_ended: Option<Timestamp>,
    /// The time of the last request, start or end.
    pub(in crate::import) last_moved: Timestamp,
    /// The moment of this state.
    pub(in crate::import) now: Timestamp,
    pub(in crate::import) server: String,
    /// The start of the fingerprint of the last run's API key.
    pub(in crate::import) key: Option<String>,
    pub(in crate::import) journal: PathBuf,
    pub(in crate::import) lost_lines: u64,
}

impl View {
    /// Returns the state now.
    pub(in crate::import) fn of(overview: &Overview) -> Self {
        Self::at(overview, Timestamp::now())
    }

    fn at(overview: &Overview, now: Timestamp) -> Self {
        let (header, tally, activity) = (overview.header(), overview.tally(), overview.activity());
        let (last_moved, run_started) = (overview.last_moved(), overview.run_started());
        let until = if activity == Activity::Running { now } else { last_moved };
        let elapsed = between(run_started.unwrap_or(header.started), until);
        let pace = status::pace(overview.run_rows(), elapsed, overview.limit());
        let left = status::left(tally.not_sent, pace, None).filter(|_| activity == Activity::Running);
        Self {
            activity,
            rows: header.input_rows,
            tally,
            reasons: overview.reasons(),
            retried: overview.retried(),
            pace,
            left,
            elapsed,
            runs: overview.runs(),
            started: header.started,
            run_started,
            run_ended: overview.run_ended(),
            last_moved,
            now,
            server: header.base_url.clone(),
            key: overview.key().map(|key| key.chars().take(KEY).collect()),
            journal: overview.path().to_owned(),
            lost_lines: overview.lost_lines(),
        }
    }

    /// Returns the number of rows with an outcome.
    pub(in crate::import) fn done(&self) -> u64 {
        self.rows.saturating_sub(self.tally.not_sent)
    }
}

/// Returns the time between two moments; none if the clock was set back.
pub(super) fn between(start: Timestamp, end: Timestamp) -> Duration {
    Duration::try_from(end.duration_since(start)).unwrap_or_default()
}

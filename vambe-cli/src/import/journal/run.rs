//! The lines of a journal for the start and the end of a run.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::args::Rate;

/// A line `{"run":{…}}` or `{"run_end":{…}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Marker {
    Run(RunStart),
    RunEnd(RunEnd),
}

/// The start of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunStart {
    pub(super) started: Timestamp,
    /// The fingerprint of the API key: see [`Account`](super::Account).
    pub(super) key: String,
    /// True if the operator has confirmed that this key belongs to the account of the earlier ones.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) same_account: bool,
    /// The rate limit, to show the time left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rate: Option<RunRate>,
    /// The maximum number of requests without a record if this run is killed.
    pub(super) unrecorded: u64,
    /// Requests of earlier runs that may have been sent without a record: they count as sent at the start of this run.
    #[serde(default)]
    pub(super) assumed: u64,
}

/// A maximum number of requests in any period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunRate {
    pub(super) requests: u32,
    pub(super) period_ms: u64,
}

impl RunRate {
    /// Returns the average number of requests per second.
    pub(super) fn per_second(self) -> f64 {
        f64::from(self.requests) / Duration::from_millis(self.period_ms.max(1)).as_secs_f64()
    }
}

impl From<Rate> for RunRate {
    fn from(rate: Rate) -> Self {
        let period_ms = u64::try_from(rate.period().as_millis()).unwrap_or(u64::MAX);
        Self { requests: rate.requests().get(), period_ms }
    }
}

/// The end of a run whose requests all have a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunEnd {
    pub(super) ended: Timestamp,
}

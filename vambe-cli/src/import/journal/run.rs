//! The lines of a journal for the start and the end of a run.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// The maximum number of requests without a record if this run is killed.
    pub(super) unrecorded: u64,
    /// Requests of earlier runs that may have been sent without a record: they count as sent at the start of this run.
    #[serde(default)]
    pub(super) assumed: u64,
}

/// The end of a run whose requests all have a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunEnd {
    pub(super) ended: Timestamp,
}

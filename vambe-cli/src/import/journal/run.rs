//! The lines of a journal that say when a run began and ended.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::header::{read_time, write_time};

/// A line that is no record: `{"run":{…}}` or `{"run_end":{…}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Marker {
    Run(RunStart),
    RunEnd(RunEnd),
}

/// The beginning of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunStart {
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub(super) started: Timestamp,
    /// The fingerprint of the API key: see [`Account`](super::Account).
    pub(super) key: String,
    /// True if the operator has said that this key is of the same account as those before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) same_account: bool,
    /// The most requests of this run that have no record if it is killed.
    pub(super) unrecorded: u64,
    /// Requests of earlier runs that may have been sent and have no record: they count as sent when this run began.
    #[serde(default)]
    pub(super) assumed: u64,
}

/// The end of a run of which every request has its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunEnd {
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub(super) ended: Timestamp,
}

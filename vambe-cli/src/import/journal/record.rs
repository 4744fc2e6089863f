//! The record of one row.

use serde::{Deserialize, Serialize};

use crate::import::input::Raw;

/// The outcome of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The server applied the row.
    Applied,
    /// The row is invalid, or the server rejected it; retrying will not help.
    Rejected,
    NotSent,
    /// The row may or may not have been applied.
    Unknown,
    /// The row was unknown, and the operator counts it as applied: it is not sent again.
    Settled,
    /// Later rows of the same ticket have set all its keys.
    Superseded,
}

impl Outcome {
    /// Returns true if later runs do not send the row.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Applied | Self::Rejected | Self::Settled | Self::Superseded)
    }

    /// Returns the outcome as people read it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Rejected => "rejected",
            Self::NotSent => "not sent",
            Self::Unknown => "unknown",
            Self::Settled => "settled",
            Self::Superseded => "superseded",
        }
    }
}

/// The outcome of a row with its details, as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The number of the row in the input, from 1.
    pub(crate) row: u64,
    pub(crate) outcome: Outcome,
    /// The number of requests of this run.
    pub(crate) attempts: u32,
    /// The latest time at which one of these requests can have reached the server, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_request_ms: Option<i64>,
    /// The HTTP status of the last response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// The reason why the row was not applied. It must not depend on the row: the report counts rows by reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// The line of the input on which the row begins, unless the row was applied, settled or not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u64>,
    /// The row as it is in the input, if it was rejected or is unknown: such rows are written to files from the journal alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) input: Option<Raw>,
}

impl Record {
    /// Creates a record without details, of a row that was not sent.
    pub(crate) fn new(row: u64, outcome: Outcome) -> Self {
        Self { row, outcome, attempts: 0, last_request_ms: None, status: None, reason: None, line: None, input: None }
    }

    /// Returns the record to report if this one could not be written: the next run sends the row again, so no outcome is final.
    pub(crate) fn unwritten(self) -> Self {
        let outcome = match self.outcome {
            Outcome::Applied | Outcome::Unknown | Outcome::Settled => Outcome::Unknown,
            // The server rejected the row, but the next run cannot know that either.
            Outcome::Rejected if self.attempts > 0 => Outcome::Unknown,
            Outcome::Rejected | Outcome::NotSent | Outcome::Superseded => Outcome::NotSent,
        };
        if outcome == self.outcome {
            return self;
        }
        let reason = Some("its outcome could not be written to the journal".to_owned());
        Self { outcome, status: None, reason, line: None, input: None, ..self }
    }

    /// Returns the approximate length of the line.
    pub(super) fn weight(&self) -> usize {
        let reason = self.reason.as_ref().map_or(0, String::len);
        let input = self.input.as_ref().map_or(0, |input| input.as_bytes().len());
        reason.saturating_add(input).saturating_add(64)
    }
}

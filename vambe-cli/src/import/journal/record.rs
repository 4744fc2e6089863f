//! What became of one row.

use serde::{Deserialize, Serialize};

use crate::import::input::Raw;

/// What became of a row, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The server did it.
    Applied,
    /// It was not done, and would not be if it were sent again.
    Rejected,
    /// Nothing was sent.
    NotSent,
    /// It may have been done.
    Unknown,
    /// It may have been done, and the operator takes it as done: it is not sent again.
    Settled,
    /// Later rows of the same ticket have set all its keys, so there was nothing left to send.
    Superseded,
}

impl Outcome {
    /// Whether the row is not sent again.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Applied | Self::Rejected | Self::Settled | Self::Superseded)
    }
}

/// What became of a row, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Which row of the input, from 1.
    pub(crate) row: u64,
    pub(crate) outcome: Outcome,
    /// How often it was sent in this run.
    pub(crate) attempts: u32,
    /// The latest time at which one of these requests can have reached the server, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_request_ms: Option<i64>,
    /// The HTTP status of the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// Why it was not applied, in a few words that do not depend on the row: it is shown, and rows are counted by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// On which line of the input the row begins, unless it was applied, settled or not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u64>,
    /// The row as it stands in the input, if it was rejected or is unknown: so that such rows can be written out from the
    /// journal alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) input: Option<Raw>,
}

impl Record {
    /// The record of the same row if this one could not be written: the row is sent again, so that nothing about it is final.
    pub(crate) fn unwritten(self) -> Self {
        let outcome = match self.outcome {
            Outcome::Applied | Outcome::Unknown | Outcome::Settled => Outcome::Unknown,
            // The server refused it, which the next run cannot know either.
            Outcome::Rejected if self.attempts > 0 => Outcome::Unknown,
            Outcome::Rejected | Outcome::NotSent | Outcome::Superseded => Outcome::NotSent,
        };
        if outcome == self.outcome {
            return self;
        }
        let reason = Some("its outcome could not be written to the journal".to_owned());
        Self { outcome, status: None, reason, line: None, input: None, ..self }
    }

    /// About how long its line is.
    pub(super) fn weight(&self) -> usize {
        let reason = self.reason.as_ref().map_or(0, String::len);
        let input = self.input.as_ref().map_or(0, |input| input.as_bytes().len());
        reason.saturating_add(input).saturating_add(64)
    }
}

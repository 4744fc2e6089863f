//! The outcome of an update.

use std::{fmt, sync::Arc, time::SystemTime};

use crate::{Error, TicketRef};

/// The outcome of an update. Each update that a run took gets exactly one.
///
/// `Debug` shows the row with its own `Debug`, and redacts the contact number.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome<R> {
    /// The caller's name for the update.
    pub row: R,
    /// The ticket of the update.
    pub ticket: TicketRef,
    /// The kind of outcome.
    pub kind: OutcomeKind,
    /// The number of attempts; 0 if none was made.
    pub attempts: u32,
    /// The latest time at which one of its requests can have reached the server; `None` if none was sent. Pass it to
    /// [`Bulk::already_sent`](super::Bulk::already_sent) to count it in the rate limit of a later run.
    pub last_request: Option<SystemTime>,
    /// The reason why it was not applied, or is unknown; `None` if it was applied.
    pub cause: Option<Cause>,
}

impl<R> Outcome<R> {
    /// Returns the text of the cause, with the server's message if there is one. It contains no API key, contact number or
    /// metadata value.
    pub fn message(&self) -> Option<String> {
        self.cause.as_ref().map(ToString::to_string)
    }

    /// Returns the error of the last attempt, if there was one.
    pub fn error(&self) -> Option<&Error> {
        self.cause.as_ref().and_then(Cause::error)
    }
}

/// The kind of outcome of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// Exhaustive, so that callers can match without a wildcard.
#[allow(clippy::exhaustive_enums)]
pub enum OutcomeKind {
    /// The server applied the update.
    Applied,
    /// The server rejected the update. Retrying will not help; it must be fixed.
    Rejected,
    /// The update was not applied, for a reason outside it: the run ended first, the server rejected the API key, or was
    /// overloaded. It can be sent again unchanged.
    NotSent,
    /// The update may have been applied. Sending it again unchanged is safe.
    Unknown,
}

/// The reason why an update was not applied, or is unknown.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The run ended before the update was sent.
    Ended,
    /// An earlier update of the same ticket is [`NotSent`](OutcomeKind::NotSent) or [`Unknown`](OutcomeKind::Unknown);
    /// resending it would undo this one.
    EarlierPending,
    /// The last attempt failed.
    Failed(Arc<Error>),
}

impl Cause {
    /// Returns the error of the last attempt, if there was one.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Ended | Self::EarlierPending => None,
            Self::Failed(error) => Some(error),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended => f.write_str("the run ended before this update was sent: send it again"),
            Self::EarlierPending => {
                f.write_str("an earlier update of the same ticket may not have been applied: send both again, in order")
            }
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // `Display` already has the text of the error.
        self.error().and_then(std::error::Error::source)
    }
}

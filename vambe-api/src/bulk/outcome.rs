//! What comes out of a run.

use std::{fmt, sync::Arc, time::SystemTime};

use crate::{Error, TicketRef};

/// What became of one update. Each update that a run took has exactly one.
///
/// `Debug` shows the row as its own `Debug` does, and hides the contact number.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome<R> {
    /// What the caller knows the update by.
    pub row: R,
    /// The ticket that it named.
    pub ticket: TicketRef,
    /// What became of it.
    pub kind: OutcomeKind,
    /// How many requests were sent for it, or tried to be; 0 if none.
    pub attempts: u32,
    /// The latest time at which one of these requests can have reached the server; `None` if none was sent. It counts in a
    /// rate limit from then: see [`Bulk::already_sent`](super::Bulk::already_sent).
    pub last_request: Option<SystemTime>,
    /// Why it was not applied, or nobody knows; `None` if it was applied.
    pub cause: Option<Cause>,
}

impl<R> Outcome<R> {
    /// Why it was not applied, in words, with those of the server if it gave any. No key, contact number or metadata value is
    /// in them.
    pub fn message(&self) -> Option<String> {
        self.cause.as_ref().map(ToString::to_string)
    }

    /// The error of the last attempt, if there was one.
    pub fn error(&self) -> Option<&Error> {
        self.cause.as_ref().and_then(Cause::error)
    }
}

/// What became of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// Exhaustive: these four are all that there is, and callers have to be able to rely on it.
#[allow(clippy::exhaustive_enums)]
pub enum OutcomeKind {
    /// The server has applied it.
    Applied,
    /// The server has refused it, and would again: it has to be mended.
    Rejected,
    /// It was not applied, for no fault of its own: the run ended before it was sent, the server did not take the key, or had
    /// no time for it. It can be sent again as it is.
    NotSent,
    /// It may have been applied. It can be sent again as it is, since that does no harm.
    Unknown,
}

/// Why an update was not applied, or nobody knows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The run ended before it was sent.
    Ended,
    /// An earlier update of the same ticket is [`NotSent`](OutcomeKind::NotSent) or [`Unknown`](OutcomeKind::Unknown), and
    /// would undo this one when it is sent again.
    EarlierPending,
    /// The last attempt failed.
    Failed(Arc<Error>),
}

impl Cause {
    /// The error of the last attempt, if there was one.
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
            Self::Ended => f.write_str("the run ended before it was sent: send it again"),
            Self::EarlierPending => f.write_str(
                "an earlier update of the same ticket may not have been applied: send both again, in their order",
            ),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The error's own words are this level's.
        self.error().and_then(std::error::Error::source)
    }
}

//! The errors of the public functions: what is wrong with a state, a seed or a start.

use std::{io, net::SocketAddr};

use thiserror::Error;
use uuid::Uuid;

/// A seed, or a change of a running emulator, that contradicts itself.
///
/// The messages name ids and positions, never a key, a number or metadata.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StateError {
    /// The seed accepts no API key, so that every request would be refused.
    #[error("the seed has no API key; give `api_keys` at least one")]
    NoApiKey,
    /// No request could carry this key.
    #[error("api_keys[{position}] cannot be sent as a header; use visible ASCII characters without spaces")]
    UnusableApiKey {
        /// Its place in `api_keys`, counted from 0.
        position: usize,
    },
    /// Two contacts share an id.
    #[error("two contacts have the ai_contact_id {ai_contact_id}; give each contact its own")]
    DuplicateContact {
        /// The id of both.
        ai_contact_id: Uuid,
    },
    /// Two contacts share a number.
    #[error("contacts {first} and {second} have the same contact_number (only digits count); give each its own")]
    DuplicateNumber {
        /// The `ai_contact_id` of the contact that was there first.
        first: Uuid,
        /// The `ai_contact_id` of the other one.
        second: Uuid,
    },
    /// A number that no request could name.
    #[error("the contact_number of contact {ai_contact_id} has no digit; give it some or leave it out")]
    NumberWithoutDigits {
        /// The contact with that number.
        ai_contact_id: Uuid,
    },
    /// Two tickets, of one contact or of two, share an id.
    #[error("two tickets have the id {id}; give each ticket its own")]
    DuplicateTicket {
        /// The id of both.
        id: Uuid,
    },
    /// A contact has at most one active ticket.
    #[error("contact {ai_contact_id} would have two active tickets; close one of them first")]
    TwoActiveTickets {
        /// The contact with these tickets.
        ai_contact_id: Uuid,
    },
    /// A change names a contact that is not there.
    #[error("no contact has the ai_contact_id {ai_contact_id}; add it first")]
    UnknownContact {
        /// The id that was looked for.
        ai_contact_id: Uuid,
    },
    /// A change names a ticket that is not there.
    #[error("no ticket has the id {id}; add it first")]
    UnknownTicket {
        /// The id that was looked for.
        id: Uuid,
    },
}

/// JSON that is no usable [`Seed`](crate::Seed).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The text is not JSON, or has other fields or types than a seed.
    #[error("line {line}, column {column}: {reason}; `vambe-emulator --print-state` prints a seed to compare with")]
    Json {
        /// The line of the text, counted from 1.
        line: usize,
        /// The column, counted from 1; 0 if the line ended before it began.
        column: usize,
        /// What is wrong there. Never quotes a key, a number or metadata.
        reason: String,
    },
    /// The JSON is a seed that contradicts itself.
    #[error("the seed contradicts itself; correct what its source names")]
    State(#[source] StateError),
}

/// The emulator could not be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The seed given to [`Builder::state`](crate::Builder::state) contradicts itself.
    #[error("the seed contradicts itself; correct what its source names")]
    State(#[source] StateError),
    /// The address cannot be listened on, or not again, mostly because another program does.
    #[error("cannot listen on {address}; free the port, or choose another one (0 takes any free port)")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// The thread of the server, or the runtime on it, could not be created.
    #[error("cannot create the thread of the server; look for a limit on threads or open files")]
    Thread(#[source] io::Error),
    /// The certificate of [`Builder::tls_self_signed`](crate::Builder::tls_self_signed) could not
    /// be made.
    #[cfg(feature = "tls")]
    #[error("cannot make a certificate; start without tls to go on")]
    Certificate(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl SeedError {
    pub(crate) fn json(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let text = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text);
        let reason = match text.rsplit_once(", expected ") {
            // `invalid type: integer `56912345678`, expected a string` quotes what may be a number.
            Some((found, expected)) if found.starts_with("invalid ") => format!("expected {expected}"),
            _ => text.to_owned(),
        };
        Self::Json { line, column, reason }
    }
}

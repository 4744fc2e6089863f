//! The errors of the public functions, except for those of faults.

use std::{io, net::SocketAddr};

use thiserror::Error;
use uuid::Uuid;

/// A seed or a change of a running emulator that breaks a rule.
///
/// The messages show ids and positions, never a key, a number or metadata.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StateError {
    /// The seed has no API key, so that every request would be rejected.
    #[error("the seed has no API key; add one to `api_keys`")]
    NoApiKey,
    /// An API key cannot be sent in a header.
    #[error("api_keys[{position}] cannot be sent in a header; use visible ASCII characters without spaces")]
    UnusableApiKey {
        /// The index of the key in `api_keys`.
        position: usize,
    },
    /// Two contacts have the same id.
    #[error("two contacts have the ai_contact_id {ai_contact_id}; use a unique id for each contact")]
    DuplicateContact {
        /// The shared id.
        ai_contact_id: Uuid,
    },
    /// Two contacts have the same number.
    #[error(
        "contacts {first} and {second} have the same contact_number (only digits count); use a unique number for each contact"
    )]
    DuplicateNumber {
        /// The `ai_contact_id` of the contact that was added first.
        first: Uuid,
        /// The `ai_contact_id` of the other contact.
        second: Uuid,
    },
    /// A contact number has no digit, so that no request could match it.
    #[error("the contact_number of contact {ai_contact_id} has no digit; correct it or leave it out")]
    NumberWithoutDigits {
        /// The `ai_contact_id` of the contact.
        ai_contact_id: Uuid,
    },
    /// Two tickets, of the same contact or of two, have the same id.
    #[error("two tickets have the id {id}; use a unique id for each ticket")]
    DuplicateTicket {
        /// The shared id.
        id: Uuid,
    },
    /// A contact would have more than one active ticket.
    #[error("contact {ai_contact_id} would have two active tickets; close one of them first")]
    TwoActiveTickets {
        /// The `ai_contact_id` of the contact.
        ai_contact_id: Uuid,
    },
    /// The contact does not exist.
    #[error("no contact has the ai_contact_id {ai_contact_id}; add it first")]
    UnknownContact {
        /// The unknown id.
        ai_contact_id: Uuid,
    },
    /// The ticket does not exist.
    #[error("no ticket has the id {id}; add it first")]
    UnknownTicket {
        /// The unknown id.
        id: Uuid,
    },
}

/// JSON that is not a valid [`Seed`](crate::Seed).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The text is not JSON, or has a field or a type that a seed does not have.
    #[error("line {line}, column {column}: {reason}; `--print-state` prints a valid seed")]
    Json {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1; 0 before the first character of the line.
        column: usize,
        /// The problem, without any key, number or metadata of the text.
        reason: String,
    },
    /// The seed breaks a rule.
    #[error("the seed is inconsistent")]
    State(#[source] StateError),
}

/// The emulator could not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The seed of [`Builder::state`](crate::Builder::state) breaks a rule.
    #[error("the seed is inconsistent")]
    State(#[source] StateError),
    /// The address is unavailable, mostly because another program listens on it.
    #[error("cannot listen on {address}; free the port or choose another one (0 takes any free port)")]
    Bind {
        /// The requested address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The server's thread or its runtime could not be created.
    #[error("cannot create the server thread; check the limits on threads and open files")]
    Thread(#[source] io::Error),
    /// The certificate of [`Builder::tls_self_signed`](crate::Builder::tls_self_signed) could not
    /// be created.
    #[cfg(feature = "tls")]
    #[error("cannot create a certificate; start without TLS")]
    Certificate(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl SeedError {
    pub(crate) fn json(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let text = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text);
        let reason = match text.rsplit_once(", expected ") {
            // `invalid type: integer `56912345678`, expected a string` could quote a contact number.
            Some((found, expected)) if found.starts_with("invalid ") => format!("expected {expected}"),
            _ => text.to_owned(),
        };
        Self::Json { line, column, reason }
    }
}

//! The kinds of errors, with their stable names.

use std::fmt;

/// The kind of a failed call, or of a failed attempt: the stage of a request's life at which it failed.
///
/// # Example
///
/// ```
/// # use vambe_api::{Client, ErrorKind, Metadata, TicketRef};
/// # async fn example(client: Client, ticket: TicketRef, metadata: Metadata) {
/// if let Err(error) = client.update_ticket_metadata(ticket, metadata).await {
///     match error.kind() {
///         ErrorKind::NoSlot => println!("try again in {:?}", error.retry_after()),
///         kind => println!("failed: {kind}"),
///     }
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client could not be built: [`Error::Config`](crate::Error::Config).
    Config,
    /// The request is invalid: [`Error::InvalidRequest`](crate::Error::InvalidRequest).
    InvalidRequest,
    /// The client was drained: [`Error::Drained`](crate::Error::Drained).
    Drained,
    /// No slot became free in time: [`Error::NoSlot`](crate::Error::NoSlot).
    NoSlot,
    /// The connection could not be established: [`Error::Connect`](crate::Error::Connect).
    Connect,
    /// The call timed out: [`Error::Timeout`](crate::Error::Timeout).
    Timeout,
    /// The connection was lost: [`Error::Interrupted`](crate::Error::Interrupted).
    Interrupted,
    /// The server answered 3xx: [`Error::Redirect`](crate::Error::Redirect).
    Redirect,
    /// The server answered neither 2xx nor 3xx: [`Error::Status`](crate::Error::Status).
    Status,
}

impl ErrorKind {
    /// Returns the name in snake_case, such as `no_slot`. It never changes, so that dashboards and alerts can rely on it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::InvalidRequest => "invalid_request",
            Self::Drained => "drained",
            Self::NoSlot => "no_slot",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Redirect => "redirect",
            Self::Status => "status",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

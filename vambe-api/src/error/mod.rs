//! The error of a call: one variant per stage in a request's life.

mod context;
mod from;
mod kind;
#[cfg(test)]
mod texts;

use std::{fmt, time::Duration};

use reqwest::StatusCode;
use tokio::time::Instant;

pub use context::CallContext;
pub use kind::ErrorKind;

use crate::{
    Attempt, ConfigError, Delivery, InvalidRequest, StatusError, TransportError,
    call::{Attempts, Blocked, CallFailure, TimeLimits},
    redact::Redactor,
    transport::AttemptError,
};

/// The error of a call. The variants are in the order of a request's life.
///
/// [`delivery`](Self::delivery) says whether the update may have been applied, across all attempts; [`faults`](crate::faults)
/// has a table of faults and their errors. `Display` describes this level only, and the cause is in
/// [`source`](std::error::Error::source). Neither `Display` nor `Debug` shows the API key, a contact number or a metadata value,
/// even if the server repeats one in its message.
///
/// # Example
///
/// ```
/// # use vambe_api::{Client, Error, Metadata, TicketRef};
/// # async fn example(client: Client, ticket: TicketRef, metadata: Metadata) -> Result<(), Error> {
/// match client.update_ticket_metadata(ticket, metadata).await {
///     Ok(_) => {}
///     Err(error) if error.is_ticket_not_found() => println!("no ticket: {:?}", error.message()),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The client could not be built. Nothing was sent.
    Config(ConfigError),
    /// The request is invalid. Nothing was sent.
    InvalidRequest(InvalidRequest),
    /// The client was [drained](crate::Client::drain). Nothing was sent.
    Drained,
    /// No slot became free before the deadline: in the client's rate limit, in its limit on concurrent requests, in the limit that
    /// it [shares](crate::SharedLimit), or after the pause that a `429` causes. Nothing was sent.
    NoSlot(CallContext),
    /// The last attempt could not connect to the server in time. It sent nothing, but an earlier attempt may have.
    Connect(CallContext),
    /// The call timed out. The request may have been sent, and the update may have been applied.
    Timeout(CallContext),
    /// The connection was lost before a response arrived. The request may have been sent, and the update may have been applied.
    Interrupted(CallContext),
    /// The server redirected the request; redirects are not followed. The update was not applied on 307 and 308, and may have
    /// been applied on other statuses.
    Redirect(Box<StatusError>),
    /// The server answered with another status. The update was not applied below 500, and may have been applied from 500 on.
    Status(Box<StatusError>),
}

impl Error {
    /// Returns whether the update may have been applied, across all attempts: see the table in [`faults`](crate::faults).
    pub fn delivery(&self) -> Delivery {
        self.call_attempts().map_or(Delivery::NotSent, Attempts::delivery)
    }

    /// Returns the number of attempts; 0 if none was made.
    pub fn attempts(&self) -> u32 {
        self.call_attempts().map_or(0, Attempts::count)
    }

    /// Returns the result of each attempt, the first one first.
    pub fn history(&self) -> &[Attempt] {
        self.call_attempts().map_or(&[], Attempts::as_slice)
    }

    /// Returns the HTTP status of the last attempt, if the server answered.
    pub fn status(&self) -> Option<StatusCode> {
        self.status_error().map(StatusError::status)
    }

    /// Returns the server's message, if there is one. It may repeat private values of the request; to log it, use
    /// [`redacted_message`](Self::redacted_message).
    pub fn message(&self) -> Option<&str> {
        self.status_error()?.message()
    }

    /// Returns the server's message with the API key, contact numbers and metadata values redacted, on one line of at most 500
    /// characters. It is safe to log.
    pub fn redacted_message(&self) -> Option<&str> {
        self.status_error()?.redacted_message()
    }

    /// Returns the id that the server or a proxy gave the request, for a support ticket.
    pub fn request_id(&self) -> Option<&str> {
        self.status_error()?.request_id()
    }

    /// Returns the wait before the next request: the one the server asks for or, for [`NoSlot`](Self::NoSlot), the time until a
    /// slot may become free. `None` if neither is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NoSlot(context) => context.retry_after,
            _ => self.status_error()?.retry_after(),
        }
    }

    /// Returns the whole response, if there is one.
    pub fn status_error(&self) -> Option<&StatusError> {
        match self {
            Self::Redirect(error) | Self::Status(error) => Some(error),
            _ => None,
        }
    }

    /// Returns `true` if the server answered 400: the request is invalid or has no identifier.
    pub fn is_bad_request(&self) -> bool {
        self.status() == Some(StatusCode::BAD_REQUEST)
    }

    /// Returns `true` if the server answered 401: it rejects the API key.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// Returns `true` if the server answered 404 in the documented form: the contact or the ticket does not exist, or the
    /// contact has no active ticket.
    ///
    /// Returns `false` for a 404 in another form, such as a web server's HTML page for a wrong base URL.
    pub fn is_ticket_not_found(&self) -> bool {
        self.status_error().is_some_and(|error| error.status() == StatusCode::NOT_FOUND && error.is_documented())
    }

    /// Returns `true` if the server answered 429: there were too many requests.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Returns `true` if the call, an attempt or a connection timed out.
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Timeout(_) => true,
            Self::Connect(context) => context.cause.as_ref().is_some_and(TransportError::is_timeout),
            _ => false,
        }
    }

    pub(crate) fn from_call(
        failure: CallFailure<AttemptError>,
        attempts: Attempts,
        limits: TimeLimits,
        redactor: &Redactor<'_>,
    ) -> Self {
        let context = CallContext { cause: None, attempts, limits, blocked: None, retry_after: None };
        match failure {
            CallFailure::NoSlot(Blocked { limit, until }) => Self::NoSlot(CallContext {
                blocked: Some(limit),
                retry_after: until.map(|until| until.saturating_duration_since(Instant::now())),
                ..context
            }),
            CallFailure::NoTime | CallFailure::Attempt(AttemptError::Timeout) => Self::Timeout(context),
            CallFailure::Attempt(AttemptError::Connect(cause)) => {
                Self::Connect(CallContext { cause: Some(cause), ..context })
            }
            CallFailure::Attempt(AttemptError::Interrupted(cause)) => {
                Self::Interrupted(CallContext { cause: Some(cause), ..context })
            }
            CallFailure::Attempt(AttemptError::Answer(answer)) => {
                let error = Box::new(StatusError::new(answer, context.attempts, redactor));
                if error.status().is_redirection() { Self::Redirect(error) } else { Self::Status(error) }
            }
        }
    }

    /// Creates the error of a call whose task panicked, so that its result is unknown.
    #[cfg(any(feature = "blocking", feature = "bulk"))]
    pub(crate) fn lost() -> Self {
        let mut attempts = Attempts::new(false);
        attempts.push(Attempt { status: None, delivery: Delivery::Unknown });
        let limits = TimeLimits::for_call(crate::CallOptions::default());
        Self::Interrupted(CallContext { cause: None, attempts, limits, blocked: None, retry_after: None })
    }

    /// Returns the kind, whose [name](ErrorKind::as_str) never changes. For OpenTelemetry's `error.type`, the status is preferred
    /// if there is one.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Config(_) => ErrorKind::Config,
            Self::InvalidRequest(_) => ErrorKind::InvalidRequest,
            Self::Drained => ErrorKind::Drained,
            Self::NoSlot(_) => ErrorKind::NoSlot,
            Self::Connect(_) => ErrorKind::Connect,
            Self::Timeout(_) => ErrorKind::Timeout,
            Self::Interrupted(_) => ErrorKind::Interrupted,
            Self::Redirect(_) => ErrorKind::Redirect,
            Self::Status(_) => ErrorKind::Status,
        }
    }

    fn call_attempts(&self) -> Option<&Attempts> {
        match self {
            Self::Config(_) | Self::InvalidRequest(_) | Self::Drained => None,
            Self::NoSlot(context) | Self::Connect(context) | Self::Timeout(context) | Self::Interrupted(context) => {
                Some(&context.attempts)
            }
            Self::Redirect(error) | Self::Status(error) => Some(error.attempts()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(_) => f.write_str("could not build the client"),
            Self::InvalidRequest(_) => f.write_str("the request is invalid and was not sent"),
            Self::Drained => f.write_str("the client was drained and sends nothing more: build another client"),
            Self::NoSlot(context) => context.fmt_no_slot(f),
            Self::Connect(context) => context.fmt_connect(f),
            Self::Timeout(context) => context.fmt_timeout(f),
            Self::Interrupted(context) => context.fmt_interrupted(f),
            Self::Redirect(error) | Self::Status(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Config(error) => Some(error),
            Self::InvalidRequest(error) => Some(error),
            Self::NoSlot(context) | Self::Connect(context) | Self::Timeout(context) | Self::Interrupted(context) => {
                context.cause.as_ref().map(|cause| cause as _)
            }
            // `Display` already has the text of the response.
            Self::Drained | Self::Redirect(_) | Self::Status(_) => None,
        }
    }
}

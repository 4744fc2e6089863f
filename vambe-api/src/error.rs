//! Why a call failed: one variant for each stage in a request's life.

use std::{convert::Infallible, fmt, time::Duration};

use reqwest::StatusCode;
use tokio::time::Instant;

use crate::{
    Attempt, ConfigError, Delivery, EmptyMetadata, InvalidContactNumber, InvalidRequest, InvalidTicketRef, StatusError,
    TransportError,
    call::{Attempts, Blocked, CallFailure, Limit, Seconds, TimeLimits},
    redact::Redactor,
    transport::AttemptError,
};

/// Why a call failed, in the order of a request's life.
///
/// [`delivery`](Self::delivery) tells what became of the update. `Display` tells of this level only; the cause is in
/// [`source`](std::error::Error::source). Neither it nor `Debug` shows the API key, a contact number or a metadata value,
/// also where the server repeats one in its message.
///
/// # Example
///
/// ```
/// # use vambe_api::{Client, Error, Metadata, TicketRef};
/// # async fn example(client: Client, ticket: TicketRef, metadata: Metadata) -> Result<(), Error> {
/// match client.update_ticket_metadata(ticket, metadata).await {
///     Ok(_) => {}
///     Err(error) if error.is_ticket_not_found() => println!("no such ticket: {:?}", error.message()),
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
    /// The request is not one that can be sent. Nothing was sent.
    InvalidRequest(InvalidRequest),
    /// No slot of the client's limits became free in time: of its rate limit, its limit on concurrent requests, or the pause
    /// that the server asked for with a `429`. Nothing was sent.
    NoSlot(CallContext),
    /// The last attempt could not connect to the server, or had no time left to. Nothing was sent, unless an earlier attempt did.
    Connect(CallContext),
    /// The time ran out. The request MAY have been sent, and the update may have been applied.
    Timeout(CallContext),
    /// The exchange broke off before an answer came. The request MAY have been sent, and the update may have been applied.
    Interrupted(CallContext),
    /// The server redirects, which is not followed. The update was not applied on 307 and 308, and may have been on others.
    Redirect(Box<StatusError>),
    /// The server answered with another status. The update was not applied below 500, and may have been from there on.
    Status(Box<StatusError>),
}

impl Error {
    /// What became of the update: not sent, rejected, or unknown. All attempts count.
    pub fn delivery(&self) -> Delivery {
        self.failed_attempts().map_or(Delivery::NotSent, Attempts::delivery)
    }

    /// How many attempts there were; 0 if nothing was tried.
    pub fn attempts(&self) -> u32 {
        self.failed_attempts().map_or(0, Attempts::count)
    }

    /// What each attempt came to, the first one first, so that no earlier status is lost behind the last one.
    pub fn history(&self) -> &[Attempt] {
        self.failed_attempts().map_or(&[], Attempts::as_slice)
    }

    /// The HTTP status of the last attempt, if the server answered.
    pub fn status(&self) -> Option<StatusCode> {
        self.status_error().map(StatusError::status)
    }

    /// The server's own words, if it answered with any. They may repeat what was sent, so mind where they are written to.
    pub fn message(&self) -> Option<&str> {
        self.status_error()?.message()
    }

    /// Returns the server's message without what the request carried: API key, contact number, metadata values. On one line
    /// and at most 500 characters long, so that it can be logged.
    pub fn redacted_message(&self) -> Option<&str> {
        self.status_error()?.redacted_message()
    }

    /// The id that the server or a proxy before it has given the request, to be told to its support.
    pub fn request_id(&self) -> Option<&str> {
        self.status_error()?.request_id()
    }

    /// How long to wait before the next request: what the server asks for or, with [`NoSlot`](Self::NoSlot), until a slot may
    /// become free; `None` if neither is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NoSlot(error) => error.retry_after,
            _ => self.status_error()?.retry_after(),
        }
    }

    /// The whole answer, if the server gave one.
    pub fn status_error(&self) -> Option<&StatusError> {
        match self {
            Self::Redirect(error) | Self::Status(error) => Some(error),
            _ => None,
        }
    }

    /// Whether the server answered 400: it found no identifier, or the request invalid.
    pub fn is_bad_request(&self) -> bool {
        self.status() == Some(StatusCode::BAD_REQUEST)
    }

    /// Whether the server answered 401: it does not take the API key.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// Whether the server answered 404 in the documented form: the contact or the ticket cannot be found, or the contact
    /// has no active ticket.
    ///
    /// A 404 in another form, such as a web server's HTML page for a wrong base URL, is none.
    pub fn is_ticket_not_found(&self) -> bool {
        self.status_error().is_some_and(|error| error.status() == StatusCode::NOT_FOUND && error.is_documented())
    }

    /// Whether the server answered 429: there were too many requests.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the time for the call, an attempt or a connection ran out.
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Timeout(_) => true,
            Self::Connect(error) => error.cause.as_ref().is_some_and(TransportError::is_timeout),
            _ => false,
        }
    }

    pub(crate) fn from_call(
        failure: CallFailure<AttemptError>,
        attempts: Attempts,
        limits: TimeLimits,
        redactor: &Redactor<'_>,
    ) -> Self {
        let call = |cause, attempts| CallContext { cause, attempts, limits, blocked: None, retry_after: None };
        match failure {
            CallFailure::NoSlot(Blocked { limit, until }) => Self::NoSlot(CallContext {
                blocked: Some(limit),
                retry_after: until.map(|until| until.saturating_duration_since(Instant::now())),
                ..call(None, attempts)
            }),
            CallFailure::NoTime | CallFailure::Attempt(AttemptError::Timeout) => Self::Timeout(call(None, attempts)),
            CallFailure::Attempt(AttemptError::Connect(cause)) => Self::Connect(call(Some(cause), attempts)),
            CallFailure::Attempt(AttemptError::Interrupted(cause)) => Self::Interrupted(call(Some(cause), attempts)),
            CallFailure::Attempt(AttemptError::Answer(answer)) => {
                let error = Box::new(StatusError::new(answer, attempts, redactor));
                if error.status().is_redirection() { Self::Redirect(error) } else { Self::Status(error) }
            }
        }
    }

    /// A call of which nothing more is known.
    #[cfg(any(feature = "blocking", feature = "bulk"))]
    pub(crate) fn lost() -> Self {
        let mut attempts = Attempts::new(false);
        attempts.push(Attempt { status: None, delivery: Delivery::Unknown });
        Self::Interrupted(CallContext {
            cause: None,
            attempts,
            limits: TimeLimits::for_call(crate::CallOptions::default()),
            blocked: None,
            retry_after: None,
        })
    }

    /// A word for the stage, as OpenTelemetry's `error.type` wants it where there is no status.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Config(_) => "config",
            Self::InvalidRequest(_) => "invalid_request",
            Self::NoSlot(_) => "no_slot",
            Self::Connect(_) => "connect",
            Self::Timeout(_) => "timeout",
            Self::Interrupted(_) => "interrupted",
            Self::Redirect(_) => "redirect",
            Self::Status(_) => "status",
        }
    }

    fn failed_attempts(&self) -> Option<&Attempts> {
        match self {
            Self::Config(_) | Self::InvalidRequest(_) => None,
            Self::NoSlot(error) | Self::Connect(error) | Self::Timeout(error) | Self::Interrupted(error) => {
                Some(&error.attempts)
            }
            Self::Redirect(error) | Self::Status(error) => Some(error.attempts()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(_) => f.write_str("the client could not be built"),
            Self::InvalidRequest(_) => f.write_str("the request was not sent, since it is not valid"),
            Self::NoSlot(error) => write!(f, "{}: {}", error.no_slot(), error.attempts.advice()),
            Self::Connect(error) => write!(
                f,
                "could not connect to the server{}: {}, {}",
                error.tries(),
                error.attempts.advice(),
                match &error.cause {
                    Some(cause) if cause.is_rejected_certificate() => {
                        "the server's certificate was rejected, check the base URL and the clock, or trust its issuer by \
                         `ClientBuilder::add_root_certificates`"
                    }
                    _ => "check the base URL, the network and the proxy settings",
                }
            ),
            Self::Timeout(error) => {
                write!(f, "timed out{} ({}): {}", error.tries(), error.limits, error.attempts.advice())
            }
            Self::Interrupted(error) => {
                write!(f, "the exchange with the server broke off{}: {}", error.tries(), error.attempts.advice())
            }
            Self::Redirect(error) | Self::Status(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Config(error) => Some(error),
            Self::InvalidRequest(error) => Some(error),
            Self::NoSlot(error) | Self::Connect(error) | Self::Timeout(error) | Self::Interrupted(error) => {
                error.cause.as_ref().map(|cause| cause as _)
            }
            // Its own words are this level's.
            Self::Redirect(_) | Self::Status(_) => None,
        }
    }
}

/// The circumstances of a call that failed without an answer: see the methods of [`Error`].
#[derive(Debug)]
pub struct CallContext {
    cause: Option<TransportError>,
    attempts: Attempts,
    limits: TimeLimits,
    /// Which limit had no slot.
    blocked: Option<Limit>,
    retry_after: Option<Duration>,
}

impl CallContext {
    fn tries(&self) -> String {
        match self.attempts.count() {
            0 | 1 => String::new(),
            count => format!(" at the last of {count} attempts"),
        }
    }

    fn no_slot(&self) -> String {
        let within = self.limits.call.map(|limit| format!(" within {}", Seconds(limit))).unwrap_or_default();
        match (self.blocked, self.retry_after) {
            (Some(Limit::Pause), Some(wait)) => format!(
                "the server answered 429 and requests are paused for another {}, which is longer than the call may take; \
                 try again then",
                Seconds(wait)
            ),
            (Some(Limit::Pause), None) => {
                format!("the server answered 429 and accepted no other request{within}; send fewer requests")
            }
            _ => format!(
                "no rate-limit or concurrency slot became free{within}; raise the time limit or send fewer requests"
            ),
        }
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<InvalidRequest> for Error {
    fn from(error: InvalidRequest) -> Self {
        Self::InvalidRequest(error)
    }
}

impl From<InvalidTicketRef> for Error {
    fn from(error: InvalidTicketRef) -> Self {
        Self::InvalidRequest(InvalidRequest::TicketRef(error))
    }
}

impl From<InvalidContactNumber> for Error {
    fn from(error: InvalidContactNumber) -> Self {
        InvalidTicketRef::from(error).into()
    }
}

impl From<EmptyMetadata> for Error {
    fn from(error: EmptyMetadata) -> Self {
        Self::InvalidRequest(error.into())
    }
}

impl From<Infallible> for Error {
    fn from(error: Infallible) -> Self {
        match error {}
    }
}

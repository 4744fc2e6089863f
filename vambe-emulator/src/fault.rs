//! One fault: what it is, and how a test writes it down in Rust.

mod error;
mod kind;
mod mix;
mod plan;
mod response;
mod retry_after;
mod table;
mod text;
mod time;

use std::{fmt, time::Duration};

use http::StatusCode;

pub use self::{error::FaultError, kind::FaultKind, mix::FaultMix, retry_after::RetryAfter};
pub(crate) use self::{
    kind::Act,
    plan::{FaultPlan, Standing},
    response::respond,
};

/// How long `body-slow-drip` waits between two bytes, unless it is told otherwise.
pub(crate) const DRIP: Duration = Duration::from_millis(50);

/// Something that goes wrong with one update request.
///
/// The table in the [crate docs](crate#faults) says what each fault does and how it is written as
/// text, for the command line or for the rows of a test. A fault is given to a running emulator by
/// [`Emulator::inject`](crate::Emulator::inject) and its siblings.
///
/// The update is applied in the faults whose name ends in `after-write` and in those that answer
/// with 2xx, since there the server did its job. In the others it is not.
/// [`after_write`](Self::after_write) and [`before_write`](Self::before_write) turn that round.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use vambe_emulator::{Fault, RetryAfter, StatusCode};
///
/// // A 503 that comes late, and although the update was applied.
/// let fault = Fault::status(StatusCode::SERVICE_UNAVAILABLE).after_write().after(Duration::from_secs(2));
/// assert_eq!(fault.to_string(), "latency:2s:status:503:after-write");
/// assert!(fault.applies_update());
///
/// let fault: Fault = "429:retry-after=7".parse()?;
/// assert_eq!(fault, Fault::retry_after(StatusCode::TOO_MANY_REQUESTS, RetryAfter::Seconds(7)));
/// # Ok::<(), vambe_emulator::FaultError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a fault does nothing before it is injected"]
pub struct Fault {
    kind: &'static FaultKind,
    status: StatusCode,
    applied: bool,
    retry_after: Option<RetryAfter>,
    every: Duration,
    location: Option<String>,
    latency: Duration,
}

impl Fault {
    /// All kinds of faults, in the order of the table in the [crate docs](crate#faults).
    pub fn kinds() -> &'static [&'static FaultKind] {
        table::ALL
    }

    /// No fault: the request is answered as ever.
    ///
    /// In a queue it lets a request through, in a [`FaultMix`] it is the share that goes well.
    pub fn none() -> Self {
        Self::of(&table::NONE)
    }

    /// The connection is reset, and the body of the request is not read.
    ///
    /// As soon as the head has told that it is an update. The request is counted in
    /// [`unread_requests`](crate::Emulator::unread_requests) and not in
    /// [`requests`](crate::Emulator::requests).
    pub fn reset_before_reading() -> Self {
        Self::of(&table::RESET_BEFORE_READING)
    }

    /// The request is read to its end, and the connection is reset. The update is not applied.
    pub fn reset_before_write() -> Self {
        Self::of(&table::RESET_BEFORE_WRITE)
    }

    /// The update is applied, and the connection is reset before any byte of the answer.
    pub fn reset_after_write() -> Self {
        Self::of(&table::RESET_AFTER_WRITE)
    }

    /// The request is read to its end, and the connection is closed in good order. The update is
    /// not applied.
    pub fn close_before_write() -> Self {
        Self::of(&table::CLOSE_BEFORE_WRITE)
    }

    /// The update is applied, and the connection is closed in good order, without an answer.
    pub fn close_after_write() -> Self {
        Self::of(&table::CLOSE_AFTER_WRITE)
    }

    /// An answer with this status: for 2xx the usual body and the update applied, for 204 and 304
    /// no body, for 502 the HTML of a gateway, for any other the page's error body.
    pub fn status(status: StatusCode) -> Self {
        Self::of(&table::STATUS).with_status(status)
    }

    /// The same as [`status`](Self::status), with the header `Retry-After`.
    pub fn retry_after(status: StatusCode, retry_after: RetryAfter) -> Self {
        Self { retry_after: Some(retry_after), ..Self::status(status) }
    }

    /// An error whose `message` is a list of texts.
    pub fn message_list(status: StatusCode) -> Self {
        Self::of(&table::MESSAGE_LIST).with_status(status)
    }

    /// A redirect to `location`; the update is not applied.
    ///
    /// # Errors
    ///
    /// [`FaultError::Redirect`] if the status is not 3xx, [`FaultError::Location`] if the location
    /// is empty, is not visible ASCII, or holds a comma (which separates the faults of a mix).
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_emulator::{Fault, StatusCode};
    ///
    /// let fault = Fault::redirect(StatusCode::TEMPORARY_REDIRECT, "http://127.0.0.1:9/x")?;
    /// assert_eq!(fault.to_string(), "redirect:307:http://127.0.0.1:9/x");
    /// # Ok::<(), vambe_emulator::FaultError>(())
    /// ```
    pub fn redirect(status: StatusCode, location: impl Into<String>) -> Result<Self, FaultError> {
        if !status.is_redirection() {
            return Err(FaultError::Redirect { status: status.as_u16() });
        }
        let location = location.into();
        let is_sendable = location.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
        if location.is_empty() || !is_sendable {
            return Err(FaultError::Location);
        }
        Ok(Self { location: Some(location), ..Self::of(&table::REDIRECT).with_status(status) })
    }

    /// A 200 whose body is an HTML page.
    pub fn html_200() -> Self {
        Self::of(&table::HTML_200)
    }

    /// A 200 with an empty body.
    pub fn empty_200() -> Self {
        Self::of(&table::EMPTY_200)
    }

    /// A 200 with JSON of another shape.
    pub fn wrong_json_200() -> Self {
        Self::of(&table::WRONG_JSON_200)
    }

    /// A 200 with a field that the page does not name, besides the one it does.
    pub fn unknown_field_200() -> Self {
        Self::of(&table::UNKNOWN_FIELD_200)
    }

    /// An answer that ends in the middle of its body: the connection is closed in good order, with
    /// fewer bytes sent than `Content-Length` says.
    pub fn body_cut(status: StatusCode) -> Self {
        Self::of(&table::BODY_CUT).with_status(status)
    }

    /// An answer whose `Content-Length` is larger than its body, on a connection that stays open:
    /// the client waits until it gives up.
    pub fn content_length_too_long(status: StatusCode) -> Self {
        Self::of(&table::CONTENT_LENGTH_TOO_LONG).with_status(status)
    }

    /// An answer whose body never ends: chunked, the usual body and then spaces, 16 KiB each 10 ms.
    pub fn body_endless(status: StatusCode) -> Self {
        Self::of(&table::BODY_ENDLESS).with_status(status)
    }

    /// An answer whose body comes byte by byte, with this pause in between.
    pub fn body_slow_drip(status: StatusCode, every: Duration) -> Self {
        Self { every, ..Self::of(&table::BODY_SLOW_DRIP).with_status(status) }
    }

    /// An answer with a body of 10,000,000 bytes: the usual body and then spaces, so that it is
    /// right but for its size.
    pub fn body_large(status: StatusCode) -> Self {
        Self::of(&table::BODY_LARGE).with_status(status)
    }

    /// Lets this much time pass before the answer, the reset or the close; on the emulator's own
    /// clock, so that tokio's paused clock does not shorten it.
    ///
    /// The time passes after the update was applied, if it is applied at all: a client that gives
    /// up meanwhile does not undo it. The last call counts.
    pub fn after(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    /// Applies the update before the fault answers, which is what makes a 5xx ambiguous.
    ///
    /// Changes the faults that answer, in the table those with `[:WRITE]`; the others say in their
    /// names what becomes of the update.
    pub fn after_write(self) -> Self {
        self.with_write(true)
    }

    /// Answers without applying the update, also if the answer is 2xx: such as a proxy that
    /// answers in the server's stead.
    ///
    /// Changes the same faults as [`after_write`](Self::after_write).
    pub fn before_write(self) -> Self {
        self.with_write(false)
    }

    /// What kind of fault it is.
    pub fn kind(&self) -> &'static FaultKind {
        if self.kind == &table::NONE && !self.latency.is_zero() { &table::LATENCY } else { self.kind }
    }

    /// The time before the answer, the reset or the close.
    pub fn latency(&self) -> Duration {
        self.latency
    }

    /// Whether an update that is in order is applied.
    pub fn applies_update(&self) -> bool {
        self.applied
    }

    /// Whether the request is answered as ever, and without a wait.
    pub fn is_none(&self) -> bool {
        self.kind() == &table::NONE
    }

    pub(crate) fn act(&self) -> Act {
        self.kind.act
    }

    fn of(kind: &'static FaultKind) -> Self {
        Self {
            kind,
            status: kind.status,
            applied: kind.applies(kind.status),
            retry_after: None,
            every: DRIP,
            location: None,
            latency: Duration::ZERO,
        }
    }

    /// An interim status ends no request, so 1xx becomes a 500.
    fn with_status(self, status: StatusCode) -> Self {
        let status = if status.is_informational() { StatusCode::INTERNAL_SERVER_ERROR } else { status };
        Self { status, applied: self.kind.applies(status), ..self }
    }

    fn with_write(self, applied: bool) -> Self {
        let applied = if self.kind.takes(kind::Part::Write) { applied } else { self.applied };
        Self { applied, ..self }
    }
}

/// As its text form: `Fault(status:503:after-write)`.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({self})")
    }
}

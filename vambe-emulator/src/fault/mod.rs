//! Faults as tests write them: the type, its constructors and its modifiers.

mod effect;
mod error;
mod kind;
mod mix;
mod plan;
mod retry_after;
mod table;
mod text;

use std::{fmt, time::Duration};

use http::{HeaderValue, StatusCode};

pub(crate) use self::{
    effect::{CannedResponse, Disconnect, Effect, OkBody, Transfer},
    plan::{DefaultFault, FaultPlan},
};
pub use self::{error::FaultError, kind::FaultKind, mix::FaultMix, retry_after::RetryAfter};

/// A failure injected into one update request.
///
/// The table in the [crate docs](crate#faults) lists the effect of each fault and its text form,
/// which the command line and tables of tests use. [`Emulator::inject`](crate::Emulator::inject)
/// and its siblings give a fault to a running emulator.
///
/// A fault applies the update if its name ends in `after-write` or if it responds with 2xx, because
/// in these cases the server did its job. [`after_write`](Self::after_write) and
/// [`before_write`](Self::before_write) override that for every fault that responds.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use vambe_emulator::{Fault, RetryAfter, StatusCode};
///
/// // A 503 that arrives late, although the update was applied.
/// let fault = Fault::status(StatusCode::SERVICE_UNAVAILABLE).after_write().after(Duration::from_secs(2));
/// assert_eq!(fault.to_string(), "latency:2s:status:503:after-write");
/// assert!(fault.applies_update());
///
/// let fault: Fault = "429:retry-after=7".parse()?;
/// assert_eq!(fault, Fault::retry_after(StatusCode::TOO_MANY_REQUESTS, RetryAfter::Seconds(7)));
/// # Ok::<(), vambe_emulator::FaultError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a fault does nothing until it is injected"]
pub struct Fault {
    effect: Effect,
    latency: Duration,
}

impl Fault {
    /// Returns all kinds of faults, in the order of the table in the [crate docs](crate#faults).
    pub fn kinds() -> &'static [&'static FaultKind] {
        table::ALL
    }

    /// Creates a fault without an effect: the request gets its usual response.
    ///
    /// In a queue it lets one request through; in a [`FaultMix`] its weight is the share of
    /// requests that succeed.
    pub fn none() -> Self {
        Self::of(Effect::Normal)
    }

    /// Resets the connection as soon as the head of the request has arrived. The body is not read.
    ///
    /// [`unread_requests`](crate::Emulator::unread_requests) counts the request;
    /// [`requests`](crate::Emulator::requests) does not list it.
    pub fn reset_before_reading() -> Self {
        Self::of(Effect::ResetBeforeReading)
    }

    /// Reads the request, then resets the connection without applying the update.
    pub fn reset_before_write() -> Self {
        Self::of(Effect::Disconnect { how: Disconnect::Reset, applied: false })
    }

    /// Applies the update, then resets the connection before any byte of the response.
    pub fn reset_after_write() -> Self {
        Self::of(Effect::Disconnect { how: Disconnect::Reset, applied: true })
    }

    /// Reads the request, then closes the connection cleanly without applying the update.
    pub fn close_before_write() -> Self {
        Self::of(Effect::Disconnect { how: Disconnect::Close, applied: false })
    }

    /// Applies the update, then closes the connection cleanly without a response.
    pub fn close_after_write() -> Self {
        Self::of(Effect::Disconnect { how: Disconnect::Close, applied: true })
    }

    /// Responds with this status.
    ///
    /// A 2xx has the usual body and applies the update, 204 and 304 have no body, 502 has the HTML
    /// of a gateway, and any other status has the page's error body. A 1xx, which ends no request,
    /// becomes a 500.
    pub fn status(status: StatusCode) -> Self {
        Self::respond(CannedResponse::Status { status: status.into(), retry_after: None })
    }

    /// Responds as [`status`](Self::status) does, with the header `Retry-After`.
    pub fn retry_after(status: StatusCode, retry_after: RetryAfter) -> Self {
        Self::respond(CannedResponse::Status { status: status.into(), retry_after: Some(retry_after) })
    }

    /// Responds with an error whose `message` is a list of strings.
    pub fn message_list(status: StatusCode) -> Self {
        Self::respond(CannedResponse::MessageList { status: status.into() })
    }

    /// Redirects to `location` without applying the update.
    ///
    /// # Errors
    ///
    /// Returns [`FaultError::Redirect`] if the status is not 3xx, and [`FaultError::Location`] if
    /// the location is empty, is not visible ASCII, or holds a comma, which separates the faults of
    /// a mix.
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
        if location.is_empty() || !location.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',') {
            return Err(FaultError::Location);
        }
        let location = HeaderValue::try_from(location).map_err(|_| FaultError::Location)?;
        Ok(Self::respond(CannedResponse::Redirect { status, location }))
    }

    /// Responds with 200 and an HTML page.
    pub fn html_200() -> Self {
        Self::respond(CannedResponse::Ok(OkBody::Html))
    }

    /// Responds with 200 and an empty body.
    pub fn empty_200() -> Self {
        Self::respond(CannedResponse::Ok(OkBody::Empty))
    }

    /// Responds with 200 and JSON of an undocumented shape.
    pub fn wrong_json_200() -> Self {
        Self::respond(CannedResponse::Ok(OkBody::WrongJson))
    }

    /// Responds with 200 and the usual body plus an undocumented field.
    pub fn unknown_field_200() -> Self {
        Self::respond(CannedResponse::Ok(OkBody::UnknownField))
    }

    /// Ends the response in the middle of its body: the connection is closed cleanly after fewer
    /// bytes than `Content-Length` announces.
    pub fn body_cut(status: StatusCode) -> Self {
        Self::broken_body(status, Transfer::Cut)
    }

    /// Announces a `Content-Length` above the size of the body and keeps the connection open, so
    /// that the client waits until it gives up.
    pub fn content_length_too_long(status: StatusCode) -> Self {
        Self::broken_body(status, Transfer::ContentLengthTooLong)
    }

    /// Sends a chunked body that never ends: the usual body, then 16 KiB of spaces every 10 ms.
    pub fn body_endless(status: StatusCode) -> Self {
        Self::broken_body(status, Transfer::Endless)
    }

    /// Sends the body byte by byte, with this pause after each byte.
    pub fn body_slow_drip(status: StatusCode, every: Duration) -> Self {
        Self::broken_body(status, Transfer::SlowDrip { every })
    }

    /// Sends a valid body of 10,000,000 bytes: the usual body, then spaces.
    pub fn body_large(status: StatusCode) -> Self {
        Self::broken_body(status, Transfer::Large)
    }

    /// Delays the response, the reset or the close by this long. The last call wins.
    ///
    /// The delay runs on the emulator's own clock, so that tokio's paused clock does not shorten
    /// it. It begins after the update was applied, if the fault applies it: a client that gives up
    /// during the delay does not undo the update.
    pub fn after(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    /// Applies the update before the response, which makes a 5xx ambiguous.
    ///
    /// Affects only faults that respond, those with `[:WRITE]` in the table; the names of the
    /// others say whether they apply the update.
    pub fn after_write(self) -> Self {
        self.with_write(true)
    }

    /// Responds without applying the update, even with 2xx, as a proxy in front of the server might.
    ///
    /// Affects the same faults as [`after_write`](Self::after_write).
    pub fn before_write(self) -> Self {
        self.with_write(false)
    }

    /// Returns the kind of the fault.
    pub fn kind(&self) -> &'static FaultKind {
        match self.effect {
            Effect::Normal if !self.latency.is_zero() => &table::LATENCY,
            _ => self.effect.kind(),
        }
    }

    /// Returns the delay of the response, the reset or the close.
    pub fn latency(&self) -> Duration {
        self.latency
    }

    /// Returns `true` if the fault lets a valid update be applied.
    pub fn applies_update(&self) -> bool {
        self.effect.applies_update()
    }

    /// Returns `true` if the request gets its usual response without a delay.
    pub fn is_none(&self) -> bool {
        *self == Self::none()
    }

    pub(crate) fn effect(&self) -> &Effect {
        &self.effect
    }

    fn of(effect: Effect) -> Self {
        Self { effect, latency: Duration::ZERO }
    }

    fn respond(response: CannedResponse) -> Self {
        let applied = response.status().is_success();
        Self::of(Effect::Respond { response, applied })
    }

    fn broken_body(status: StatusCode, transfer: Transfer) -> Self {
        Self::respond(CannedResponse::BrokenBody { status: status.into(), transfer })
    }

    fn with_write(mut self, write: bool) -> Self {
        if let Effect::Respond { applied, .. } = &mut self.effect {
            *applied = write;
        }
        self
    }
}

/// Shows the text form: `Fault(status:503:after-write)`.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({self})")
    }
}

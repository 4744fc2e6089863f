//! The constructors of faults.

use std::time::Duration;

use http::{HeaderValue, StatusCode};

use super::{CannedResponse, Disconnect, Effect, Fault, FaultError, OkBody, RetryAfter, Transfer};

impl Fault {
    /// Creates a fault without an effect: the request gets its usual response.
    ///
    /// In a queue it lets one request through; in a [`FaultMix`](crate::FaultMix) its weight is the share of
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

    /// Applies the update only after this delay, and then sends the usual response.
    ///
    /// The update is applied although the client has given up by then: it may come after the
    /// client's retry, and after its later updates. Also the checks of the request come after the
    /// delay. A delay of the response alone is [`after`](Self::after).
    pub fn late_write(delay: Duration) -> Self {
        Self::of(Effect::LateWrite { delay })
    }

    /// Revokes the API key of the request: this and every later request with the key gets 401.
    ///
    /// Other keys of the seed stay valid. [`Emulator::reset`](crate::Emulator::reset) and
    /// [`Emulator::clear_faults`](crate::Emulator::clear_faults) restore the key.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_emulator::{Emulator, Fault};
    ///
    /// let emulator = Emulator::start()?;
    /// // The third update finds the key revoked.
    /// emulator.inject_all([Fault::none(), Fault::none(), Fault::revoked_key()]);
    /// # Ok::<(), vambe_emulator::StartError>(())
    /// ```
    pub fn revoked_key() -> Self {
        Self::of(Effect::RevokedKey)
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

    /// Sends the head at once, and the first byte of the body after this delay.
    pub fn body_late(status: StatusCode, delay: Duration) -> Self {
        Self::broken_body(status, Transfer::Late { delay })
    }

    /// Sends a valid body of 10,000,000 bytes: the usual body, then spaces.
    pub fn body_large(status: StatusCode) -> Self {
        Self::broken_body(status, Transfer::Large)
    }

    fn of(effect: Effect) -> Self {
        Self { effect, latency: Duration::ZERO, lasting: Duration::ZERO }
    }

    fn respond(response: CannedResponse) -> Self {
        let applied = response.status().is_success();
        Self::of(Effect::Respond { response, applied })
    }

    fn broken_body(status: StatusCode, transfer: Transfer) -> Self {
        Self::respond(CannedResponse::BrokenBody { status: status.into(), transfer })
    }
}

//! The scripted reply to one attempt: a response, or a failure to get one.

use std::{fmt, time::Duration};

use bytes::Bytes;
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
};
use serde::Serialize;

/// The reply to one attempt: a response, or a failure to get one.
///
/// `Debug` shows the status and the length of the body.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use vambe_api::{StatusCode, testing::Reply};
///
/// let late = Reply::ok().delay(Duration::from_secs(10));
/// let throttled = Reply::error(StatusCode::TOO_MANY_REQUESTS, "slow down");
/// let throttled = throttled.retry_after(Duration::from_secs(7));
/// let page_of_a_proxy = Reply::status(StatusCode::BAD_GATEWAY).body("<html>");
/// ```
#[derive(Clone)]
#[must_use = "a reply does nothing until it is part of a script or turned into an error or a result"]
pub struct Reply {
    pub(crate) outcome: Outcome,
    pub(crate) delay: Duration,
}

#[derive(Clone)]
pub(crate) enum Outcome {
    Answer(Answer),
    /// No connection is established.
    Refused,
    /// The connection is lost after the request was sent.
    Lost,
    /// Nothing arrives.
    Silent,
}

#[derive(Clone, Default)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) cut: bool,
}

impl Reply {
    fn new(outcome: Outcome) -> Self {
        Self { outcome, delay: Duration::ZERO }
    }

    /// Returns the documented success: `200` with the body `{"status": "ok"}`.
    pub fn ok() -> Self {
        Self::status(StatusCode::OK).json_text(r#"{"status":"ok"}"#.into())
    }

    /// Returns an error response in the documented form, with `statusCode` and `message` in its body.
    pub fn error(status: StatusCode, message: &str) -> Self {
        let body = serde_json::json!({ "statusCode": status.as_u16(), "message": message });
        Self::status(status).json_text(body.to_string().into())
    }

    /// Returns a response with this status, without headers and with an empty body.
    pub fn status(status: StatusCode) -> Self {
        Self::new(Outcome::Answer(Answer { status, ..Answer::default() }))
    }

    /// Returns a connection that is refused: [`Error::Connect`](crate::Error::Connect). Nothing is sent.
    ///
    /// With a [`delay`](Self::delay) of the connect time-out or longer, connecting times out.
    pub fn refused() -> Self {
        Self::new(Outcome::Refused)
    }

    /// Returns a connection that is lost after the request was sent: [`Error::Interrupted`](crate::Error::Interrupted).
    pub fn lost() -> Self {
        Self::new(Outcome::Lost)
    }

    /// Returns a server that takes the request and never answers: [`Error::Timeout`](crate::Error::Timeout).
    pub fn silent() -> Self {
        Self::new(Outcome::Silent)
    }

    /// Sets the body to a value as JSON, with its `Content-Type`. Has no effect on a reply without a response.
    ///
    /// # Errors
    ///
    /// Returns the error of `serde_json` if the value cannot be serialized.
    pub fn json(self, value: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(self.json_text(serde_json::to_vec(value)?.into()))
    }

    fn json_text(self, text: Bytes) -> Self {
        self.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(text)
    }

    /// Sets the body. Has no effect on a reply without a response.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        self.edit(|answer| answer.body = body.into())
    }

    /// Sets a header. Has no effect on a reply without a response.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.edit(|answer| {
            answer.headers.insert(name, value);
        })
    }

    /// Sets `Retry-After`, in whole seconds. Has no effect on a reply without a response.
    pub fn retry_after(self, wait: Duration) -> Self {
        self.header(RETRY_AFTER, wait.as_secs().into())
    }

    /// Loses the connection after the last byte of the body, before its end. Has no effect on a reply without a response.
    pub fn cut(self) -> Self {
        self.edit(|answer| answer.cut = true)
    }

    /// Sets the time until the reply begins; zero by default.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    fn edit(mut self, edit: impl FnOnce(&mut Answer)) -> Self {
        if let Outcome::Answer(answer) = &mut self.outcome {
            edit(answer);
        }
        self
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reply = f.debug_struct("Reply");
        match &self.outcome {
            Outcome::Answer(answer) => reply.field("status", &answer.status).field("body_len", &answer.body.len()),
            Outcome::Refused => reply.field("failure", &"refused"),
            Outcome::Lost => reply.field("failure", &"lost"),
            Outcome::Silent => reply.field("failure", &"silent"),
        };
        reply.field("delay", &self.delay).finish_non_exhaustive()
    }
}

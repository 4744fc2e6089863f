//! Errors and results of calls, made without a call.

use std::{cell::OnceCell, sync::LazyLock, time::Duration};

use reqwest::{
    Url,
    header::{HeaderMap, HeaderValue},
};
use serde::de::DeserializeOwned;

use super::{Answer, LOST, Outcome, Reply};
use crate::{
    ApiKeyPlace, Attempt, CallContext, CallOptions, Delivery, Error, Method, Operation, Response, TransportError,
    body::Body,
    call::{Attempts, CallFailure, TimeLimits},
    redact::Redactor,
    transport::{self, AttemptError},
};

/// An operation whose requests have no private texts.
static NO_OPERATION: Operation = Operation {
    id: "",
    method: Method::Get,
    path: "/",
    idempotent: true,
    statuses: &[],
    error_statuses: &[],
    id_fields: &[],
    api_key: ApiKeyPlace::Header("x-api-key"),
};
static NO_KEY: HeaderValue = HeaderValue::from_static("");
static NO_HEADERS: LazyLock<HeaderMap> = LazyLock::new(HeaderMap::new);
#[expect(clippy::expect_used, reason = "a constant URL")]
static NO_URL: LazyLock<Url> = LazyLock::new(|| Url::parse("http://localhost/").expect("a constant URL"));

impl Reply {
    /// Returns the error of a call whose only attempt got this reply.
    ///
    /// A reply with a 2xx gives an [`Error::Status`] too, which no call returns. The error of a 404 does not name the country of
    /// the contact number, since there is no request; that of a [scripted](super::Script) call does.
    pub fn into_error(self) -> Error {
        let (error, attempt) = match self.outcome {
            Outcome::Refused => {
                (AttemptError::Connect(TransportError::scripted_refusal(false)), unanswered(Delivery::NotSent))
            }
            Outcome::Lost => (AttemptError::Interrupted(TransportError::scripted(LOST)), unanswered(Delivery::Unknown)),
            Outcome::Silent => (AttemptError::Timeout, unanswered(Delivery::Unknown)),
            Outcome::Answer(Answer { status, headers, body, cut }) => {
                let body = Body { bytes: body, cut };
                let attempt = Attempt { status: Some(status), delivery: Delivery::from_status(status) };
                (AttemptError::Answer(transport::Answer { status, headers, body }), attempt)
            }
        };
        let mut attempts = Attempts::new(NO_OPERATION.idempotent);
        attempts.push(attempt);
        let redactor = Redactor {
            operation: &NO_OPERATION,
            url: &NO_URL,
            headers: &NO_HEADERS,
            body: None,
            api_key: &NO_KEY,
            needles: OnceCell::new(),
        };
        let limits = TimeLimits::for_call(CallOptions::default());
        Error::from_call(CallFailure::Attempt(error), attempts, limits, &redactor)
    }

    /// Returns the result of a call whose only attempt got this reply.
    ///
    /// # Errors
    ///
    /// Returns the [`Error`] of the call unless the reply has a status from 200 to 299.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::{Error, Response, raw::types::UpdateTicketMetadataResponse, testing::Reply};
    ///
    /// let result: Result<Response<UpdateTicketMetadataResponse>, Error> = Reply::ok().into_result();
    /// assert_eq!(result.unwrap().status(), 200);
    /// ```
    pub fn into_result<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        match self.outcome {
            Outcome::Answer(Answer { status, headers, body, .. }) if status.is_success() => {
                // As for a call whose response has no documented body.
                let text: &[u8] = if body.is_empty() { b"null" } else { &body };
                Ok(Response::new(status, headers, serde_json::from_slice(text).ok(), 1))
            }
            _ => Err(self.into_error()),
        }
    }
}

/// Returns the error of a call that got no slot and sent nothing: [`Error::NoSlot`]. `retry_after` is the time until a slot may
/// become free, if it is known.
pub fn no_slot(retry_after: Option<Duration>) -> Error {
    Error::NoSlot(CallContext::no_slot(retry_after))
}

/// Returns an error below HTTP with this text, for the variants of [`ConfigError`](crate::ConfigError) and
/// [`InvalidRequest`](crate::InvalidRequest) that have one.
pub fn transport_error(text: impl Into<String>) -> TransportError {
    TransportError::scripted(text)
}

fn unanswered(delivery: Delivery) -> Attempt {
    Attempt { status: None, delivery }
}

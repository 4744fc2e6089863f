//! The usual responses: success, and every error of the checks.

use std::borrow::Cow;

use http::{HeaderValue, Method, Response, StatusCode, header};
use serde::Serialize;

use super::payload::Payload;
use crate::world::NotFound;

/// The media type of every response except for some faults.
pub(super) const JSON: &str = "application/json";

/// The body of a success.
pub(super) const UPDATED: &[u8] = br#"{"status":"ok"}"#;

/// The style of the responses to rejected requests, by [`Builder::answers`](crate::Builder::answers).
///
/// Faults and the [routes](crate::Builder::route) of a test have the status and the body that they name, in either style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "program", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Answers {
    /// As NestJS: several problems of a body are a list, and 413 and 415 exist
    #[default]
    Nestjs,
    /// As the OpenAPI document: a message is one string, and documented statuses only
    Spec,
}

/// A rejected request: `{"statusCode": N, "message": …}`, for every status.
///
/// The message repeats nothing that the request sent, except for the method and the path of an
/// unknown route.
pub(super) struct ErrorResponse {
    status: StatusCode,
    message: Message,
    /// The method that the path has, if the request has another one.
    allowed: Option<Method>,
}

/// NestJS reports the problems of a body as a list, and everything else as one string.
#[derive(Serialize)]
#[serde(untagged)]
enum Message {
    Text(Cow<'static, str>),
    List(Vec<&'static str>),
}

impl ErrorResponse {
    pub(super) fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: Message::Text(message.into()), allowed: None }
    }

    pub(super) fn list(status: StatusCode, messages: Vec<&'static str>) -> Self {
        Self { status, message: Message::List(messages), allowed: None }
    }

    /// Sets the method that the path has, for a request with another one.
    pub(super) fn of_method(self, allowed: Option<Method>) -> Self {
        Self { allowed, ..self }
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            status_code: u16,
            message: &'a Message,
        }

        // Cannot fail: the keys are strings, and no `Serialize` of ours returns an error.
        serde_json::to_vec(&Body { status_code: self.status.as_u16(), message: &self.message }).unwrap_or_default()
    }

    pub(super) fn into_response(mut self, answers: Answers) -> Response<Payload> {
        if answers == Answers::Spec {
            if matches!(self.status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNSUPPORTED_MEDIA_TYPE) {
                self.status = StatusCode::BAD_REQUEST;
            }
            if self.allowed.is_some() {
                self.status = StatusCode::METHOD_NOT_ALLOWED;
            }
            if let Message::List(messages) = self.message {
                self.message = Message::Text(messages.join("; ").into());
            }
        }
        let mut response = build(self.status, JSON, Payload::new(self.to_json()));
        if let Some(method) = self.allowed.filter(|_| answers == Answers::Spec)
            && let Ok(value) = HeaderValue::from_str(method.as_str())
        {
            response.headers_mut().insert(header::ALLOW, value);
        }
        response
    }
}

impl From<NotFound> for ErrorResponse {
    fn from(not_found: NotFound) -> Self {
        let message = match not_found {
            NotFound::Ticket => "Ticket not found",
            NotFound::Contact => "Contact not found",
            NotFound::ActiveTicketOfContact => "Active ticket not found for contact",
            NotFound::AnyTicketOfContact => "Ticket not found for contact",
        };
        Self::new(StatusCode::NOT_FOUND, message)
    }
}

/// Builds the response to an update that was applied.
pub(super) fn updated() -> Response<Payload> {
    build(StatusCode::OK, JSON, Payload::new(UPDATED.to_vec()))
}

/// Builds the response that the handler of a test returned, as JSON unless it names another media type.
pub(super) fn of_test(response: Response<Vec<u8>>) -> Response<Payload> {
    let (mut head, body) = response.into_parts();
    // The length comes from the body, since a wrong one would break the connection.
    head.headers.remove(header::CONTENT_LENGTH);
    if !body.is_empty() {
        head.headers.entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static(JSON));
    }
    Response::from_parts(head, Payload::new(body))
}

/// Builds a response, without `Content-Type` if the media type is empty.
pub(super) fn build(status: StatusCode, content_type: &'static str, payload: Payload) -> Response<Payload> {
    let mut response = Response::new(payload);
    *response.status_mut() = status;
    if !content_type.is_empty() {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}

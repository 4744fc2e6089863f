//! The answers the emulator can give, and their one form on the wire.

use std::borrow::Cow;

use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

use crate::{payload::Payload, world::NotFound};

/// The media type of all answers but those that a fault makes otherwise.
pub(crate) const JSON: &str = "application/json";

/// What to answer: decided before anything is written.
pub(crate) type Answer = Result<Updated, Refusal>;

/// The update was applied: `200 {"status": "ok"}`.
#[derive(Serialize)]
pub(crate) struct Updated {
    status: &'static str,
}

impl Updated {
    pub(crate) const fn new() -> Self {
        Self { status: "ok" }
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        to_json(self)
    }
}

/// The request was refused: `{"statusCode": N, "message": …}`, for every status.
///
/// No message repeats what a request sent, except for the method and path of an unknown route.
pub(crate) struct Refusal {
    status: StatusCode,
    message: Message,
}

/// A list is what NestJS makes of the faults of a body; everything else is one text.
#[derive(Serialize)]
#[serde(untagged)]
enum Message {
    Text(Cow<'static, str>),
    Faults(Vec<&'static str>),
}

impl Refusal {
    pub(crate) fn unknown_route(method: &str, path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("Cannot {method} {path}"))
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    pub(crate) fn not_json() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json")
    }

    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "request entity too large")
    }

    pub(crate) fn cut_off() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "request aborted")
    }

    pub(crate) fn malformed_json(line: usize, column: usize) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("request body is not valid JSON at line {line} column {column}"))
    }

    pub(crate) fn faults(faults: Vec<&'static str>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: Message::Faults(faults) }
    }

    pub(crate) fn no_identifier() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "You must provide ticket_id, ai_contact_id, or contact_number")
    }

    pub(crate) fn several_identifiers() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "You must provide exactly one of ticket_id, ai_contact_id, or contact_number",
        )
    }

    /// The refusal of a fault, whatever was sent.
    pub(crate) fn canned(status: StatusCode, message: &'static str) -> Self {
        Self::new(status, message)
    }

    pub(crate) fn canned_list(status: StatusCode, message: Vec<&'static str>) -> Self {
        Self { status, message: Message::Faults(message) }
    }

    fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: Message::Text(message.into()) }
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            status_code: u16,
            message: &'a Message,
        }

        to_json(&Body { status_code: self.status.as_u16(), message: &self.message })
    }
}

impl From<NotFound> for Refusal {
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

/// An answer as it goes onto the wire; without a media type if there is no body.
pub(crate) fn response(status: StatusCode, content_type: &'static str, payload: Payload) -> Response<Payload> {
    let mut response = Response::new(payload);
    *response.status_mut() = status;
    if !content_type.is_empty() {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}

/// The usual answer to a request.
pub(crate) fn usual(answer: &Answer) -> Response<Payload> {
    let (status, text) = match answer {
        Ok(updated) => (StatusCode::OK, updated.to_json()),
        Err(refusal) => (refusal.status, refusal.to_json()),
    };
    response(status, JSON, Payload::new(text))
}

/// Nothing that is answered can fail to be written: it has texts for keys, and no maps.
fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

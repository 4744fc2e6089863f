//! The answers of the faults that answer.

use std::time::{Duration, SystemTime};

use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use super::{
    Fault,
    kind::{Content, Shape},
};
use crate::{
    answer::{self, Refusal, Updated},
    payload::Payload,
};

const HTML: &str = "text/html";
const LARGE: u64 = 10_000_000;
const ENDLESS_PAUSE: Duration = Duration::from_millis(10);
/// How much `content-length-too-long` promises above what it sends.
const EXCESS: u64 = 1000;

/// Writes the answer that a fault gives.
pub(crate) fn respond(fault: &Fault, content: Content, shape: Shape) -> Response<Payload> {
    let status = fault.status;
    let (content_type, text) = text(status, content);
    let length = text.len() as u64;
    let (payload, claimed) = match shape {
        Shape::Whole => (Payload::new(text), None),
        Shape::Cut => (Payload::cut(text), Some(length)),
        Shape::TooLong => (Payload::hanging(text), Some(length + EXCESS)),
        Shape::Endless => (Payload::new(text).padded_to(u64::MAX).paced(usize::MAX, ENDLESS_PAUSE), None),
        Shape::Drip => (Payload::new(text).paced(1, fault.every), None),
        Shape::Large => (Payload::new(text).padded_to(LARGE), None),
    };

    let mut response = answer::response(status, content_type, payload);
    let headers = response.headers_mut();
    headers.extend(claimed.map(|length| (header::CONTENT_LENGTH, HeaderValue::from(length))));
    let retry_after = fault.retry_after.and_then(|when| HeaderValue::try_from(when.value(SystemTime::now())).ok());
    headers.extend(retry_after.map(|value| (header::RETRY_AFTER, value)));
    let location = fault.location.as_deref().and_then(|location| HeaderValue::from_str(location).ok());
    headers.extend(location.map(|value| (header::LOCATION, value)));
    response
}

/// The media type and the body.
fn text(status: StatusCode, content: Content) -> (&'static str, Vec<u8>) {
    let reason = status.canonical_reason().unwrap_or("Fault");
    match content {
        Content::Usual => match status {
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => ("", Vec::new()),
            StatusCode::BAD_GATEWAY => (HTML, page("502 Bad Gateway")),
            _ if status.is_success() => (answer::JSON, Updated::new().to_json()),
            _ => (answer::JSON, Refusal::canned(status, reason).to_json()),
        },
        Content::MessageList => {
            (answer::JSON, Refusal::canned_list(status, vec![reason, "and a second one"]).to_json())
        }
        Content::Html => (HTML, page("It works")),
        Content::Empty => (answer::JSON, Vec::new()),
        Content::OtherJson => (answer::JSON, json!({ "data": [{ "status": 1 }] }).to_string().into_bytes()),
        Content::UnknownField => (answer::JSON, json!({ "status": "ok", "trace": "7" }).to_string().into_bytes()),
    }
}

fn page(title: &str) -> Vec<u8> {
    format!("<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>").into_bytes()
}

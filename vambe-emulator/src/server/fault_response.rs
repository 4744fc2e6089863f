//! The responses of faults, which do not depend on the request.

use std::time::{Duration, SystemTime};

use http::{HeaderValue, Response, StatusCode, header};

use super::{
    payload::Payload,
    response::{self, ErrorResponse, JSON, UPDATED},
};
use crate::fault::{CannedResponse, OkBody, Transfer};

const HTML: &str = "text/html";
const LARGE: u64 = 10_000_000;
const ENDLESS_PAUSE: Duration = Duration::from_millis(10);
/// The number of bytes that `content-length-too-long` announces but does not send.
const EXCESS: usize = 1000;

/// Builds the response of a fault.
pub(super) fn build(canned: &CannedResponse) -> Response<Payload> {
    let status = canned.status();
    let mut header = None;
    let (content_type, payload) = match canned {
        CannedResponse::Status { retry_after, .. } => {
            let value = retry_after.and_then(|when| HeaderValue::try_from(when.value(SystemTime::now())).ok());
            header = value.map(|value| (header::RETRY_AFTER, value));
            whole(usual(status))
        }
        CannedResponse::Redirect { location, .. } => {
            header = Some((header::LOCATION, location.clone()));
            whole(usual(status))
        }
        CannedResponse::MessageList { .. } => {
            let messages = vec![reason(status), "and a second one"];
            whole((JSON, ErrorResponse::list(status, messages).to_json()))
        }
        CannedResponse::Ok(body) => whole(match body {
            OkBody::Html => (HTML, page("It works")),
            OkBody::Empty => (JSON, Vec::new()),
            OkBody::WrongJson => (JSON, br#"{"data":[{"status":1}]}"#.to_vec()),
            OkBody::UnknownField => (JSON, br#"{"status":"ok","trace":"7"}"#.to_vec()),
        }),
        CannedResponse::BrokenBody { transfer, .. } => {
            let (content_type, text) = usual(status);
            let mut content_length = |length: usize| {
                header = Some((header::CONTENT_LENGTH, HeaderValue::from(length as u64)));
            };
            let payload = match transfer {
                Transfer::Cut => {
                    content_length(text.len());
                    Payload::cut(text)
                }
                Transfer::ContentLengthTooLong => {
                    content_length(text.len() + EXCESS);
                    Payload::hanging(text)
                }
                Transfer::Endless => Payload::new(text).padded_to(u64::MAX).paced(usize::MAX, ENDLESS_PAUSE),
                Transfer::SlowDrip { every } => Payload::new(text).paced(1, *every),
                Transfer::Late { delay } => Payload::new(text).starting_after(*delay),
                Transfer::Large => Payload::new(text).padded_to(LARGE),
            };
            (content_type, payload)
        }
    };
    let mut response = response::build(status, content_type, payload);
    response.headers_mut().extend(header);
    response
}

fn whole((content_type, text): (&'static str, Vec<u8>)) -> (&'static str, Payload) {
    (content_type, Payload::new(text))
}

/// Returns the media type and the body that are usual for this status.
fn usual(status: StatusCode) -> (&'static str, Vec<u8>) {
    match status {
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => ("", Vec::new()),
        StatusCode::BAD_GATEWAY => (HTML, page("502 Bad Gateway")),
        _ if status.is_success() => (JSON, UPDATED.to_vec()),
        _ => (JSON, ErrorResponse::new(status, reason(status)).to_json()),
    }
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Fault")
}

fn page(title: &str) -> Vec<u8> {
    format!("<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>").into_bytes()
}

//! The responses of the control API, and the headers that every one of them has.

use std::{error::Error, fmt::Display, iter};

use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::json;

use super::guard;
use crate::server::ServerBody;

/// Nothing but the page's own files and the control API, and no other page around it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A request that the control API does not carry out: `{"error": …}`.
pub(super) struct Rejection {
    status: StatusCode,
    error: String,
    allow: Option<&'static str>,
}

impl Rejection {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into(), allow: None }
    }

    /// The content is JSON, but not what this path takes.
    pub(super) fn invalid(error: impl Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error.to_string())
    }

    /// Creates the response of `invalid`, with the cause after the message.
    pub(super) fn caused(error: impl Error) -> Self {
        let causes = iter::successors(error.source(), |&cause| cause.source());
        Self::invalid(causes.fold(error.to_string(), |message, cause| format!("{message}: {cause}")))
    }

    pub(super) fn not_found() -> Self {
        let error =
            "unknown path; the control API has state, history, reset, seed, faults and requests below /__emulator/";
        Self::new(StatusCode::NOT_FOUND, error)
    }

    pub(super) fn no_ticket() -> Self {
        Self::new(StatusCode::NOT_FOUND, "no ticket has this id; `state` lists all tickets")
    }

    pub(super) fn method(allow: &'static str) -> Self {
        let error = format!("the method is not available for this path; use {allow}");
        Self { allow: Some(allow), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, error) }
    }

    pub(super) fn media_type() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send the body as `Content-Type: application/json`")
    }

    pub(super) fn incomplete() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is longer than 64 MiB, or ended early")
    }

    pub(super) fn into_response(self) -> Response<ServerBody> {
        let mut response = with_status(self.status, &json!({ "error": self.error }));
        if let Some(allow) = self.allow {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

impl From<guard::Rejection> for Rejection {
    fn from(rejection: guard::Rejection) -> Self {
        Self::new(StatusCode::FORBIDDEN, rejection.message())
    }
}

/// Builds a response with a JSON body.
pub(super) fn ok(body: &impl Serialize) -> Response<ServerBody> {
    with_status(StatusCode::OK, body)
}

pub(super) fn no_content() -> Response<ServerBody> {
    let mut response = Response::new(ServerBody::whole(Vec::new()));
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

fn with_status(status: StatusCode, body: &impl Serialize) -> Response<ServerBody> {
    // Cannot fail: the keys are strings, and no `Serialize` of ours returns an error.
    let mut response = Response::new(ServerBody::whole(serde_json::to_vec(body).unwrap_or_default()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Adds the headers that keep other pages out, and that keep values out of caches.
pub(super) fn secured(mut response: Response<ServerBody>) -> Response<ServerBody> {
    for (name, value) in [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

//! The `tracing` output: a span per call, and an event per failed attempt and per drift.
//!
//! The names are from OpenTelemetry's conventions for HTTP clients, and `vambe.account` is the label that the caller gave. Without a subscriber nothing is recorded. No field has a
//! header, a body, or a URL beyond the path template. The causes of a failed attempt come from the HTTP library, without the
//! URL.

use std::{error::Error, time::Duration};

use reqwest::StatusCode;
use tracing::{Span, field};

use crate::{Attempt, Delivery, Drift, ErrorKind, Operation, config::BaseUrl, transport_error::Chain};

/// Creates the span of a call.
pub(crate) fn call(operation: &Operation, base_url: &BaseUrl, account: Option<&str>) -> Span {
    tracing::info_span!(
        target: "vambe_api",
        "vambe.call",
        otel.kind = "client",
        otel.name = field::Empty,
        otel.status_code = field::Empty,
        http.request.method = operation.method.as_str(),
        http.request.resend_count = field::Empty,
        http.response.status_code = field::Empty,
        url.template = operation.path,
        server.address = base_url.host.as_str(),
        server.port = base_url.port,
        error.r#type = field::Empty,
        vambe.account = account,
    )
}

/// Records the result of a call in its span.
pub(crate) fn finished(
    span: &Span,
    operation: &Operation,
    status: Option<StatusCode>,
    attempts: u32,
    error: Option<ErrorKind>,
) {
    if span.is_disabled() {
        return;
    }
    span.record("otel.name", format_args!("{} {}", operation.method, operation.path).to_string());
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    // The convention omits it if there was no retry.
    if attempts > 1 {
        span.record("http.request.resend_count", attempts - 1);
    }
    if let Some(error) = error {
        span.record("otel.status_code", "ERROR");
        // The convention prefers the status, if there is one.
        span.record("error.type", status.as_ref().map_or(error.as_str(), StatusCode::as_str));
    }
}

/// The error of a failed attempt, as far as it is logged.
pub(crate) trait TracedError {
    /// Returns the kind of the call's error if this is its last attempt: see `Error::kind`.
    fn kind(&self) -> ErrorKind;

    /// Returns the cause, if there is one. It must show neither the URL nor a value of the request.
    fn cause(&self) -> Option<&(dyn Error + 'static)>;
}

/// Emits the event of a failed attempt; `wait` is the time until the next one, if any.
pub(crate) fn attempt_failed(attempts: u32, attempt: Attempt, error: &impl TracedError, wait: Option<Duration>) {
    let status = attempt.status.map(|status| status.as_u16());
    let delivery = match attempt.delivery {
        Delivery::NotSent => "not_sent",
        Delivery::Rejected => "rejected",
        Delivery::Unknown => "unknown",
    };
    let resend_count = attempts.saturating_sub(1);
    let wait_ms = wait.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
    tracing::warn!(
        target: "vambe_api",
        {
            http.request.resend_count = resend_count,
            http.response.status_code = status,
            error.r#type = error.kind().as_str(),
            cause = error.cause().map(|cause| field::display(Chain(cause))),
            delivery,
            wait_ms,
        },
        "attempt failed"
    );
}

/// Emits the event of a drift.
pub(crate) fn drift(drift: &Drift) {
    tracing::warn!(target: "vambe_api", "contract drift: {drift}");
}

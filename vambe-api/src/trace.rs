//! What a subscriber of `tracing` sees: a span for each call, an event for each failed attempt and each drift.
//!
//! The names are those of OpenTelemetry's conventions for HTTP clients. Without a subscriber nothing is recorded. No field
//! holds a header, a body, or a URL with more than the path template. The causes of a failed attempt are those of the HTTP
//! library, without the URL.

use std::{error::Error, time::Duration};

use reqwest::StatusCode;
use tracing::{Span, field};

use crate::{Attempt, Delivery, Drift, Operation, config::BaseUrl, transport_error::Chain};

/// The span of one call.
pub(crate) fn call(operation: &Operation, base_url: &BaseUrl) -> Span {
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
    )
}

/// Records in the span of the call how it ended.
pub(crate) fn finished(
    span: &Span,
    operation: &Operation,
    status: Option<StatusCode>,
    attempts: u32,
    error: Option<&str>,
) {
    if span.is_disabled() {
        return;
    }
    span.record("otel.name", format_args!("{} {}", operation.method, operation.path).to_string());
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    // The convention leaves it out where nothing was sent again.
    if attempts > 1 {
        span.record("http.request.resend_count", attempts - 1);
    }
    if let Some(error) = error {
        span.record("otel.status_code", "ERROR");
        // By the convention the status, where there is one.
        span.record("error.type", status.as_ref().map_or(error, StatusCode::as_str));
    }
}

/// How an attempt failed, as far as the log shows it.
pub(crate) trait TracedError {
    /// Returns the kind of the error that the call has if this was its last attempt: see `Error::kind`.
    fn kind(&self) -> &'static str;

    /// Returns the cause, if there is one. It may show neither the URL nor anything that the request carried.
    fn cause(&self) -> Option<&(dyn Error + 'static)>;
}

/// An attempt failed; with a wait there will be another one after it.
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
            error.r#type = error.kind(),
            cause = error.cause().map(|cause| field::display(Chain(cause))),
            delivery,
            wait_ms,
        },
        "attempt failed"
    );
}

/// The server's answer is not as the spec says.
pub(crate) fn drift(drift: &Drift) {
    tracing::warn!(target: "vambe_api", "contract drift: {drift}");
}

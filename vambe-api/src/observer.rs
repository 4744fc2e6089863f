//! The observer of a client: a hook for each attempt and for each call.

use std::time::Duration;

use reqwest::StatusCode;

use crate::{Delivery, ErrorKind, Operation};

/// An observer of a client's attempts and calls, for metrics: see [`ClientBuilder::observer`](crate::ClientBuilder::observer).
///
/// It runs within the call, so it should be fast and must not block. A panic in it is caught and logged. A call is not observed if
/// its input is invalid, if the client was drained, or if its future is dropped.
///
/// Each request of a bulk run is observed as a call with one attempt, whose wait is zero: the run waits and retries.
///
/// # Example
///
/// OpenTelemetry's `http.client.request.duration`, which counts each attempt:
///
/// ```
/// use vambe_api::{Client, Observation, Observer};
/// # /// Represents the histogram of the crate `opentelemetry`.
/// # struct Histogram;
/// # impl Histogram {
/// #     fn record(&self, _: f64, _: &[(&'static str, String)]) {}
/// # }
///
/// struct Metrics {
///     request_duration: Histogram, // "http.client.request.duration", in seconds
/// }
///
/// impl Observer for Metrics {
///     fn on_attempt(&self, attempt: &Observation<'_>) {
///         let mut attributes = vec![
///             ("http.request.method", attempt.operation.method.to_string()),
///             ("url.template", attempt.operation.path.to_owned()),
///             ("server.address", attempt.server_address.to_owned()),
///         ];
///         attributes.extend(attempt.server_port.map(|port| ("server.port", port.to_string())));
///         let status = attempt.status.map(|status| status.as_str().to_owned());
///         attributes.extend(status.map(|status| ("http.response.status_code", status)));
///         attributes.extend(attempt.error_type().map(|error| ("error.type", error.to_owned())));
///         self.request_duration.record(attempt.duration.as_secs_f64(), &attributes);
///     }
/// }
///
/// let metrics = Metrics { request_duration: Histogram };
/// let client = Client::builder().api_key("your_api_key_here").observer(metrics).build()?;
/// # Ok::<(), vambe_api::ConfigError>(())
/// ```
pub trait Observer: Send + Sync + 'static {
    /// Called when an attempt has ended; does nothing by default.
    fn on_attempt(&self, attempt: &Observation<'_>) {
        let _ = attempt;
    }

    /// Called when a call has ended, with all its attempts and waits; does nothing by default.
    fn on_call(&self, call: &Observation<'_>) {
        let _ = call;
    }
}

/// An attempt or a call that has ended. It has no private values, except that the server chooses the request id.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Observation<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The host of the base URL.
    pub server_address: &'a str,
    /// The port of the base URL.
    pub server_port: Option<u16>,
    /// The label of the account, if the client or the call has one.
    pub account: Option<&'a str>,
    /// The number of the attempt, from 1; for a call, the number of its attempts.
    pub attempts: u32,
    /// The kind of the failure; `None` for a success.
    pub kind: Option<ErrorKind>,
    /// The HTTP status, if the server answered; for a call, that of the last attempt.
    pub status: Option<StatusCode>,
    /// The delivery of a failure; `None` for a success.
    pub delivery: Option<Delivery>,
    /// The duration: of an attempt, from connecting to the end of the response; of a call, with its waits.
    pub duration: Duration,
    /// The time before an attempt, for its slot and for the back-off; for a call, the sum of all waits.
    pub wait: Duration,
    /// The id that the server or a proxy gave the request.
    pub request_id: Option<&'a str>,
}

impl Observation<'_> {
    /// Returns OpenTelemetry's `error.type` of a failure: the status, or the name of the kind if the server did not answer.
    pub fn error_type(&self) -> Option<&str> {
        let kind = self.kind?.as_str();
        Some(self.status.as_ref().map_or(kind, StatusCode::as_str))
    }
}

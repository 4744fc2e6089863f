//! The metrics of the calls, in the text format of Prometheus, under OpenTelemetry's names.

use std::time::Duration;

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};
use vambe_api::Error;

/// From a fast call to one that uses its whole time-out, in seconds.
const BUCKETS: [f64; 8] = [0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0, 60.0];

#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    durations: Family<Labels, Histogram>,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Labels {
    account: String,
    /// The HTTP status or the kind of the error; empty for a success.
    error_type: String,
}

impl Default for Metrics {
    fn default() -> Self {
        let durations = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let mut registry = Registry::default();
        let help = "Duration of a call to Vambe, with all attempts and waits";
        registry.register_with_unit("http_client_request_duration", help, Unit::Seconds, durations.clone());
        Self { registry, durations }
    }
}

impl Metrics {
    /// Records a call that ended.
    pub(crate) fn record(&self, account: &str, duration: Duration, error: Option<&Error>) {
        let error_type = error.map(error_type).unwrap_or_default();
        let labels = Labels { account: account.to_owned(), error_type };
        self.durations.get_or_create(&labels).observe(duration.as_secs_f64());
    }

    /// Returns all metrics.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = text::encode(&mut text, &self.registry);
        text
    }
}

fn error_type(error: &Error) -> String {
    if let Some(status) = error.status() {
        return status.as_str().to_owned();
    }
    let kind = match error {
        Error::NoSlot(_) => "no_slot",
        Error::Connect(_) => "connect",
        Error::Timeout(_) => "timeout",
        Error::Interrupted(_) => "interrupted",
        _ => "invalid_request",
    };
    kind.to_owned()
}

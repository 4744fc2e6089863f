//! The metrics of the calls, in the text format of Prometheus, under OpenTelemetry's names.

use std::sync::Arc;

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};
use vambe_api::{Observation, Observer};

/// From a fast request to one that uses its whole time-out, in seconds.
const BUCKETS: [f64; 7] = [0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0];

/// The metrics of all clients. Cheap to clone; the clones are the same metrics.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metrics(Arc<Registered>);

#[derive(Debug)]
struct Registered {
    registry: Registry,
    durations: Family<Labels, Histogram>,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Labels {
    account: String,
    /// The HTTP status or the kind of the error; empty for a success.
    error_type: String,
}

impl Default for Registered {
    fn default() -> Self {
        let durations = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let mut registry = Registry::default();
        let help = "Duration of a request to Vambe; each attempt of a call counts";
        registry.register_with_unit("http_client_request_duration", help, Unit::Seconds, durations.clone());
        Self { registry, durations }
    }
}

impl Observer for Metrics {
    fn on_attempt(&self, attempt: &Observation<'_>) {
        let labels = Labels {
            account: attempt.account.unwrap_or_default().to_owned(),
            error_type: attempt.error_type().unwrap_or_default().to_owned(),
        };
        self.0.durations.get_or_create(&labels).observe(attempt.duration.as_secs_f64());
    }
}

impl Metrics {
    /// Returns all metrics.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = text::encode(&mut text, &self.0.registry);
        text
    }
}

//! OpenTelemetry: the duration of each request as a metric, and the client's events as logs.
//!
//! The exporters keep everything in memory; a service takes those of `opentelemetry-otlp`. For traces, add the layer of
//! `tracing-opentelemetry`: the client's spans have OpenTelemetry's names.

use std::{
    error::Error,
    io::{Write as _, stdout},
};

use opentelemetry::{
    KeyValue,
    metrics::{Histogram, MeterProvider},
};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::{
    logs::{InMemoryLogExporter, SdkLoggerProvider},
    metrics::{InMemoryMetricExporter, SdkMeterProvider},
};
use tracing_subscriber::layer::SubscriberExt as _;
use vambe_api::{Client, Metadata, Observation, Observer, TicketRef};
use vambe_emulator::{Emulator, Fault, StatusCode};

/// Records `http.client.request.duration`, with the attributes of OpenTelemetry's conventions.
struct Metrics {
    request_duration: Histogram<f64>,
}

impl Metrics {
    fn new(provider: &impl MeterProvider) -> Self {
        let meter = provider.meter("vambe-api");
        Self { request_duration: meter.f64_histogram("http.client.request.duration").with_unit("s").build() }
    }
}

impl Observer for Metrics {
    fn on_attempt(&self, attempt: &Observation<'_>) {
        let mut attributes = vec![
            KeyValue::new("http.request.method", attempt.operation.method.as_str()),
            KeyValue::new("url.template", attempt.operation.path),
            KeyValue::new("server.address", attempt.server_address.to_owned()),
        ];
        attributes.extend(attempt.server_port.map(|port| KeyValue::new("server.port", i64::from(port))));
        let status = attempt.status.map(|status| i64::from(status.as_u16()));
        attributes.extend(status.map(|status| KeyValue::new("http.response.status_code", status)));
        attributes.extend(attempt.error_type().map(|error| KeyValue::new("error.type", error.to_owned())));
        self.request_duration.record(attempt.duration.as_secs_f64(), &attributes);
    }
}

/// Makes a call that succeeds with its second attempt. Returns the metrics and the logs as text.
fn run() -> Result<(String, String), Box<dyn Error>> {
    let (metrics, logs) = (InMemoryMetricExporter::default(), InMemoryLogExporter::default());
    let meters = SdkMeterProvider::builder().with_periodic_exporter(metrics.clone()).build();
    let loggers = SdkLoggerProvider::builder().with_simple_exporter(logs.clone()).build();
    let subscriber = tracing_subscriber::registry().with(OpenTelemetryTracingBridge::new(&loggers));
    tracing::subscriber::set_global_default(subscriber)?;

    let vambe = Emulator::start()?;
    vambe.inject(Fault::status(StatusCode::SERVICE_UNAVAILABLE));
    let client =
        Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).observer(Metrics::new(&meters)).build()?;
    let ticket = TicketRef::contact_number("+56912345678")?;
    let call = client.update_ticket_metadata(ticket, Metadata::from([("order_id", "ORD-12345")]));
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(call.into_future())?;

    meters.force_flush()?;
    Ok((format!("{:#?}", metrics.get_finished_metrics()?), format!("{:#?}", logs.get_emitted_logs()?)))
}

fn main() -> Result<(), Box<dyn Error>> {
    let (metrics, logs) = run()?;
    Ok(writeln!(stdout(), "{metrics}\n{logs}")?)
}

// The only test of its process, since it sets the global subscriber.
#[cfg(test)]
mod tests {
    #[test]
    fn both_attempts_are_measured_and_the_failed_one_is_logged() {
        let (metrics, logs) = super::run().unwrap();
        for expected in ["http.client.request.duration", "url.template", "error.type", "503"] {
            assert!(metrics.contains(expected), "no {expected} in {metrics}");
        }
        assert!(logs.contains("attempt failed"), "{logs}");
        for private in ["56912345678", "ORD-12345", "your_api_key_here"] {
            assert!(!metrics.contains(private) && !logs.contains(private), "{metrics}{logs}");
        }
    }
}

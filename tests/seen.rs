//! What a subscriber of `tracing` and the drift hook are told.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex},
    time::Duration,
};

use tracing::{
    field::{Field, Visit},
    instrument::WithSubscriber as _,
    span,
};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _, registry::LookupSpan};
use vambe_api::{Client, Drift, Metadata, TicketRef};
use vambe_emulator::Emulator;

use crate::server::{answering, http};

type Fields = BTreeMap<String, String>;

/// Collects the fields of the crate's spans, in one map, and those of its events.
#[derive(Clone, Default)]
struct Collected {
    span: Arc<Mutex<Fields>>,
    events: Arc<Mutex<Vec<Fields>>>,
}

struct Visitor<'a>(&'a mut Fields);

impl Visit for Visitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Collected {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        if attributes.metadata().target() == "vambe_api" {
            attributes.record(&mut Visitor(&mut self.span.lock().unwrap()));
        }
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        if context.metadata(id).is_some_and(|metadata| metadata.target() == "vambe_api") {
            values.record(&mut Visitor(&mut self.span.lock().unwrap()));
        }
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "vambe_api" {
            let mut fields = Fields::new();
            event.record(&mut Visitor(&mut fields));
            self.events.lock().unwrap().push(fields);
        }
    }
}

async fn call(status: u16, body: &str) -> (Fields, Vec<Fields>, Vec<Drift>) {
    let collected = Collected::default();
    let drifts = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&drifts);
    let client = Client::builder()
        .api_key("k")
        .base_url(answering(http(status, "application/json", body)))
        .backoff(Duration::ZERO, Duration::ZERO)
        .on_drift(move |drift| told.lock().unwrap().push(drift.clone()))
        .build()
        .unwrap();
    let ticket = TicketRef::contact_number("+56912345678").unwrap();
    let update = client.update_ticket_metadata(ticket, Metadata::from([("a", "b")])).into_future();
    let _ = update.with_subscriber(tracing_subscriber::registry().with(collected.clone())).await;
    let (span, events) = (collected.span.lock().unwrap().clone(), collected.events.lock().unwrap().clone());
    let drifts = drifts.lock().unwrap().clone();
    (span, events, drifts)
}

fn has(fields: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(fields.get(*name).map(String::as_str), Some(*value), "{name} in {fields:?}");
    }
}

#[tokio::test]
async fn a_success_is_a_span_with_opentelemetry_s_names_and_no_event() {
    let (span, events, _) = call(200, r#"{"status": "ok"}"#).await;
    has(
        &span,
        &[
            ("otel.kind", "client"),
            ("otel.name", "POST /api/public/ticket/metadata"),
            ("http.request.method", "POST"),
            ("http.response.status_code", "200"),
            ("url.template", "/api/public/ticket/metadata"),
            ("server.address", "127.0.0.1"),
        ],
    );
    assert!(span["server.port"].parse::<u16>().is_ok(), "{span:?}");
    assert!(!span.contains_key("error.type") && !span.contains_key("http.request.resend_count"), "{span:?}");
    assert!(events.is_empty(), "{events:?}");
}

#[tokio::test]
async fn each_failed_attempt_is_an_event_and_the_span_counts_them() {
    let (span, events, _) = call(503, r#"{"statusCode": 503, "message": "later"}"#).await;
    has(
        &span,
        &[
            ("http.response.status_code", "503"),
            ("http.request.resend_count", "2"),
            ("otel.status_code", "ERROR"),
            ("error.type", "503"),
        ],
    );
    let attempts: Vec<_> = events.iter().filter(|event| event.contains_key("delivery")).collect();
    assert_eq!(attempts.len(), 3, "{events:?}");
    for (index, attempt) in attempts.iter().enumerate() {
        let resend_count = index.to_string();
        let expected = [
            ("http.request.resend_count", resend_count.as_str()),
            ("http.response.status_code", "503"),
            ("delivery", "unknown"),
        ];
        has(attempt, &expected);
        assert_eq!(attempt.contains_key("wait_ms"), index < 2, "only another attempt is waited for");
    }
}

/// Calls a server that cannot be reached once; gives the fields of the event.
async fn failed_attempt(url: &str) -> Fields {
    let collected = Collected::default();
    let client = Client::builder().api_key("the-key").base_url(url).max_attempts(1).build().unwrap();
    let ticket = TicketRef::contact_number("+56912345678").unwrap();
    let update = client.update_ticket_metadata(ticket, Metadata::from([("a", "b")])).into_future();
    update.with_subscriber(tracing_subscriber::registry().with(collected.clone())).await.unwrap_err();
    let events = collected.events.lock().unwrap();
    assert_eq!(events.len(), 1, "{events:?}");
    events[0].clone()
}

#[tokio::test]
async fn a_failed_attempt_is_logged_with_its_kind_and_causes() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}/private", listener.local_addr().unwrap());
    drop(listener);
    let untrusted = Emulator::builder().tls_self_signed().start().unwrap();
    let cases = [
        (closed.as_str(), "connect", vec!["error sending request", ": tcp connect error", "refused"]),
        (untrusted.url(), "connect", vec![": invalid peer certificate"]),
        (&answering("no HTTP"), "interrupted", vec!["error sending request: ", "invalid HTTP version"]),
    ];
    for (url, kind, causes) in cases {
        let event = failed_attempt(url).await;
        has(&event, &[("message", "attempt failed"), ("error.type", kind)]);
        for cause in causes {
            assert!(event["cause"].contains(cause), "{cause} in {event:?}");
        }
        for private in ["private", "the-key", "56912345678", "http://", "https://"] {
            assert!(!format!("{event:?}").contains(private), "{private} in {event:?}");
        }
    }
    let event = failed_attempt(&answering(http(503, "text/plain", "no"))).await;
    has(&event, &[("error.type", "status"), ("http.response.status_code", "503")]);
    assert!(!event.contains_key("cause"), "{event:?}");
}

#[tokio::test]
async fn a_drift_is_reported_once_for_all_clones() {
    let drifts = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&drifts);
    let client = Client::builder()
        .api_key("k")
        .base_url(answering(http(200, "application/json", r#"{"status": "ok", "id": 1}"#)))
        .on_drift(move |drift| told.lock().unwrap().push(drift.to_string()))
        .build()
        .unwrap();
    for _ in 0..3 {
        let ticket = TicketRef::contact_number("+56912345678").unwrap();
        client.clone().update_ticket_metadata(ticket, Metadata::from([("a", "b")])).await.unwrap();
    }
    assert_eq!(drifts.lock().unwrap().len(), 1, "{drifts:?}");
}

#[tokio::test]
async fn drift_reaches_the_hook_and_an_event_while_the_call_goes_on() {
    let cases = [
        (200, r#"{"status": "ok"}"#, vec![]),
        (200, r#"{"status": "ok", "ticket": {"id": 1}}"#, vec!["the undocumented field `ticket`"]),
        (201, r#"{"status": "ok"}"#, vec!["the undocumented status 201"]),
        (204, "", vec!["the undocumented status 204", "with an undocumented body"]),
        (200, "<html>", vec!["with an undocumented body"]),
        (400, r#"{"statusCode": 400, "message": ["a", "b"]}"#, vec!["with an undocumented body"]),
        (422, "{}", vec!["the undocumented status 422"]),
        (429, "{}", vec![]),
        (503, "<html>", vec![]),
    ];
    for (status, body, expected) in cases {
        let (_, events, drifts) = call(status, body).await;
        let events: Vec<_> = events.iter().filter(|event| event["message"].starts_with("contract drift")).collect();
        assert_eq!((events.len(), drifts.len()), (expected.len(), expected.len()), "{status} {body}: {drifts:?}");
        for ((event, drift), expected) in events.iter().zip(&drifts).zip(expected) {
            assert!(drift.to_string().contains(expected), "{drift}");
            assert!(event["message"].contains(expected), "{event:?}");
        }
    }
}

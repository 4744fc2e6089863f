//! The observer of a client, its statistics, and the drain: what a service sees of its calls.

use std::{
    future::IntoFuture as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use vambe_api::{
    Client, ClientBuilder, Delivery, Error, ErrorKind, Metadata, Observation, Observer, RateLimit, StatusCode,
    TicketRef, UpdateTicketMetadata, Uuid, blocking,
    bulk::{Bulk, End, OutcomeKind},
};
use vambe_emulator::Fault;

use crate::{
    bulk::{MS, client, in_flight, kinds, run, start, update},
    server::{answering, http},
};

/// An observation without its times: hook, attempts, kind, status and request id.
type Seen = (&'static str, u32, Option<ErrorKind>, Option<u16>, Option<String>);

#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<Seen>>>);

impl Recorder {
    fn record(&self, hook: &'static str, seen: &Observation<'_>) {
        assert_eq!((seen.operation.id, seen.server_address), ("update_ticket_metadata", "127.0.0.1"));
        assert_eq!(seen.kind.is_some(), seen.delivery.is_some());
        assert!(hook == "attempt" || seen.wait <= seen.duration);
        let (status, id) = (seen.status.map(|status| status.as_u16()), seen.request_id.map(str::to_owned));
        self.0.lock().unwrap().push((hook, seen.attempts, seen.kind, status, id));
    }

    fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Observer for Recorder {
    fn on_attempt(&self, attempt: &Observation<'_>) {
        self.record("attempt", attempt);
    }

    fn on_call(&self, call: &Observation<'_>) {
        self.record("call", call);
    }
}

fn call(client: &Client, ticket: u128) -> UpdateTicketMetadata {
    client.update_ticket_metadata(TicketRef::TicketId(Uuid::from_u128(ticket)), Metadata::from([("key", "value")]))
}

fn to(url: &str) -> ClientBuilder {
    Client::builder().api_key("key").base_url(url).backoff(MS, MS)
}

#[tokio::test]
async fn each_attempt_and_each_call_is_observed_once() {
    let (vambe, _) = start(1);
    let recorder = Recorder::default();
    let client = client(&vambe).observer(recorder.clone()).build().unwrap();

    vambe.inject(Fault::status(StatusCode::SERVICE_UNAVAILABLE));
    call(&client, 0).await.unwrap();
    let failed = Some(ErrorKind::Status);
    let seen: Vec<_> =
        recorder.take().into_iter().map(|(hook, attempts, kind, status, _)| (hook, attempts, kind, status)).collect();
    assert_eq!(
        seen,
        [("attempt", 1, failed, Some(503)), ("attempt", 2, None, Some(200)), ("call", 2, None, Some(200))]
    );

    let error = call(&client, 9).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    let seen = recorder.take();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|(_, attempts, kind, status, _)| (*attempts, *kind, *status) == (1, failed, Some(404))));
}

#[tokio::test]
async fn failures_without_a_status_are_observed() {
    let recorder = Recorder::default();
    let refused = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let client = to(&refused).observer(recorder.clone()).max_attempts(1).build().unwrap();
    assert_eq!(call(&client, 0).await.unwrap_err().kind(), ErrorKind::Connect);
    let connect = Some(ErrorKind::Connect);
    assert_eq!(recorder.take(), [("attempt", 1, connect, None, None), ("call", 1, connect, None, None)]);

    assert_eq!(call(&client, 0).timeout(Duration::ZERO).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(recorder.take(), [("call", 0, Some(ErrorKind::Timeout), None, None)]);
}

#[test]
fn blocking_calls_are_observed_with_their_request_id() {
    let recorder = Recorder::default();
    let builder = to(&answering(http(200, "application/json", r#"{"status": "ok"}"#))).observer(recorder.clone());
    let client = blocking::Client::new(builder).unwrap();
    let ticket = TicketRef::TicketId(Uuid::from_u128(0));
    client.update_ticket_metadata(ticket, Metadata::from([("key", "value")])).send().unwrap();
    let id = || Some("r-1".to_owned());
    assert_eq!(recorder.take(), [("attempt", 1, None, Some(200), id()), ("call", 1, None, Some(200), id())]);
    assert_eq!(client.stats().in_flight, 0);
    client.drain().unwrap();
}

#[tokio::test]
async fn each_request_of_a_run_is_observed() {
    let (vambe, _) = start(2);
    let recorder = Recorder::default();
    let client = client(&vambe).observer(recorder.clone()).build().unwrap();
    vambe.inject(Fault::status(StatusCode::SERVICE_UNAVAILABLE));
    let bulk = Bulk::new(&client).max_in_flight(in_flight(1));
    let (outcomes, _) = run(bulk, [update(0, 0), update(1, 1)]).await;
    assert_eq!(kinds(&outcomes), [OutcomeKind::Applied; 2]);
    let seen = recorder.take();
    for hook in ["attempt", "call"] {
        let mut statuses: Vec<_> = seen.iter().filter(|seen| seen.0 == hook).map(|seen| seen.3.unwrap()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 503], "{hook}");
    }
}

struct Panics;

impl Observer for Panics {
    fn on_attempt(&self, _: &Observation<'_>) {
        panic!("the observer's fault");
    }

    fn on_call(&self, _: &Observation<'_>) {
        panic!("the observer's fault");
    }
}

#[tokio::test]
async fn a_panic_of_the_observer_does_not_fail_the_call() {
    let (vambe, _) = start(1);
    let client = client(&vambe).observer(Panics).build().unwrap();
    call(&client, 0).await.unwrap();
    assert_eq!(call(&client, 9).await.unwrap_err().delivery(), Delivery::Rejected);
    assert_eq!(client.stats().in_flight, 0);
}

#[tokio::test]
async fn statistics_count_calls_waits_retries_and_the_window() {
    let (vambe, _) = start(1);
    let hour = Duration::from_secs(3600);
    let limit = RateLimit::new(2.try_into().unwrap(), hour);
    let client = client(&vambe).rate_limit(limit).retry_budget(5).timeout(2 * hour).build().unwrap();
    let stats = client.stats();
    assert_eq!((stats.in_flight, stats.waiting, stats.retries_left, stats.window_used), (0, 0, 5, Some(0)));

    vambe.inject(Fault::status(StatusCode::SERVICE_UNAVAILABLE));
    call(&client, 0).await.unwrap();
    assert_eq!((client.stats().retries_left, client.clone().stats().window_used), (4, Some(2)));

    let waits = tokio::spawn(call(&client, 0).into_future());
    while client.stats().waiting == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!((client.stats().in_flight, client.stats().waiting), (1, 1));
    waits.abort();
    assert!(waits.await.unwrap_err().is_cancelled());
    assert_eq!((client.stats().in_flight, client.stats().waiting), (0, 0));
}

#[tokio::test]
async fn drain_waits_for_calls_and_refuses_new_ones_of_all_clones() {
    let (vambe, client) = start(1);
    vambe.inject(Fault::status(StatusCode::SERVICE_UNAVAILABLE).after(50 * MS));
    let created_before = call(&client, 0);
    let in_flight = tokio::spawn(call(&client, 0).into_future());
    while client.stats().in_flight == 0 {
        tokio::task::yield_now().await;
    }
    client.drain().await;
    assert!(in_flight.is_finished(), "drain waits for the retry, too");
    assert_eq!(in_flight.await.unwrap().unwrap().attempts(), 2);

    for refused in [created_before, call(&client.clone(), 0)] {
        let error = refused.await.unwrap_err();
        assert!(matches!(error, Error::Drained), "{error:?}");
        assert_eq!((error.kind().as_str(), error.delivery(), error.attempts()), ("drained", Delivery::NotSent, 0));
    }
    let (outcomes, progress) = run(Bulk::new(&client), [update(0, 0), update(1, 0)]).await;
    assert_eq!((kinds(&outcomes), progress.end), (vec![OutcomeKind::NotSent; 2], Some(End::Drained)));
    assert_eq!(vambe.requests().len(), 2);
}

//! A scripted client behaves like one with a server, on tokio's paused clock.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use reqwest::header::{HeaderName, HeaderValue};
use tokio::time::Instant;
use vambe_emulator::{Emulator, Fault};

use super::*;
use crate::{
    Client, ConfigError, Delivery, Error, InvalidRequest, Metadata, RateLimit, Response, StatusCode, TicketRef,
    raw::types::UpdateTicketMetadataResponse,
};

type Result = std::result::Result<Response<UpdateTicketMetadataResponse>, Error>;

async fn update(client: &Client) -> Result {
    let ticket = TicketRef::TicketId(vambe_emulator::placeholders::TICKET_ID);
    client.update_ticket_metadata(ticket, Metadata::from([("note", "secret-note")])).await
}

async fn update_contact(client: &Client) -> Result {
    let ticket = TicketRef::contact_number("+56912345678").unwrap();
    client.update_ticket_metadata(ticket, Metadata::from([("note", "secret-note")])).await
}

/// Everything that an error says, except the text of its cause.
fn facts(error: &Error) -> (String, Delivery, Option<StatusCode>, Option<String>, bool) {
    let message = error.redacted_message().map(str::to_owned);
    (error.to_string(), error.delivery(), error.status(), message, error.is_timeout())
}

#[tokio::test]
async fn a_script_gives_the_errors_of_a_server() {
    let vambe = Emulator::start().unwrap();
    let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).max_attempts(1).build().unwrap();
    let status = |code| StatusCode::from_u16(code).unwrap();
    let mut cases = vec![(Fault::reset_before_write(), Reply::lost())];
    for code in [400, 401, 404, 409, 429, 500, 503] {
        let message = StatusCode::canonical_reason(&status(code)).unwrap();
        cases.push((Fault::status(status(code)), Reply::error(status(code), message)));
    }
    for (fault, reply) in cases {
        vambe.inject(fault);
        // A `429` pauses the client that gets it.
        let real = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).max_attempts(1).build().unwrap();
        let real = update(&real).await.unwrap_err();
        let scripted = Client::builder().api_key("k").max_attempts(1).script(&Script::new([reply.clone()]));
        let scripted = update(&scripted.build().unwrap()).await.unwrap_err();
        assert_eq!(facts(&scripted), facts(&real), "{reply:?}");
        assert_eq!(facts(&reply.into_error()), facts(&real));
    }
    vambe.refuse_connections();
    assert_eq!(facts(&Reply::refused().into_error()), facts(&update(&client).await.unwrap_err()));
}

#[tokio::test(start_paused = true)]
async fn a_result_made_by_hand_is_the_result_of_a_call() {
    let replies = [
        Reply::ok(),
        Reply::status(StatusCode::NO_CONTENT),
        Reply::status(StatusCode::OK).body("<html>"),
        Reply::status(StatusCode::FOUND),
        Reply::error(StatusCode::NOT_FOUND, "no ticket").cut(),
        Reply::silent(),
        Reply::lost(),
        Reply::refused(),
    ];
    for reply in replies {
        let client = Client::builder().api_key("k").max_attempts(1).script(&Script::new([reply.clone()]));
        let called = update(&client.build().unwrap()).await;
        let made: Result = reply.clone().into_result();
        match (called, made) {
            (Ok(called), Ok(made)) => assert_eq!(format!("{made:?}"), format!("{called:?}")),
            (Err(called), Err(made)) => assert_eq!(facts(&made), facts(&called)),
            (called, _) => panic!("{reply:?} gives {called:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_client_retries_and_waits_as_usual() {
    let later = Reply::error(StatusCode::SERVICE_UNAVAILABLE, "later").retry_after(Duration::from_secs(7));
    let script = Script::new([later, Reply::lost(), Reply::ok().delay(Duration::from_secs(3))]);
    let (client, start) = (script.client().unwrap(), Instant::now());
    assert_eq!(update(&client).await.unwrap().attempts(), 3);
    let elapsed = start.elapsed().as_secs();
    assert!((10..20).contains(&elapsed), "{elapsed} s");
    assert_eq!((script.requests().len(), script.unused()), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_time_out_ends_on_time() {
    let s = Duration::from_secs;
    let cases = [
        (Reply::silent(), 15, 15, "timeout", Delivery::Unknown),
        (Reply::ok().delay(s(20)), 15, 15, "timeout", Delivery::Unknown),
        (Reply::silent(), 2, 2, "timeout", Delivery::Unknown),
        (Reply::refused(), 15, 0, "connect", Delivery::NotSent),
        (Reply::refused().delay(s(30)), 15, 5, "connect", Delivery::NotSent),
        (Reply::refused().delay(s(4)), 2, 2, "connect", Delivery::NotSent),
    ];
    for (reply, attempt, seconds, kind, delivery) in cases {
        let script = Script::new([reply.clone()]);
        let client = Client::builder().api_key("k").max_attempts(1).attempt_timeout(s(attempt)).script(&script);
        let start = Instant::now();
        let error = update(&client.build().unwrap()).await.unwrap_err();
        assert_eq!((start.elapsed().as_secs(), error.delivery()), (seconds, delivery), "{reply:?}");
        assert_eq!(matches!(error, Error::Connect(_)), kind == "connect", "{reply:?}: {error:?}");
        assert_eq!(error.is_timeout(), seconds > 0, "{reply:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_limits_hold_as_usual() {
    let script = Script::from_fn(|_| Reply::ok());
    let limit = RateLimit::new(1.try_into().unwrap(), Duration::from_secs(3600));
    let client = Client::builder().api_key("k").rate_limit(limit).script(&script).build().unwrap();
    update(&client).await.unwrap();
    let error = update(&client).await.unwrap_err();
    assert!(matches!(error, Error::NoSlot(_)), "{error:?}");
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_without_a_reply_says_so_at_once() {
    let script = Script::new([]);
    let error = update(&script.client().unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("the script has no reply for request 1: add one"), "{error}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_requests_are_recorded_without_the_key() {
    let script = Script::new([Reply::ok()]);
    update_contact(
        &Client::builder().api_key("the-key").base_url("https://example.com/a/").script(&script).build().unwrap(),
    )
    .await
    .unwrap();
    let requests = script.requests();
    let request = &requests[0];
    assert_eq!((request.operation(), request.method().as_str()), ("update_ticket_metadata", "POST"));
    assert_eq!(request.path(), "/a/api/public/ticket/metadata");
    let body: crate::raw::types::UpdateTicketMetadataRequest = request.json().unwrap();
    assert_eq!((body.contact_number.as_deref(), &*body.metadata["note"]), (Some("+56912345678"), "secret-note"));
    assert!(request.headers().contains_key("content-type") && !request.headers().contains_key("x-api-key"));
    assert!(request.has_api_key("the-key") && !request.has_api_key("another"));
    let shown = format!("{request:?} {script:?} {:?}", Reply::error(StatusCode::OK, "secret-note"));
    for private in ["the-key", "56912345678", "secret-note"] {
        assert!(!shown.contains(private), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn messages_are_redacted_and_drifts_reported() {
    let drifts = Arc::new(Mutex::new(Vec::new()));
    let report = Arc::clone(&drifts);
    let fields = Reply::status(StatusCode::OK).json(&serde_json::json!({ "status": "ok", "secret-note": 1 })).unwrap();
    let id = HeaderName::from_static("x-request-id");
    let refused = Reply::error(StatusCode::BAD_REQUEST, "no secret-note, please");
    let script = Script::new([fields, refused.header(id, HeaderValue::from_static("r-1"))]);
    let client = Client::builder().api_key("k").script(&script);
    let client = client.on_drift(move |drift| report.lock().unwrap().push(drift.to_string())).build().unwrap();
    update(&client).await.unwrap();
    assert_eq!(
        *drifts.lock().unwrap(),
        ["update_ticket_metadata returned 200 with the undocumented field `[redacted]`"]
    );
    let error = update(&client).await.unwrap_err();
    assert_eq!(error.redacted_message(), Some("no [redacted], please"));
    assert_eq!(error.request_id(), Some("r-1"));
}

#[test]
fn errors_without_a_call_are_made_in_a_line() {
    let wait = Duration::from_secs(90);
    let error = no_slot(Some(wait));
    assert_eq!((error.delivery(), error.attempts(), error.retry_after()), (Delivery::NotSent, 0, Some(wait)));
    let errors = [
        ConfigError::HttpClient(transport_error("no certificates")).into(),
        Error::from(InvalidRequest::Http(transport_error("no certificates"))),
    ];
    for error in &errors {
        let cause = std::error::Error::source(error).and_then(|error| error.source());
        assert_eq!(cause.unwrap().to_string(), "no certificates");
    }
}

#[cfg(feature = "blocking")]
#[test]
fn a_script_answers_blocking_calls() {
    let script = Script::new([Reply::lost(), Reply::ok()]);
    let builder = Client::builder().api_key("k").backoff(Duration::ZERO, Duration::ZERO).script(&script);
    let client = crate::blocking::Client::new(builder).unwrap();
    let ticket = TicketRef::contact_number("+56912345678").unwrap();
    let response = client.update_ticket_metadata(ticket, Metadata::from([("a", "b")])).send().unwrap();
    assert_eq!(response.attempts(), 2);
}

#[cfg(feature = "bulk")]
#[tokio::test(start_paused = true)]
async fn a_script_answers_runs() {
    use crate::bulk::{Bulk, OutcomeKind, Update, iter};

    let script = Script::new([Reply::error(StatusCode::NOT_FOUND, "no ticket"), Reply::silent(), Reply::ok()]);
    let updates = (1..=2).map(|row| {
        let ticket = TicketRef::contact_number(&format!("+5691234567{row}")).unwrap();
        Update::new(row, ticket, Metadata::from([("a", "b")]))
    });
    let client = script.client().unwrap();
    let mut outcomes = Bulk::new(&client).max_in_flight(1.try_into().unwrap()).run(iter(updates));
    let mut kinds = Vec::new();
    while let Some(outcome) = outcomes.next().await {
        kinds.push((outcome.row, matches!(outcome.kind, OutcomeKind::Applied)));
    }
    assert_eq!(kinds, [(1, false), (2, true)]);
    assert_eq!(script.requests().len(), 3);
}

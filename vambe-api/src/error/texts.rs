//! The texts of all errors, in `texts.txt` next to this file: `UPDATE_FIXTURES=1` writes it, so that wording is reviewed as text.

#![cfg(feature = "bulk")]

use std::{error::Error as StdError, fmt::Write as _, fs, sync::Arc, time::Duration};

use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderValue, LOCATION, RETRY_AFTER},
};
use tokio::time::Instant;

use super::*;
use crate::{
    CallOptions, ContactNumber, Drift, EmptyMetadata, InvalidHeader, NoneGiven, NotExactlyOne, TicketRef, body::Body,
    bulk::Cause, call::Limit, parameters::InvalidParameter, redact::redactor_for_body, transport::Answer,
};

/// Appends an error with its causes, one line each.
fn describe(texts: &mut String, name: &str, error: &dyn StdError) {
    let _ = writeln!(texts, "{name}");
    let mut next = Some(error);
    while let Some(error) = next {
        let _ = writeln!(texts, "  {error}");
        next = error.source();
    }
}

fn failed(failure: CallFailure<AttemptError>, deliveries: &[Delivery], idempotent: bool) -> Error {
    let mut attempts = Attempts::new(idempotent);
    deliveries.iter().for_each(|&delivery| attempts.push(Attempt { status: None, delivery }));
    Error::from_call(failure, attempts, TimeLimits::for_call(CallOptions::default()), &redactor_for_body(""))
}

fn transport_error() -> TransportError {
    // A client of our own has a crypto provider, without which the HTTP library panics.
    let client = crate::Client::builder().api_key("the-key").build().unwrap();
    TransportError::new(client.raw().transport().http().get("no URL").build().unwrap_err())
}

fn calls(texts: &mut String) {
    use CallFailure::{Attempt, NoSlot, NoTime};
    use Delivery::{NotSent, Rejected, Unknown};
    let blocked = |limit, seconds: Option<u64>| {
        let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
        NoSlot(Blocked { limit, until })
    };
    let connect = || Attempt(AttemptError::Connect(transport_error()));
    let cases = [
        ("NoSlot, rate limit", failed(blocked(Limit::Rate, Some(90)), &[], true)),
        ("NoSlot, concurrency", failed(blocked(Limit::Concurrency, None), &[], true)),
        ("NoSlot, pause of known length", failed(blocked(Limit::Pause, Some(90)), &[], true)),
        ("NoSlot, pause of unknown length", failed(blocked(Limit::Pause, None), &[], true)),
        ("NoSlot, shared limit", failed(blocked(Limit::Shared, Some(90)), &[], true)),
        ("NoSlot, refused key", failed(blocked(Limit::KeyRefused, None), &[], true)),
        ("NoSlot, unavailable", failed(blocked(Limit::Unavailable, None), &[], true)),
        ("Connect", failed(connect(), &[NotSent], true)),
        ("Connect, after an attempt that was rejected", failed(connect(), &[Rejected, NotSent], true)),
        ("Connect, after an attempt that was sent", failed(connect(), &[Unknown, NotSent], true)),
        (
            "Connect, without time",
            failed(Attempt(AttemptError::Connect(TransportError::no_time_to_connect())), &[NotSent], true),
        ),
        ("Timeout, before an attempt", failed(NoTime, &[], true)),
        ("Timeout", failed(Attempt(AttemptError::Timeout), &[Unknown; 3], true)),
        ("Timeout, not idempotent", failed(Attempt(AttemptError::Timeout), &[Unknown], false)),
        ("Interrupted", failed(Attempt(AttemptError::Interrupted(transport_error())), &[Unknown; 3], true)),
        ("Interrupted, lost", Error::lost()),
    ];
    cases.iter().for_each(|(name, error)| describe(texts, name, error));
    describe(texts, "Drained", &Error::Drained);
}

fn statuses(texts: &mut String) {
    let documented = r#"{"statusCode": 404, "message": "Active ticket not found for contact"}"#;
    let cases = [
        (307, Some((LOCATION, "https://other.example.com/a")), "", false, 1),
        (302, None, "", false, 1),
        (400, None, "<html>", false, 1),
        (401, None, r#"{"message": "Unauthorized"}"#, false, 1),
        (403, None, r#"{"message": "Forbidden"}"#, false, 1),
        (404, None, documented, false, 1),
        (404, None, "", false, 1),
        (429, Some((RETRY_AFTER, "7")), r#"{"message": "slow down"}"#, false, 3),
        (500, None, "x", true, 1),
        (503, Some((RETRY_AFTER, "7")), r#"{"message": "later"}"#, false, 3),
        (799, None, "", false, 1),
    ];
    for (status, header, body, cut, count) in cases {
        let status = StatusCode::from_u16(status).unwrap();
        let headers = header.map(|(name, value)| (name, HeaderValue::from_static(value)));
        let answer = Answer { status, headers: HeaderMap::from_iter(headers), body: Body { bytes: body.into(), cut } };
        let failure = CallFailure::Attempt(AttemptError::Answer(answer));
        let error = failed(failure, &vec![Delivery::from_status(status); count], true);
        describe(texts, &format!("StatusError {}", status.as_str()), &error);
    }
}

fn refusals(texts: &mut String) {
    let config = [
        ConfigError::Environment { variable: "VAMBE_API_KEY".into() },
        ConfigError::MissingApiKey { variable: "VAMBE_API_KEY".into() },
        ConfigError::EmptyApiKey,
        ConfigError::InvalidApiKey { position: 7 },
        ConfigError::InvalidBaseUrl { reason: "it has no host" },
        ConfigError::PlainHttp,
        ConfigError::RootCertificate(transport_error()),
        ConfigError::HttpClient(transport_error()),
        ConfigError::Thread(std::io::ErrorKind::WouldBlock.into()),
    ];
    config.into_iter().for_each(|error| describe(texts, "ConfigError", &error));
    let [none, two] = [vec![], vec!["a", "b"]].map(|given| NotExactlyOne { expected: &["a", "b", "c"], given });
    describe(texts, "Config", &Error::Config(ConfigError::EmptyApiKey));
    let requests = [
        InvalidRequest::TicketRef(TicketRef::ticket_id("x").unwrap_err()),
        InvalidRequest::TicketRef(TicketRef::ai_contact_id("x").unwrap_err()),
        InvalidRequest::TicketRef(TicketRef::contact_number("x").unwrap_err()),
        InvalidRequest::TicketRef(none.into()),
        InvalidRequest::TicketRef(two.into()),
        InvalidRequest::Metadata(EmptyMetadata),
        InvalidRequest::Parameter(InvalidParameter::Path),
        InvalidRequest::Parameter(InvalidParameter::Header { name: "x-a" }),
        InvalidRequest::Parameter(InvalidParameter::NotPlain),
        InvalidRequest::Header(InvalidHeader::Name),
        InvalidRequest::Header(InvalidHeader::Value { name: RETRY_AFTER }),
        InvalidRequest::Header(InvalidHeader::Reserved { name: LOCATION }),
        InvalidRequest::Body,
        InvalidRequest::Http(transport_error()),
        InvalidRequest::BlockingInAsync,
    ];
    requests.iter().for_each(|error| describe(texts, "InvalidRequest", error));
    describe(texts, "InvalidRequest", &Error::from(EmptyMetadata));
    describe(texts, "NoneGiven", &NoneGiven { expected: &["a", "b"] });
    for text in ["", "56x", "56;", "5+6", "912345678", "0056", "56", "5691234567891234"] {
        describe(texts, "InvalidContactNumber", &text.parse::<ContactNumber>().unwrap_err());
    }
}

fn others(texts: &mut String) {
    let failed = Cause::Failed(Arc::new(failed(CallFailure::NoTime, &[], true)));
    [Cause::Ended, Cause::EarlierPending, failed].iter().for_each(|cause| describe(texts, "Cause", cause));
    let (operation, status) = ("update_ticket_metadata", StatusCode::OK);
    for drift in [
        Drift::UndocumentedStatus { operation, status },
        Drift::UndocumentedBody { operation, status },
        Drift::UnknownField { operation, status, field: "ticket.id".to_owned() },
    ] {
        let _ = writeln!(texts, "Drift\n  {drift}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_texts_of_all_errors_are_as_reviewed() {
    let mut texts = String::new();
    [calls, statuses, refusals, others].iter().for_each(|part| part(&mut texts));
    // Cargo runs tests in the folder of their package.
    let path = "src/error/texts.txt";
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(path, &texts).unwrap();
    }
    assert_eq!(
        texts,
        fs::read_to_string(path).unwrap(),
        "read the diff of `UPDATE_FIXTURES=1 cargo test -p vambe-api`"
    );
}

//! One table for every fault that the emulator knows: what the client makes of it, beside the emulator's own truth.
//!
//! `vambe-api/src/faults.md` holds what is expected and is shown in the crate's documentation. `UPDATE_FIXTURES=1` writes it
//! anew; that no claim contradicts the emulator is checked either way.

use std::time::Duration;

use vambe_api::{Client, Delivery, Error, Metadata, Response, TicketRef, raw::types::UpdateTicketMetadataResponse};
use vambe_emulator::{Emulator, Fault, placeholders as page};
use vambe_tests::{read, root};

/// What is done to every attempt; `HANGS` is what no answer or no end of it comes of.
const ROWS: &[(&str, Duration)] = &[
    ("none", ENDS),
    ("latency:5ms:none", ENDS),
    ("latency:60s", HANGS),
    ("reset-before-reading", ENDS),
    ("reset-before-write", ENDS),
    ("reset-after-write", ENDS),
    ("close-before-write", ENDS),
    ("close-after-write", ENDS),
    ("body-cut:200", ENDS),
    ("body-cut:400", ENDS),
    ("body-cut:503", ENDS),
    ("content-length-too-long:200", HANGS),
    ("content-length-too-long:404", HANGS),
    ("body-endless:200", ENDS),
    ("body-endless:500:after-write", ENDS),
    ("body-slow-drip:200:every=500ms", HANGS),
    ("body-slow-drip:503:every=500ms", HANGS),
    ("body-large:200", ENDS),
    ("body-large:400", ENDS),
    ("html-200", ENDS),
    ("empty-200", ENDS),
    ("wrong-json-200", ENDS),
    ("unknown-field-200", ENDS),
    ("status:201", ENDS),
    ("status:204", ENDS),
    ("redirect:301:http://other.invalid/x", ENDS),
    ("redirect:302:http://other.invalid/x", ENDS),
    ("redirect:303:after-write:http://other.invalid/x", ENDS),
    ("redirect:307:http://other.invalid/x", ENDS),
    ("redirect:308:http://other.invalid/x", ENDS),
    ("message-list:400", ENDS),
    ("status:401", ENDS),
    ("status:403", ENDS),
    ("status:408", ENDS),
    ("status:413", ENDS),
    ("status:429", ENDS),
    ("status:429:retry-after=0", ENDS),
    ("status:429:retry-after=7", ENDS),
    ("status:429:retry-after=date+7s", ENDS),
    ("status:429:retry-after=date-7s", ENDS),
    ("status:429:retry-after=absurd", ENDS),
    ("status:429:retry-after=malformed", ENDS),
    ("status:500", ENDS),
    ("status:500:after-write", ENDS),
    ("status:501:after-write", ENDS),
    ("status:502", ENDS),
    ("status:502:after-write", ENDS),
    ("status:503", ENDS),
    ("status:503:after-write", ENDS),
    ("status:503:retry-after=7", ENDS),
    ("status:504:after-write", ENDS),
];

const ENDS: Duration = Duration::from_secs(15);
/// Long enough for a request to reach the emulator on a busy machine; three attempts have to fit into a call.
const HANGS: Duration = Duration::from_millis(1500);
/// Less than the waits that are asked for above.
const CALL: Duration = Duration::from_secs(6);

type Outcome = Result<Response<UpdateTicketMetadataResponse>, Error>;

async fn update(vambe: &Emulator, attempt_timeout: Duration) -> Outcome {
    let client = Client::builder()
        .api_key(vambe.api_key())
        .base_url(vambe.url())
        .backoff(Duration::ZERO, Duration::ZERO)
        .attempt_timeout(attempt_timeout)
        .timeout(CALL)
        .build()
        .unwrap();
    client.update_ticket_metadata(TicketRef::TicketId(page::TICKET_ID), Metadata::from([("status", "escalated")])).await
}

/// A line of the table; panics where a claim contradicts the truth.
fn row(name: &str, outcome: &Outcome, applied: u64) -> String {
    let (result, delivery, message, attempts) = match outcome {
        Ok(response) => {
            assert!(applied >= 1, "{name}: a success that was not applied");
            let body = response.body().map_or("not the documented body", |_| "the documented body");
            (format!("`Ok`, {}", response.status().as_u16()), body, "", response.attempts())
        }
        Err(error) => {
            let variant = format!("{error:?}").split(['(', ' ']).next().unwrap().to_owned();
            let status = error.status().map_or(String::new(), |status| format!(", {}", status.as_u16()));
            let delivery = match error.delivery() {
                Delivery::NotSent => "`NotSent`",
                Delivery::Rejected => "`Rejected`",
                Delivery::Unknown => "`Unknown`",
            };
            assert!(
                applied == 0 || error.delivery() == Delivery::Unknown,
                "{name}: {delivery}, but applied {applied} times"
            );
            assert!(applied <= u64::from(error.attempts()), "{name}");
            assert_eq!(error.history().len(), error.attempts() as usize, "{name}");
            assert_eq!(error.status(), error.history().last().and_then(|attempt| attempt.status), "{name}");
            (format!("`{variant}`{status}"), delivery, error.message().unwrap_or_default(), error.attempts())
        }
    };
    format!("| {name} | {result} | {delivery} | {message} | {attempts} | {applied} |\n")
}

async fn play(fault: &str, attempt_timeout: Duration) -> String {
    let vambe = Emulator::start().unwrap();
    vambe.inject_always(fault.parse().unwrap());
    let outcome = update(&vambe, attempt_timeout).await;
    let seen = vambe.requests().len() as u64 + vambe.unread_requests();
    let attempts = outcome.as_ref().map_or_else(Error::attempts, Response::attempts);
    assert_eq!(seen, u64::from(attempts), "{fault}: the emulator has seen another number of attempts");
    if let Err(error) = &outcome {
        assert_eq!(
            error.retry_after().is_some(),
            fault.contains("retry-after") && !fault.contains("malformed"),
            "{fault}"
        );
    }
    row(&format!("`{fault}`"), &outcome, vambe.updates())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_is_told_as_the_table_says_and_no_claim_contradicts_the_emulator() {
    let mut table = String::from(
        "| Fault, at every attempt | Result | `delivery()` | `message()` | Attempts | Applied |\n|---|---|---|---|---|---|\n",
    );
    let rows: Vec<_> = ROWS.iter().map(|(fault, timeout)| tokio::spawn(play(fault, *timeout))).collect();
    for row in rows {
        table.push_str(&row.await.unwrap());
    }

    let vambe = Emulator::start().unwrap();
    vambe.refuse_connections();
    table.push_str(&row("connection refused", &update(&vambe, ENDS).await, vambe.updates()));

    let vambe = Emulator::builder().tls_self_signed().start().unwrap();
    table.push_str(&row("TLS with an untrusted certificate", &update(&vambe, ENDS).await, vambe.updates()));

    let path = "vambe-api/src/faults.md";
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(root().join(path), &table).unwrap();
    }
    let expected = read(path);
    let diff =
        similar::TextDiff::from_lines(&expected, &table).unified_diff().header(path, "what happened").to_string();
    assert!(diff.is_empty(), "{diff}");
}

#[test]
fn the_table_has_every_kind_of_fault() {
    let tried: Vec<_> = ROWS.iter().map(|(fault, _)| fault.parse::<Fault>().unwrap().kind().name()).collect();
    for kind in Fault::kinds() {
        assert!(tried.contains(&kind.name()), "no row for {}", kind.name());
    }
}

/// What passes is repeated, and the caller sees a success; the wrong answer of one attempt is not the call's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_fault_and_then_none_is_a_success_where_repeating_helps() {
    let calls: Vec<_> = ROWS
        .iter()
        .map(|&(fault, timeout)| {
            tokio::spawn(async move {
                let vambe = Emulator::start().unwrap();
                vambe.inject(fault.parse().unwrap());
                (fault, update(&vambe, timeout).await, vambe.updates())
            })
        })
        .collect();
    let mut repeated = Vec::new();
    for call in calls {
        match call.await.unwrap() {
            (fault, Ok(response), applied) => {
                assert!(applied >= 1, "{fault}");
                if response.attempts() == 2 {
                    repeated.push(fault);
                }
            }
            (fault, Err(error), _) => {
                assert_eq!(error.attempts(), 1, "{fault}: {error}");
                // Of what may pass, only where the server asks for a longer wait than there is time for.
                let may_pass = [408, 429, 500, 502, 503, 504].contains(&error.status().unwrap().as_u16());
                let asks = error.retry_after().is_some_and(|wait| wait > CALL / 2);
                assert_eq!(may_pass, asks, "{fault}: {error}");
            }
        }
    }
    for fault in
        ["reset-before-reading", "reset-after-write", "latency:60s", "status:503", "status:429", "body-cut:503"]
    {
        assert!(repeated.contains(&fault), "{fault} is not among {repeated:?}");
    }
}

#[tokio::test]
async fn an_attempt_that_never_connected_leaves_the_rest_to_decide() {
    let vambe = Emulator::start().unwrap();
    vambe.refuse_connections();
    let error = update(&vambe, ENDS).await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
    assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 3));
    vambe.accept_connections().unwrap();
    assert_eq!(update(&vambe, ENDS).await.unwrap().attempts(), 1);
}

/// A server that takes the connection and never answers the TLS handshake: nothing of a request can have been sent.
#[tokio::test]
async fn a_time_out_while_connecting_is_a_failed_connection() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", silent.local_addr().unwrap());
    let client = Client::builder().api_key("k").base_url(url).connect_timeout(ENDS).build().unwrap();
    let ticket = TicketRef::TicketId(page::TICKET_ID);
    let update = |metadata| client.update_ticket_metadata(ticket.clone(), metadata).max_attempts(2);
    for (call, attempts) in [
        (update(Metadata::from([("a", "b")])).attempt_timeout(Duration::from_millis(20)), 2),
        (update(Metadata::from([("a", "b")])).timeout(Duration::from_millis(20)), 1),
    ] {
        let error = call.await.unwrap_err();
        assert!(matches!(error, Error::Connect(_)) && error.is_timeout(), "{error:?}");
        assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, attempts), "{error:?}");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, "the time limit ended before there was a connection");
    }
}

#[tokio::test]
async fn a_rejected_certificate_is_named_with_what_can_be_done() {
    let vambe = Emulator::builder().tls_self_signed().start().unwrap();
    let error = update(&vambe, ENDS).await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
    assert!(error.to_string().contains("`ClientBuilder::add_root_certificates`"), "{error}");

    vambe.refuse_connections();
    let error = update(&vambe, ENDS).await.unwrap_err();
    assert!(!error.to_string().contains("certificate"), "{error}");
}

#[tokio::test]
async fn a_certificate_that_is_trusted_by_name_is_trusted() {
    let vambe = Emulator::builder().tls_self_signed().start().unwrap();
    let client = Client::builder()
        .api_key(vambe.api_key())
        .base_url(vambe.url())
        .add_root_certificates(vambe.certificate_pem().unwrap())
        .build()
        .unwrap();
    let ticket = TicketRef::TicketId(page::TICKET_ID);
    client.update_ticket_metadata(ticket, Metadata::from([("status", "escalated")])).await.unwrap();
    assert_eq!(vambe.updates(), 1);

    let broken = Client::builder().api_key("k").add_root_certificates("-----BEGIN CERTIFICATE-----\nno").build();
    assert!(matches!(broken, Err(vambe_api::ConfigError::RootCertificate(_))), "{broken:?}");
}

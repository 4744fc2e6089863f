//! Attempts that get no connection: refused, too slow, or with a certificate that is not trusted.

use std::{net::TcpListener, time::Duration};

use vambe_api::{Client, Delivery, Error, Metadata, TicketRef};
use vambe_emulator::{Emulator, placeholders as page};

use crate::faults::{CALL, update};

#[tokio::test]
async fn an_attempt_that_never_connected_leaves_the_rest_to_decide() {
    let vambe = Emulator::start().unwrap();
    vambe.refuse_connections();
    let error = update(&vambe, CALL).await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
    assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 3));
    vambe.accept_connections().unwrap();
    assert_eq!(update(&vambe, CALL).await.unwrap().attempts(), 1);
}

/// Invariant: a time-out while connecting is `Error::Connect`.
///
/// The server accepts the connection and never answers the TLS handshake, so that no request can have been sent.
#[tokio::test]
async fn a_time_out_while_connecting_is_a_failed_connection() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", silent.local_addr().unwrap());
    let client = Client::builder().api_key("k").base_url(url).connect_timeout(CALL).build().unwrap();
    let ticket = TicketRef::TicketId(page::TICKET_ID);
    let update = |metadata| client.update_ticket_metadata(ticket.clone(), metadata).max_attempts(2);
    for (call, attempts) in [
        (update(Metadata::from([("a", "b")])).attempt_timeout(Duration::from_millis(20)), 2),
        (update(Metadata::from([("a", "b")])).timeout(Duration::from_secs(1)), 1),
    ] {
        let error = call.await.unwrap_err();
        assert!(matches!(error, Error::Connect(_)) && error.is_timeout(), "{error:?}");
        assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, attempts), "{error:?}");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, "the time-out ended before a connection was established");
    }
}

#[tokio::test]
async fn a_rejected_certificate_is_named_with_what_can_be_done() {
    let vambe = Emulator::builder().tls_self_signed().start().unwrap();
    let error = update(&vambe, CALL).await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
    assert!(error.to_string().contains("`ClientBuilder::add_root_certificates`"), "{error}");

    vambe.refuse_connections();
    let error = update(&vambe, CALL).await.unwrap_err();
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

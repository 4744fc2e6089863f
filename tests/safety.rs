//! The key and the body reach the server that is meant, and no other.

use std::num::NonZeroUsize;

use vambe_api::{Client, ConfigError, Delivery, Error, Metadata, TicketRef};
use vambe_emulator::Emulator;

use crate::server::{answering, answering_in_turn, http};

fn ticket() -> TicketRef {
    TicketRef::contact_number("+56912345678").unwrap()
}

fn redirect(status: u16, location: &str) -> String {
    answering(format!(
        "HTTP/1.1 {status} Redirect\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    ))
}

#[tokio::test]
async fn a_redirect_is_an_error_that_names_the_origin_and_the_other_server_sees_nothing() {
    let other = Emulator::start().unwrap();
    let location = format!("{}/api/public/ticket/metadata?token=private", other.url());
    for (status, delivery) in [
        (301, Delivery::Unknown),
        (302, Delivery::Unknown),
        (303, Delivery::Unknown),
        (307, Delivery::Rejected),
        (308, Delivery::Rejected),
    ] {
        let client = Client::builder().api_key("k").base_url(redirect(status, &location)).build().unwrap();
        let error = client.update_ticket_metadata(ticket(), Metadata::from([("a", "b")])).await.unwrap_err();
        let Error::Redirect(answer) = &error else { panic!("{status}: {error:?}") };
        assert_eq!((answer.status().as_u16(), error.delivery(), error.attempts()), (status, delivery, 1));
        assert_eq!(answer.redirect_origin().as_deref(), Some(other.url()));
        assert!(error.to_string().contains(other.url()) && !error.to_string().contains("private"), "{error}");
    }
    assert_eq!(other.requests().len(), 0, "not even a request without the key");
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error_too() {
    for location in ["/elsewhere", "", "http://[", "\u{7f}"] {
        let client = Client::builder().api_key("k").base_url(redirect(307, location)).build().unwrap();
        let error = client.update_ticket_metadata(ticket(), Metadata::from([("a", "b")])).await.unwrap_err();
        if let Error::Redirect(answer) = &error {
            assert_eq!(answer.redirect_origin(), None, "{location:?}");
        }
    }
}

#[tokio::test]
async fn a_hook_cannot_switch_redirects_on() {
    let other = Emulator::start().unwrap();
    let location = format!("{}/api/public/ticket/metadata", other.url());
    let client = Client::builder()
        .api_key("k")
        .base_url(redirect(307, &location))
        .configure_http(|http| http.redirect(reqwest::redirect::Policy::limited(10)).user_agent("mine"))
        .build()
        .unwrap();
    let error = client.update_ticket_metadata(ticket(), Metadata::from([("a", "b")])).await.unwrap_err();
    assert!(matches!(error, Error::Redirect(_)), "{error:?}");
    assert_eq!(other.requests().len(), 0);
}

#[tokio::test]
async fn a_hook_can_add_what_the_builder_has_not() {
    let vambe = Emulator::start().unwrap();
    let headers = || [("x-team".parse().unwrap(), "billing".parse().unwrap())].into_iter().collect();
    let client = Client::builder()
        .api_key(vambe.api_key())
        .base_url(vambe.url())
        .configure_http(move |http| http.default_headers(headers()))
        .build()
        .unwrap();
    client.update_ticket_metadata(ticket(), Metadata::from([("a", "b")])).await.unwrap();
    assert_eq!(vambe.requests()[0].headers()["x-team"], "billing");
}

#[tokio::test]
async fn a_hook_cannot_put_a_proxy_before_plain_http_to_this_host() {
    let vambe = Emulator::start().unwrap();
    let (proxy, seen) = answering_in_turn([http(200, "application/json", r#"{"status": "ok"}"#)]);
    for allow in [false, true] {
        let proxy = proxy.clone();
        let builder = Client::builder().api_key(vambe.api_key()).base_url(vambe.url());
        let builder = if allow { builder.allow_plain_http() } else { builder };
        let client =
            builder.configure_http(move |http| http.proxy(reqwest::Proxy::all(&proxy).unwrap())).build().unwrap();
        client.update_ticket_metadata(ticket(), Metadata::from([("a", "b")])).await.unwrap();
    }
    assert_eq!((vambe.requests().len(), seen.lock().unwrap().len()), (2, 0));
}

#[tokio::test]
async fn plain_http_that_is_allowed_to_another_host_may_use_a_proxy() {
    let (proxy, seen) = answering_in_turn([http(200, "application/json", r#"{"status": "ok"}"#)]);
    let client = Client::builder()
        .api_key("k")
        .base_url("http://vambe.invalid")
        .allow_plain_http()
        .configure_http(move |http| http.proxy(reqwest::Proxy::all(&proxy).unwrap()))
        .build()
        .unwrap();
    client.update_ticket_metadata(ticket(), Metadata::from([("a", "b")])).await.unwrap();
    assert!(seen.lock().unwrap()[0].starts_with("POST http://vambe.invalid/"), "{seen:?}");
}

#[test]
fn plain_http_to_another_host_is_refused_unless_it_is_allowed_by_name() {
    let builder = || Client::builder().api_key("k").base_url("http://vambe.example.com");
    assert!(matches!(builder().build(), Err(ConfigError::PlainHttp)));
    assert!(builder().allow_plain_http().build().is_ok());
}

/// The key is added when a request is sent, not to the HTTP client that `Transport::http` gives away.
#[tokio::test]
async fn the_http_client_alone_does_not_know_the_key() {
    let vambe = Emulator::start().unwrap();
    let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build().unwrap();
    let http = client.raw().transport().http();
    http.get(format!("{}/elsewhere", vambe.url())).send().await.unwrap();
    assert!(!vambe.requests()[0].headers().contains_key("x-api-key"));
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_cut_and_the_bound_can_be_set() {
    let body = format!(r#"{{"statusCode":400,"message":"{}"}}"#, "x".repeat(5_000));
    for (bytes, cut) in [(0, true), (100, true), (body.len() - 1, true), (body.len(), false)] {
        let url = answering(http(400, "application/json", &body));
        let client = Client::builder().api_key("k").base_url(url).max_body_bytes(bytes).build().unwrap();
        let error = client.update_ticket_metadata(ticket(), Metadata::from([("a", "b")])).await.unwrap_err();
        let answer = error.status_error().unwrap();
        assert_eq!((answer.body(), answer.is_body_cut()), (&body.as_bytes()[..bytes], cut));
        assert_eq!(error.to_string().contains("the body is incomplete"), cut, "{error}");
    }
}

#[tokio::test]
async fn a_dropped_call_frees_its_place() {
    let vambe = Emulator::start().unwrap();
    let client = Client::builder()
        .api_key(vambe.api_key())
        .base_url(vambe.url())
        .max_in_flight(NonZeroUsize::MIN)
        .build()
        .unwrap();
    for _ in 0..3 {
        let call = client.update_ticket_metadata(ticket(), Metadata::from([("a", "b")])).into_future();
        // The ready future wins after the call has been polled once, and so has begun.
        tokio::select! {
            biased;
            _ = call => panic!("an answer cannot be there at once"),
            () = std::future::ready(()) => {}
        }
    }
    client.update_ticket_metadata(ticket(), Metadata::from([("a", "b")])).await.unwrap();
}

//! The blocking client: from any thread, and never within a task.

use std::{thread, time::Duration};

use vambe_api::{Client, ClientBuilder, Delivery, Error, InvalidRequest, Metadata, TicketRef, blocking};
use vambe_emulator::{Emulator, placeholders as page};

use crate::server::{answering, http};

fn builder(vambe: &Emulator) -> ClientBuilder {
    Client::builder().api_key(vambe.api_key()).base_url(vambe.url())
}

fn update(client: &blocking::Client) -> blocking::UpdateTicketMetadata {
    client.update_ticket_metadata(TicketRef::TicketId(page::TICKET_ID), Metadata::from([("status", "escalated")]))
}

#[test]
fn many_threads_share_one_client() {
    let vambe = Emulator::start().unwrap();
    let client = blocking::Client::new(builder(&vambe)).unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..10).for_each(|_| assert_eq!(update(&client).send().unwrap().status(), 200)));
        }
    });
    assert_eq!(vambe.ticket(page::TICKET_ID).unwrap().updates(), 80);
}

#[test]
fn a_call_from_async_code_is_an_error_and_sends_nothing() {
    let vambe = Emulator::start().unwrap();
    let client = blocking::Client::new(builder(&vambe)).unwrap();
    let refused = |result| matches!(result, Err(Error::InvalidRequest(InvalidRequest::BlockingInAsync)));
    for runtime in [
        tokio::runtime::Builder::new_current_thread().build().unwrap(),
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap(),
    ] {
        assert!(runtime.block_on(async { refused(update(&client).send()) }));
        let other = client.clone();
        assert!(runtime.block_on(async { tokio::spawn(async move { refused(update(&other).send()) }).await.unwrap() }));
        assert_eq!(vambe.requests().len(), 0);
        // Where blocking is meant to be, it works.
        let other = client.clone();
        let sent =
            runtime.block_on(async { tokio::task::spawn_blocking(move || update(&other).send()).await.unwrap() });
        assert_eq!(sent.unwrap().status(), 200);
        vambe.clear_requests();
    }
}

#[tokio::test]
async fn a_client_may_be_built_and_dropped_in_async_code() {
    let vambe = Emulator::start().unwrap();
    let client = blocking::Client::new(builder(&vambe)).unwrap();
    drop(update(&client));
    drop(client);
}

#[test]
fn options_and_errors_are_those_of_the_async_client() {
    let client = Client::builder().api_key("k").base_url(answering(http(503, "text/plain", "later")));
    let client = blocking::Client::new(client.backoff(Duration::ZERO, Duration::ZERO)).unwrap();
    let error = update(&client).max_attempts(2).send().unwrap_err();
    assert_eq!((error.attempts(), error.delivery(), error.message()), (2, Delivery::Unknown, Some("later")));
    let error = update(&client).timeout(Duration::ZERO).send().unwrap_err();
    assert_eq!((error.attempts(), error.delivery(), error.is_timeout()), (0, Delivery::NotSent, true));
}

/// The caller's own hook may panic: that is an error here, and neither a panic nor a wait for ever.
#[test]
fn a_panic_in_a_hook_is_an_error_and_the_client_lives_on() {
    let url = answering(http(201, "application/json", "{}"));
    let builder = Client::builder().api_key("k").base_url(url).on_drift(|_| panic!("a hook's fault"));
    let client = blocking::Client::new(builder).unwrap();
    for _ in 0..2 {
        let error = update(&client).send().unwrap_err();
        assert_eq!(error.delivery(), Delivery::Unknown, "{error:?}");
    }
}

//! The limits of a client, shared by calls and runs, against a server.

use std::{
    future::{Future as _, IntoFuture as _},
    num::NonZeroU32,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use vambe_api::{
    Client, Delivery, Error, Metadata, RateLimit, StatusCode, TicketRef, UpdateTicketMetadata, Uuid,
    bulk::{self, Bulk, OutcomeKind, Wait},
};
use vambe_emulator::{Contact, Emulator, Fault, RetryAfter, Seed, Ticket};

use crate::bulk::{MS, client, in_flight, run, start, update};

fn call(client: &Client) -> UpdateTicketMetadata {
    client.update_ticket_metadata(TicketRef::TicketId(Uuid::from_u128(0)), Metadata::from([("key", "value")]))
}

fn hourly(requests: u32) -> RateLimit {
    RateLimit::new(NonZeroU32::new(requests).unwrap(), Duration::from_secs(3600))
}

#[tokio::test]
async fn a_plain_call_within_the_loop_of_a_run_gets_its_slot() {
    let (vambe, _) = start(5);
    let rate = RateLimit::new(NonZeroU32::new(3).unwrap(), 200 * MS);
    for builder in [client(&vambe).max_in_flight(in_flight(1)), client(&vambe).rate_limit(rate)] {
        let client = builder.attempt_timeout(Duration::from_secs(15)).build().unwrap();
        let mut outcomes = Bulk::new(&client).run(bulk::iter((0..5).map(|row| update(row, row as u128))));
        while let Some(outcome) = outcomes.next().await {
            assert_eq!(outcome.kind, OutcomeKind::Applied);
            call(&client).await.unwrap();
        }
    }
    assert_eq!(vambe.requests().len(), 2 * 10);
}

/// Invariant: a client with the limit of the server is never refused, with calls and runs of all its clones together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_the_same_limit_refuses_nothing() {
    let contact = Contact::new(Uuid::from_u128(1)).with_ticket(Ticket::active(Uuid::from_u128(0)));
    let seed = Seed::new("key").with_contact(contact);
    let vambe = Emulator::builder().state(seed).limit("10/200ms".parse().unwrap()).start().unwrap();
    let rate = RateLimit::new(NonZeroU32::new(10).unwrap(), 200 * MS);
    let client = client(&vambe).rate_limit(rate).timeout(Duration::from_secs(600)).build().unwrap();
    let calls: Vec<_> = (0..30).map(|_| tokio::spawn(call(&client).into_future())).collect();
    let (outcomes, _) = run(Bulk::new(&client), (0..30).map(|row| update(row, 0))).await;
    assert!(outcomes.iter().all(|outcome| outcome.kind == OutcomeKind::Applied), "{outcomes:?}");
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((vambe.total_requests(), vambe.refused_requests()), (60, 0));
    assert!(vambe.peak_requests() <= Some(10), "{:?}", vambe.peak_requests());
}

/// Invariant: waiting for a slot blocks no other run.
#[tokio::test]
async fn two_runs_of_a_limited_client_can_be_taken_in_turn() {
    let (vambe, _) = start(10);
    let client = client(&vambe).max_in_flight(in_flight(1)).attempt_timeout(Duration::from_secs(15)).build().unwrap();
    let run = |from| Bulk::new(&client).run(bulk::iter((from..from + 5).map(|row| update(row, row as u128))));
    let (mut first, mut second) = (run(0), run(5));
    for _ in 0..5 {
        assert_eq!(first.next().await.unwrap().kind, OutcomeKind::Applied);
        assert_eq!(second.next().await.unwrap().kind, OutcomeKind::Applied);
    }
}

#[tokio::test]
async fn a_call_that_was_begun_and_is_not_polled_holds_up_no_clone() {
    let (vambe, _) = start(1);
    let client = client(&vambe).max_in_flight(in_flight(1)).build().unwrap();
    let mut sent = pin!(call(&client).attempt_timeout(200 * MS).into_future());
    let mut waits = pin!(call(&client).into_future());
    let mut context = Context::from_waker(Waker::noop());
    assert!(matches!(sent.as_mut().poll(&mut context), Poll::Pending));
    assert!(matches!(waits.as_mut().poll(&mut context), Poll::Pending));
    call(&client.clone()).attempt_timeout(Duration::from_secs(15)).await.unwrap();
}

#[tokio::test]
async fn a_saturated_client_fails_calls_with_no_slot() {
    let (vambe, _) = start(1);
    vambe.inject_always(Fault::none().after(20 * MS));
    let client = client(&vambe).max_in_flight(in_flight(1)).timeout(300 * MS).build().unwrap();
    let calls: Vec<_> = (0..150).map(|_| tokio::spawn(call(&client).into_future())).collect();
    let mut refused = 0;
    for call in calls {
        let Err(error) = call.await.unwrap() else { continue };
        assert_eq!(error.attempts() == 0, matches!(error, Error::NoSlot(_)), "{error}");
        refused += usize::from(error.attempts() == 0);
    }
    assert!(refused > 0);
}

#[tokio::test]
async fn a_429_pauses_all_clones_and_fails_late_calls_at_once() {
    let (vambe, client) = start(1);
    vambe.inject_always(Fault::retry_after(StatusCode::TOO_MANY_REQUESTS, RetryAfter::Seconds(3_600)));
    let first = call(&client).await.unwrap_err();
    assert_eq!(first.status(), Some(StatusCode::TOO_MANY_REQUESTS));
    for _ in 0..500 {
        let error = call(&client.clone()).await.unwrap_err();
        assert!(matches!(error, Error::NoSlot(_)) && error.delivery() == Delivery::NotSent, "{error}");
        assert!(error.retry_after().unwrap() > Duration::from_secs(3_000), "{error:?}");
        assert!(error.to_string().starts_with("requests are paused for another 3"), "{error}");
    }
    assert_eq!(vambe.requests().len(), 1);
}

#[tokio::test]
async fn a_run_shows_which_limit_of_its_client_it_waits_for() {
    let (vambe, _) = start(3);
    for (builder, why) in [
        (client(&vambe).rate_limit(hourly(1)), Wait::RateLimit),
        (client(&vambe).max_in_flight(in_flight(1)), Wait::Concurrency),
    ] {
        let client = builder.attempt_timeout(Duration::from_secs(600)).build().unwrap();
        vambe.inject_all([Fault::none(), Fault::none().after(Duration::from_secs(600))]);
        call(&client).await.unwrap();
        let held = tokio::spawn(call(&client).timeout(Duration::from_secs(7_200)).into_future());
        let mut outcomes = Bulk::new(&client).run(bulk::iter((0..3).map(|row| update(row, row as u128))));
        let control = outcomes.control();
        let shown = async {
            loop {
                match control.progress().wait {
                    Some(wait) if wait.why == why => return wait,
                    _ => tokio::task::yield_now().await,
                }
            }
        };
        let shown = tokio::select! {
            shown = shown => shown,
            outcome = outcomes.next() => panic!("{outcome:?}"),
        };
        assert_eq!(shown.until.is_some(), why == Wait::RateLimit);
        held.abort();
        vambe.clear_faults();
    }
}

#[tokio::test]
async fn a_row_that_timed_out_says_the_limit_it_had() {
    let (vambe, _) = start(1);
    vambe.inject_always(Fault::none().after(Duration::from_secs(600)));
    let client = client(&vambe).attempt_timeout(50 * MS).build().unwrap();
    let mut outcomes = Bulk::new(&client).max_attempts(1).run(bulk::iter([update(0, 0)]));
    let outcome = outcomes.next().await.unwrap();
    let message = outcome.message().unwrap();
    assert!(message.starts_with("timed out (50 ms per attempt): the request may have been applied"), "{message}");
    assert!(outcome.last_request.is_some());
}

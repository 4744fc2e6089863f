//! Tests of the limits with many waiters; some are no longer polled.

use std::{
    cell::RefCell,
    num::NonZeroU32,
    rc::Rc,
    task::{Context, Waker},
};

use proptest::prelude::*;
use tokio::{
    task::{LocalSet, spawn_local, yield_now},
    time::{advance, sleep},
};

use super::*;
use crate::call::after;

const S: Duration = Duration::from_secs(1);

fn limits(rate: Option<(u32, Duration)>, max_in_flight: Option<usize>) -> Arc<Limits> {
    let rate = rate.map(|(requests, period)| RateLimit::new(NonZeroU32::new(requests).unwrap(), period));
    Arc::new(Limits::new(rate, max_in_flight, Backoff { base: S, cap: 8 * S }))
}

/// Takes a slot and begins an attempt.
async fn send(limits: &Arc<Limits>, deadline: Instant) -> Result<Permit, Blocked> {
    let permit = limits.acquire(deadline).await?;
    assert!(permit.begin(after(Instant::now(), 15 * S)));
    Ok(permit)
}

fn finish(limits: &Arc<Limits>, permit: Permit, seen: Seen) {
    limits.finish(permit, seen, || 1.0);
}

/// Polls a waiter once, as a future that is dropped from its executor does.
fn poll_once(waiter: &mut Waiter, deadline: Instant) -> bool {
    waiter.poll(deadline, &mut Context::from_waker(Waker::noop())).is_ready()
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    let (limits, start) = (limits(Some((1, 10 * S)), None), Instant::now());
    finish(&limits, send(&limits, start).await.unwrap(), Seen::Answered);
    let blocked = limits.acquire(start + 9 * S).await.unwrap_err();
    assert_eq!((blocked.limit, blocked.until, Instant::now()), (Limit::Rate, Some(start + 10 * S), start));
    assert!(limits.acquire(start + 11 * S).await.is_ok());
    assert_eq!(Instant::now(), start + 10 * S);
}

#[tokio::test(start_paused = true)]
async fn a_call_without_time_fails_at_once_behind_another_waiter() {
    let (limits, start) = (limits(Some((1, 10 * S)), None), Instant::now());
    finish(&limits, send(&limits, start).await.unwrap(), Seen::Answered);
    let ahead = tokio::spawn({
        let limits = Arc::clone(&limits);
        async move { limits.acquire(start + 100 * S).await.map(drop) }
    });
    yield_now().await;
    let blocked = limits.acquire(start + 15 * S).await.unwrap_err();
    assert_eq!((blocked.until, Instant::now()), (Some(start + 20 * S), start), "the one ahead has the slot of 10 s");
    ahead.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn waiters_are_served_in_the_order_of_their_arrival() {
    let (limits, start) = (limits(Some((2, 10 * S)), Some(1)), Instant::now());
    LocalSet::new()
        .run_until(async {
            let served = Rc::new(RefCell::new(Vec::new()));
            let waiters = (0..7).map(|number| {
                let (limits, served) = (Arc::clone(&limits), Rc::clone(&served));
                spawn_local(async move {
                    let permit = send(&limits, start + 1000 * S).await.unwrap();
                    served.borrow_mut().push(number);
                    sleep(S).await;
                    finish(&limits, permit, Seen::Answered);
                })
            });
            for waiter in waiters.collect::<Vec<_>>() {
                waiter.await.unwrap();
            }
            assert_eq!(*served.borrow(), (0..7).collect::<Vec<_>>());
        })
        .await;
    assert_eq!(Instant::now() - start, (11 + 11 + 11 + 1) * S, "and none waits for longer than it has to");
}

/// Invariant: waiting for a slot blocks no other call.
#[tokio::test(start_paused = true)]
async fn a_waiter_that_nobody_polls_holds_up_no_other() {
    for (rate, max_in_flight) in [(Some((1, 10 * S)), None), (None, Some(1)), (Some((5, 10 * S)), Some(1))] {
        let (limits, start) = (limits(rate, max_in_flight), Instant::now());
        let first = send(&limits, start).await.unwrap();
        let mut unpolled: Vec<_> = (0..5).map(|_| Waiter::new(Arc::clone(&limits))).collect();
        for waiter in &mut unpolled {
            assert!(!poll_once(waiter, start + 1000 * S));
        }
        let live = tokio::spawn({
            let limits = Arc::clone(&limits);
            async move { limits.acquire(start + 1000 * S).await.map(drop) }
        });
        yield_now().await;
        finish(&limits, first, Seen::Answered);
        live.await.unwrap().unwrap();
        let waited = Instant::now() - start;
        assert!(waited <= rate.filter(|(n, _)| *n == 1).map_or(Duration::ZERO, |(_, period)| period) + S, "{waited:?}");
        assert!(poll_once(&mut unpolled[0], start + 1000 * S), "it can come late");
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_nobody_polls_frees_its_slot_at_its_deadline() {
    let (limits, start) = (limits(None, Some(1)), Instant::now());
    let unpolled = send(&limits, start).await.unwrap();
    let held = limits.acquire(start + 100 * S).await.unwrap();
    assert_eq!(Instant::now() - start, 15 * S);
    assert!(held.begin(start + 100 * S));
    finish(&limits, unpolled, Seen::Answered);
    assert!(limits.acquire(Instant::now() + S).await.is_err(), "it has no slot any more");
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_is_not_used_lapses_and_cannot_be_used_later() {
    let (limits, start) = (limits(Some((1, 3600 * S)), None), Instant::now());
    let unused = limits.acquire(start).await.unwrap();
    assert!(limits.acquire(start + 2 * S).await.is_err());
    advance(5 * S).await;
    let used = send(&limits, Instant::now()).await.unwrap();
    assert!(!unused.begin(Instant::now() + S));
    drop((used, unused));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_or_unsent_request_takes_no_slot() {
    let (limits, start) = (limits(Some((1, 10 * S)), Some(1)), Instant::now());
    drop(limits.acquire(start).await.unwrap());
    finish(&limits, send(&limits, start).await.unwrap(), Seen::NotSent);
    let sent = send(&limits, start).await.unwrap();
    assert!(tokio::time::timeout(5 * S, limits.acquire(start + 100 * S)).await.is_err());
    drop(sent);
    assert!(limits.acquire(start + 100 * S).await.is_ok());
    assert_eq!(Instant::now(), start + 15 * S, "a dropped attempt may have been sent until it was dropped");
}

#[tokio::test(start_paused = true)]
async fn a_waiter_past_its_deadline_gets_no_slot() {
    let (limits, start) = (limits(None, Some(1)), Instant::now());
    let held = send(&limits, start).await.unwrap();
    let mut waiter = Waiter::new(Arc::clone(&limits));
    assert!(!poll_once(&mut waiter, start + S));
    advance(2 * S).await;
    drop(held);
    let blocked = poll_fn(|cx| waiter.poll(start + S, cx)).await.unwrap_err();
    assert_eq!(blocked.limit, Limit::Concurrency);
}

/// Invariant: a `429` pauses all clones, and then a single request is sent first.
#[tokio::test(start_paused = true)]
async fn a_429_pauses_all_and_then_one_request_goes_first() {
    for limits in [limits(None, None), limits(Some((100, S)), Some(50))] {
        let start = Instant::now();
        let first = send(&limits, start).await.unwrap();
        finish(&limits, first, Seen::TooMany(Some(20 * S)));
        let blocked = limits.acquire(start + 19 * S).await.unwrap_err();
        assert_eq!((blocked.limit, blocked.until, Instant::now()), (Limit::Pause, Some(start + 20 * S), start));

        let probe = send(&limits, start + 60 * S).await.unwrap();
        assert_eq!(Instant::now(), start + 20 * S);
        assert!(limits.acquire(start + 21 * S).await.is_err(), "the first one has no answer yet");
        finish(&limits, probe, Seen::TooMany(None));
        let probe = send(&limits, start + 60 * S).await.unwrap();
        assert_eq!(Instant::now(), start + 23 * S, "the second pause in a row is of our own, and longer");
        finish(&limits, probe, Seen::NoAnswer);
        let probe = send(&limits, start + 60 * S).await.unwrap();
        finish(&limits, probe, Seen::Answered);
        let many: Vec<_> = (0..40).map(|_| limits.acquire(start + 60 * S)).collect();
        for permit in many {
            let _permit = permit.await.unwrap();
        }
        assert_eq!(Instant::now(), start + 23 * S);
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_ends_waits_that_it_outlasts() {
    let (limits, start) = (limits(None, Some(1)), Instant::now());
    let held = send(&limits, start).await.unwrap();
    let waiting = tokio::spawn({
        let limits = Arc::clone(&limits);
        async move { limits.acquire(start + 10 * S).await.map(drop) }
    });
    yield_now().await;
    finish(&limits, held, Seen::TooMany(Some(3600 * S)));
    assert_eq!(waiting.await.unwrap().unwrap_err().limit, Limit::Pause);
    assert_eq!(Instant::now(), start);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_window_at_the_server_has_more_requests_than_the_limit(
        requests in 1_u32..6,
        // Per request: the gap to the previous one, the time until it arrives, and the time until it ends.
        calls in prop::collection::vec((0_u64..3_000, 0_u64..9_000, 0_u64..9_000), 1..40),
    ) {
        let period = 10 * S;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let arrivals = Rc::new(RefCell::new(Vec::new()));
        LocalSet::new().block_on(&runtime, async {
            let (limits, start) = (limits(Some((requests, period)), None), Instant::now());
            let mut tasks = Vec::new();
            for (gap, until_arrival, after_it) in calls {
                sleep(Duration::from_millis(gap)).await;
                let (limits, arrivals) = (Arc::clone(&limits), Rc::clone(&arrivals));
                tasks.push(spawn_local(async move {
                    let permit = limits.acquire(start + 10_000 * S).await.unwrap();
                    let deadline = Instant::now() + 15 * S;
                    assert!(permit.begin(deadline));
                    sleep(Duration::from_millis(until_arrival)).await;
                    arrivals.borrow_mut().push(Instant::now());
                    tokio::time::sleep_until((Instant::now() + Duration::from_millis(after_it)).min(deadline)).await;
                    finish(&limits, permit, Seen::Answered);
                }));
            }
            for task in tasks {
                task.await.unwrap();
            }
        });
        for window in arrivals.borrow().windows(requests as usize + 1) {
            prop_assert!(*window.last().unwrap() - window[0] >= period, "{window:?}");
        }
    }
}

//! Tests of clients that share a limit, with an implementation in memory and the paused clock.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    task::{Context, Waker},
};

use tokio::{
    task::yield_now,
    time::{Instant, sleep},
};

use super::*;
use crate::call::{Backoff, Blocked, Limit, Limits, Permit, after, limit::Waiter};

const S: Duration = Duration::from_secs(1);

/// A limit of requests in a period, after a latency; or a fixed answer.
#[derive(Debug)]
struct InMemory {
    requests: usize,
    period: Duration,
    latency: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    granted: VecDeque<Instant>,
    asked: u32,
    refusal: Option<NotGranted>,
    reports: Vec<(u64, Seen)>,
}

impl InMemory {
    fn new(requests: usize, period: Duration, latency: Duration) -> Arc<Self> {
        Arc::new(Self { requests, period, latency, state: Mutex::default() })
    }

    fn refusing(refusal: NotGranted) -> Arc<Self> {
        let limit = Self::new(1, S, Duration::ZERO);
        limit.state().refusal = Some(refusal);
        limit
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn decide(&self) -> Result<u64, NotGranted> {
        let (mut state, now) = (self.state(), Instant::now());
        state.asked += 1;
        if let Some(refusal) = state.refusal {
            return Err(refusal);
        }
        let oldest = state.granted.len().checked_sub(self.requests).map(|index| state.granted[index] + self.period);
        if let Some(free_at) = oldest.filter(|free_at| *free_at > now) {
            return Err(NotGranted::Wait(free_at - now));
        }
        state.granted.push_back(now);
        Ok(state.granted.len() as u64)
    }
}

impl SharedLimit for InMemory {
    fn take(&self) -> TakeSlot<'_> {
        Box::pin(async {
            sleep(self.latency).await;
            self.decide()
        })
    }

    fn report(&self, slot: u64, seen: Seen) {
        self.state().reports.push((slot, seen));
    }
}

/// Returns the limits of a client with the shared limit.
fn client(shared: &Arc<InMemory>) -> Arc<Limits> {
    let backoff = Backoff { base: S, cap: 8 * S };
    Arc::new(Limits::new(None, None, backoff).with_shared(Arc::clone(shared) as _))
}

/// Takes a slot and begins an attempt.
async fn send(limits: &Arc<Limits>, deadline: Instant) -> Result<Permit, Blocked> {
    let permit = limits.acquire(deadline).await?;
    assert!(permit.begin(after(Instant::now(), 15 * S)));
    Ok(permit)
}

#[tokio::test(start_paused = true)]
async fn clients_share_a_limit_and_each_keeps_its_order() {
    let shared = InMemory::new(3, 10 * S, S / 100);
    let (served, start) = (Arc::new(Mutex::new(Vec::new())), Instant::now());
    let mut calls = Vec::new();
    for name in ["a", "b"] {
        let limits = client(&shared);
        for number in 0..10 {
            let (limits, served) = (Arc::clone(&limits), Arc::clone(&served));
            calls.push(tokio::spawn(async move {
                let permit = send(&limits, start + 1000 * S).await.unwrap();
                served.lock().unwrap().push((name, number));
                limits.finish(permit, Seen::Answered, || 1.0);
            }));
            yield_now().await;
        }
    }
    for call in calls {
        call.await.unwrap();
    }
    let served = served.lock().unwrap();
    for name in ["a", "b"] {
        let numbers: Vec<_> = served.iter().filter(|(of, _)| *of == name).map(|(_, number)| *number).collect();
        assert_eq!(numbers, (0..10).collect::<Vec<_>>(), "{name}");
    }
    let state = shared.state();
    assert_eq!((state.granted.len(), state.reports.len()), (20, 20));
    assert!((Instant::now() - start) < 61 * S, "20 requests of 3 in 10 s take 60 s");
    assert!(state.asked < 100, "few ask while there is no slot: {}", state.asked);
}

#[tokio::test(start_paused = true)]
async fn without_a_slot_a_call_fails_and_says_why() {
    let start = Instant::now();
    let cases = [
        (NotGranted::Unavailable, Limit::Unavailable, None),
        (NotGranted::KeyRefused, Limit::KeyRefused, None),
        (NotGranted::Wait(90 * S), Limit::Shared, Some(start + 90 * S)),
    ];
    for (refusal, limit, until) in cases {
        let limits = client(&InMemory::refusing(refusal));
        let blocked = limits.acquire(start + 60 * S).await.unwrap_err();
        assert_eq!((blocked.limit, blocked.until, Instant::now()), (limit, until, start));
    }
}

#[tokio::test(start_paused = true)]
async fn a_slot_that_comes_after_five_seconds_is_not_used() {
    let limits = client(&InMemory::new(9, S, 6 * S));
    let start = Instant::now();
    assert_eq!(limits.acquire(start + 60 * S).await.unwrap_err().limit, Limit::Unavailable);
    assert_eq!(Instant::now() - start, 5 * S);
}

#[tokio::test(start_paused = true)]
async fn a_slot_that_is_kept_for_five_seconds_is_not_used() {
    let limits = client(&InMemory::new(9, S, S));
    let permit = limits.acquire(Instant::now() + 60 * S).await.unwrap();
    sleep(4 * S).await;
    assert!(!permit.begin(Instant::now() + S), "it counts from the question, not from the answer");
}

#[tokio::test(start_paused = true)]
async fn results_are_reported_with_their_slot() {
    let shared = InMemory::new(9, S, Duration::ZERO);
    let limits = client(&shared);
    let seen =
        [Seen::Answered, Seen::Unauthorized, Seen::Forbidden, Seen::NoAnswer, Seen::NotSent, Seen::TooMany(None)];
    for result in seen {
        let permit = send(&limits, Instant::now()).await.unwrap();
        limits.finish(permit, result, || 1.0);
    }
    drop(limits.acquire(Instant::now() + 60 * S).await.unwrap());
    let expected: Vec<_> = (1..).zip(seen).collect();
    assert_eq!(shared.state().reports, expected, "and none for a slot that is not used");
}

#[tokio::test(start_paused = true)]
async fn callers_that_nobody_polls_do_not_block_the_shared_limit() {
    let limits = client(&InMemory::new(9, S, S));
    let start = Instant::now();
    let mut unpolled: Vec<_> = (0..20).map(|_| Waiter::new(Arc::clone(&limits))).collect();
    for waiter in &mut unpolled {
        assert!(waiter.poll(start + 1000 * S, &mut Context::from_waker(Waker::noop())).is_pending());
    }
    assert!(limits.acquire(start + 60 * S).await.is_ok());
    assert!(Instant::now() - start < 10 * S);
}

#[tokio::test(start_paused = true)]
async fn the_own_limits_hold_as_well() {
    let shared = InMemory::new(9, S, Duration::ZERO);
    let limits = Limits::new(None, Some(1), Backoff { base: S, cap: 8 * S }).with_shared(Arc::clone(&shared) as _);
    let limits = Arc::new(limits);
    let first = send(&limits, Instant::now()).await.unwrap();
    assert!(tokio::time::timeout(5 * S, limits.acquire(Instant::now() + 60 * S)).await.is_err());
    assert_eq!(shared.state().asked, 1, "a request without a slot of the own limits does not ask");
    limits.finish(first, Seen::TooMany(Some(20 * S)), || 1.0);
    assert_eq!(limits.acquire(Instant::now() + S).await.unwrap_err().limit, Limit::Pause);
}

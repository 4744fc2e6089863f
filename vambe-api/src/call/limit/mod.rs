//! The limits of a client, which decide when a request may be sent. All clones of a client share them.
//!
//! There is one mechanism for all: plain calls, retries and bulk runs wait in one [`Queue`], in the order of their arrival, for
//! the rate limit, the limit on concurrent requests and the [`Pause`] after a `429`. A waiter owns no slot: a slot is free
//! until a waiter that is polled takes it with a [`Permit`]. A permit lapses if it is not used in time or its attempt has
//! ended, so that a future that is no longer polled does not block the others.
//!
//! With a [`SharedLimit`], the waiter asks it for a slot after it has got its permit, and waits in its old order if there is none.

mod pause;
mod permit;
mod queue;
mod rate;
mod shared;
mod state;
#[cfg(test)]
mod tests;
mod waiter;

use std::{
    future::poll_fn,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

pub(crate) use permit::Permit;
pub use rate::RateLimit;
#[cfg(feature = "bulk")]
pub(crate) use rate::{Quota, Window};
pub use shared::{NotGranted, SharedLimit, TakeSlot};
use state::State;
pub(crate) use waiter::Waiter;

use super::Backoff;

/// The limits of a client. By default there is only the pause after a `429`.
#[derive(Debug)]
pub(crate) struct Limits {
    has_limit: bool,
    /// True if there is a pause. This and `epoch` are copies, so that a call without limits takes no lock.
    is_paused: AtomicBool,
    epoch: AtomicU64,
    state: Mutex<State>,
    shared: Option<Arc<dyn SharedLimit>>,
}

/// The limit that has no free slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    Rate,
    Concurrency,
    /// The pause after a `429`.
    Pause,
    /// The limit that many processes share.
    Shared,
    /// The shared limit, which is closed since the server rejects the API key.
    KeyRefused,
    /// The shared limit, which could not be asked.
    Unavailable,
}

/// The limit that blocks a request, and the earliest time at which it may be sent, if known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Blocked {
    pub(crate) limit: Limit,
    pub(crate) until: Option<Instant>,
}

/// The result of an attempt, as far as it affects the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Seen {
    /// The server answered `429`, with the wait that it asks for, if any.
    TooMany(Option<Duration>),
    /// The server answered `401`: it rejects the API key.
    Unauthorized,
    /// The server answered `403`: it rejects the API key, or a firewall rejects the request.
    Forbidden,
    /// The server answered anything else.
    Answered,
    /// No response arrived, and the request may have been sent.
    NoAnswer,
    /// Nothing was sent, so the request does not count.
    NotSent,
}

impl Limits {
    pub(crate) fn new(rate: Option<RateLimit>, max_in_flight: Option<usize>, backoff: Backoff) -> Self {
        Self {
            has_limit: rate.is_some() || max_in_flight.is_some(),
            shared: None,
            is_paused: AtomicBool::new(false),
            epoch: AtomicU64::new(0),
            state: Mutex::new(State::new(rate, max_in_flight, backoff)),
        }
    }

    /// Adds a limit that other processes share.
    pub(crate) fn with_shared(mut self, shared: Arc<dyn SharedLimit>) -> Self {
        self.has_limit = true;
        self.lock().close(None);
        self.shared = Some(shared);
        self
    }

    /// Returns a permit at once if there is neither a limit nor a pause.
    pub(crate) fn permit_without_limit(&self) -> Option<Permit> {
        self.is_open().then(|| Permit::without_limit(self.epoch()))
    }

    /// Waits for a slot. Fails as soon as none can become free before the deadline.
    pub(crate) async fn acquire(self: &Arc<Self>, deadline: Instant) -> Result<Permit, Blocked> {
        if let Some(permit) = self.permit_without_limit() {
            return Ok(permit);
        }
        let mut waiter = Waiter::new(Arc::clone(self));
        poll_fn(|cx| waiter.poll(deadline, cx)).await
    }

    /// Returns a permit after its attempt.
    pub(crate) fn finish(&self, permit: Permit, seen: Seen, random: fn() -> f64) {
        let epoch = permit.epoch();
        match seen {
            Seen::TooMany(asked) => self.pause(epoch, asked, random()),
            Seen::Answered | Seen::Unauthorized | Seen::Forbidden if self.is_paused.load(Ordering::Acquire) => {
                self.resume(epoch)
            }
            _ => {}
        }
        if let (Some(shared), Some(slot)) = (&self.shared, permit.shared_slot()) {
            shared.report(slot, seen);
        }
        if seen == Seen::NotSent {
            permit.give_back();
        }
    }

    /// Returns the number of waiters, and of the requests that count in the rate limit, if there is one.
    pub(crate) fn usage(&self) -> (usize, Option<usize>) {
        let mut state = self.lock();
        (state.queue.ahead(None), state.window_used(Instant::now()))
    }

    /// Returns `true` if there is neither a limit nor a pause.
    fn is_open(&self) -> bool {
        !self.has_limit && !self.is_paused.load(Ordering::Acquire)
    }

    fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    fn pause(&self, epoch: u64, asked: Option<Duration>, random: f64) {
        let wakers = {
            let mut state = self.lock();
            state.pause.begin(Instant::now(), epoch, asked, random);
            self.epoch.store(state.pause.epoch(), Ordering::Release);
            self.is_paused.store(true, Ordering::Release);
            // Wake all: those whose deadline is before the end of the pause fail now.
            state.queue.all()
        };
        wakers.into_iter().for_each(std::task::Waker::wake);
    }

    fn resume(&self, epoch: u64) {
        let mut wakers = Vec::new();
        {
            let mut state = self.lock();
            if state.pause.end(epoch) {
                self.is_paused.store(false, Ordering::Release);
                wakers = state.take_wakers(Instant::now());
            }
        }
        wakers.into_iter().for_each(std::task::Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code under the lock panics, so the state is consistent.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

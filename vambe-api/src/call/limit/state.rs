//! The state of the limits under their lock; the current time is always passed in.

use std::{collections::BTreeMap, task::Waker, time::Duration};

use tokio::time::Instant;

use super::{
    Blocked, Limit, RateLimit,
    pause::Pause,
    queue::{GRACE, Queue},
    rate::{Quota, Window},
};
use crate::call::{Backoff, after};

/// The time within which the attempt of a permit must begin. A permit is taken right before sending, so only a task that is no
/// longer polled takes that long.
pub(super) const USE_WITHIN: Duration = Duration::from_secs(5);

/// The maximum number of waiters that ask the shared limit at once: enough to hide its latency, few enough to spare its database
/// when many wait.
const MAX_ASKING: usize = 4;

#[derive(Debug)]
pub(super) struct State {
    quota: Option<Box<dyn Quota>>,
    max_in_flight: usize,
    /// With a shared limit, the time until which it has no slot.
    shared: Option<Option<Instant>>,
    pub(super) pause: Pause,
    pub(super) queue: Queue,
    granted: BTreeMap<u64, Granted>,
    next_id: u64,
    /// A lower bound on the next lapse in `granted`.
    next_lapse: Option<Instant>,
}

/// A permit that is held.
#[derive(Debug)]
struct Granted {
    lapses: Instant,
    /// True if its attempt has begun.
    is_used: bool,
    /// True if it is for the first request after a pause.
    is_probe: bool,
}

impl State {
    pub(super) fn new(rate: Option<RateLimit>, max_in_flight: Option<usize>, backoff: Backoff) -> Self {
        Self {
            quota: rate.map(|limit| Box::new(Window::new(limit)) as _),
            max_in_flight: max_in_flight.map_or(usize::MAX, |requests| requests.max(1)),
            shared: None,
            pause: Pause::new(backoff),
            queue: Queue::default(),
            granted: BTreeMap::new(),
            next_id: 0,
            next_lapse: None,
        }
    }

    /// Returns the number of requests that may be sent now.
    pub(super) fn free(&mut self, now: Instant) -> usize {
        self.take_back_lapsed(now);
        let open = self.granted.len();
        let mut free = self.max_in_flight.saturating_sub(open);
        if self.pause.is_on() {
            let is_closed = self.pause.until(now).is_some() || self.granted.values().any(|granted| granted.is_probe);
            free = free.min(usize::from(!is_closed));
        }
        if let Some(closed_until) = self.shared {
            let asking = self.granted.values().filter(|granted| !granted.is_used).count();
            let is_closed = closed_until.is_some_and(|until| until > now);
            free = free.min(if is_closed { 0 } else { MAX_ASKING.saturating_sub(asking) });
        }
        match &mut self.quota {
            Some(quota) if free > 0 => free.min(quota.free(now, open)),
            _ => free,
        }
    }

    /// Returns the number of requests that count in the rate limit, if there is one.
    pub(super) fn window_used(&mut self, now: Instant) -> Option<usize> {
        self.take_back_lapsed(now);
        let open = self.granted.len();
        self.quota.as_mut().map(|quota| quota.used(now, open))
    }

    /// Returns the limit that blocks a request with `ahead` others before it.
    pub(super) fn blocked(&self, now: Instant, ahead: usize) -> Blocked {
        let open = self.granted.len();
        let quota = self.quota.as_ref().map(|quota| quota.earliest(now, open, ahead)).filter(|at| *at > now);
        let pause = self.pause.until(now);
        let shared = self.shared.flatten().filter(|until| *until > now);
        if let Some(until) = shared.filter(|until| quota.max(pause).is_none_or(|own| own < *until)) {
            return Blocked { limit: Limit::Shared, until: Some(until) };
        }
        match (quota, pause) {
            (Some(quota), pause) if pause.is_none_or(|pause| pause < quota) => {
                Blocked { limit: Limit::Rate, until: Some(quota) }
            }
            (_, Some(pause)) => Blocked { limit: Limit::Pause, until: Some(pause) },
            _ if self.pause.is_on() => Blocked { limit: Limit::Pause, until: None },
            _ => Blocked { limit: Limit::Concurrency, until: None },
        }
    }

    /// Returns the time at which a waiter checks again unless it is woken before.
    ///
    /// The first waiter checks when a slot becomes free. The others check later, in case those ahead are no longer polled: the
    /// further behind, the less often, so that many waiters cost little.
    pub(super) fn next_look(&self, now: Instant, ahead: usize, is_first: bool) -> Option<Instant> {
        let free_at = self.blocked(now, 0).until;
        if is_first {
            return free_at.or(self.next_lapse);
        }
        let factor = u32::try_from(ahead).unwrap_or(u32::MAX).saturating_add(1);
        Some(after(free_at.unwrap_or(now), GRACE.saturating_mul(factor)))
    }

    /// Records that the shared limit has no slot until then.
    pub(super) fn close(&mut self, until: Option<Instant>) {
        self.shared = Some(until);
    }

    /// Takes a slot; the caller has checked that one is free.
    pub(super) fn grant(&mut self, now: Instant) -> u64 {
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        let lapses = after(now, USE_WITHIN);
        self.granted.insert(id, Granted { lapses, is_used: false, is_probe: self.pause.is_on() });
        self.note_lapse(lapses);
        if let Some(quota) = &mut self.quota {
            quota.sent(now);
        }
        id
    }

    /// Records the start and the deadline of a permit's attempt. Returns `false` if the permit has lapsed.
    pub(super) fn begin(&mut self, id: u64, now: Instant, deadline: Instant) -> bool {
        let granted = self.granted.get_mut(&id);
        let Some(granted) = granted.filter(|granted| granted.lapses > now) else { return false };
        (granted.is_used, granted.lapses) = (true, deadline);
        self.note_lapse(deadline);
        true
    }

    /// Takes a permit back. Its request counts only if it was sent.
    pub(super) fn release(&mut self, id: u64, was_sent: bool, now: Instant) {
        if let Some(granted) = self.granted.remove(&id)
            && let Some(quota) = &mut self.quota
            && granted.is_used
            && was_sent
        {
            quota.ended(now);
        }
    }

    /// Returns the wakers of the waiters for free slots.
    pub(super) fn take_wakers(&mut self, now: Instant) -> Vec<Waker> {
        match self.free(now) {
            0 => Vec::new(),
            free => self.queue.take_wakers(free, now),
        }
    }

    /// Takes back the permits that have lapsed, since their tasks are no longer polled.
    fn take_back_lapsed(&mut self, now: Instant) {
        if self.next_lapse.is_none_or(|lapse| lapse > now) {
            return;
        }
        let quota = &mut self.quota;
        self.granted.retain(|_, granted| {
            let is_over = granted.lapses <= now;
            if is_over
                && granted.is_used
                && let Some(quota) = quota
            {
                quota.ended(now);
            }
            !is_over
        });
        self.next_lapse = self.granted.values().map(|granted| granted.lapses).min();
    }

    fn note_lapse(&mut self, lapse: Instant) {
        self.next_lapse = Some(self.next_lapse.map_or(lapse, |next| next.min(lapse)));
    }
}

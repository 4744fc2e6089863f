//! The client's own limits: requests in a period, and requests in flight. The clones of a client share them.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until, timeout_at},
};

use super::after;

/// At most so many requests in any period of this length.
///
/// Vambe documents 1,000 requests an hour and client for a sibling of the endpoint.
///
/// The limit holds for every window of that length, not on average, and requests are sent at once while there is room.
/// (The usual algorithms, token bucket and GCRA, let twice as many through in the first period.) It remembers the times
/// of the requests in the last period, 16 bytes each.
///
/// # Example
///
/// ```
/// use std::{num::NonZeroU32, time::Duration};
/// use vambe_api::{Client, RateLimit};
///
/// let limit = RateLimit::new(NonZeroU32::new(1_000).unwrap(), Duration::from_secs(3600));
/// let client = Client::builder().api_key("your_api_key_here").rate_limit(limit).build()?;
/// # Ok::<(), vambe_api::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    requests: usize,
    period: Duration,
    spread: bool,
}

impl RateLimit {
    /// At most `requests` in any `period`.
    pub fn new(requests: std::num::NonZeroU32, period: Duration) -> Self {
        Self { requests: usize::try_from(requests.get()).unwrap_or(usize::MAX), period, spread: false }
    }

    /// Spreads the requests evenly over the period, instead of sending as many as are allowed at once.
    #[must_use]
    pub fn spread(mut self) -> Self {
        self.spread = true;
        self
    }
}

/// The limits of a client; by default there are none.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    in_flight: Option<Arc<Semaphore>>,
    /// Locked while one waits, so that the others queue behind it.
    rate: Option<Mutex<Window>>,
}

/// No slot came free before the deadline.
#[derive(Debug, PartialEq)]
pub(crate) struct NoSlot;

impl Limits {
    pub(crate) fn new(rate: Option<RateLimit>, in_flight: Option<usize>) -> Self {
        Self {
            in_flight: in_flight.map(|permits| Arc::new(Semaphore::new(permits.clamp(1, Semaphore::MAX_PERMITS)))),
            rate: rate.map(|limit| Mutex::new(Window::new(limit))),
        }
    }

    /// Whether there is anything to wait for.
    #[cfg(feature = "bulk")]
    pub(crate) fn is_unlimited(&self) -> bool {
        self.in_flight.is_none() && self.rate.is_none()
    }

    /// Waits for a slot; the request is in flight until the permit is dropped.
    ///
    /// Waiters are served in their order. One that is dropped while it waits takes no slot.
    pub(crate) async fn acquire(&self, deadline: Instant) -> Result<Option<OwnedSemaphorePermit>, NoSlot> {
        let permit = match &self.in_flight {
            None => None,
            // The semaphore is never closed.
            Some(semaphore) => {
                let permit = timeout_at(deadline, Arc::clone(semaphore).acquire_owned()).await;
                Some(permit.map_err(|_| NoSlot)?.map_err(|_| NoSlot)?)
            }
        };
        if let Some(rate) = &self.rate {
            let mut window = timeout_at(deadline, rate.lock()).await.map_err(|_| NoSlot)?;
            let free = window.free_at();
            // Not waited for in vain: the caller has better use for the time.
            if free.is_some_and(|free| free > deadline) {
                return Err(NoSlot);
            }
            if let Some(free) = free {
                sleep_until(free).await;
            }
            window.take();
        }
        Ok(permit)
    }
}

/// When the last requests were sent, as far back as the limit reaches.
#[derive(Debug)]
pub(crate) struct Window {
    limit: RateLimit,
    /// The earliest first.
    sent: VecDeque<Instant>,
}

impl Window {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self { limit, sent: VecDeque::new() }
    }

    /// From when on the next request may be sent; `None` if it has not to wait for any other.
    pub(crate) fn free_at(&self) -> Option<Instant> {
        let earliest = self.sent.front().filter(|_| self.sent.len() >= self.limit.requests)?;
        Some(after(*earliest, self.limit.period))
    }

    /// Takes note of a request that is sent now.
    pub(crate) fn take(&mut self) {
        if self.sent.len() >= self.limit.requests {
            self.sent.pop_front();
        }
        self.sent.push_back(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn rate(requests: u32, period: Duration) -> Limits {
        Limits::new(Some(RateLimit::new(NonZeroU32::new(requests).unwrap(), period)), None)
    }

    #[tokio::test(start_paused = true)]
    async fn no_window_of_the_period_has_more_requests_than_the_limit() {
        let limits = rate(3, 10 * S);
        let start = Instant::now();
        let mut sent = Vec::new();
        for index in 0..10_u32 {
            // Not all at once: what counts is when each was sent.
            tokio::time::advance(S * (index % 3)).await;
            limits.acquire(start + 1000 * S).await.unwrap();
            sent.push(Instant::now());
        }
        for window in sent.windows(4) {
            assert!(window[3] - window[0] >= 10 * S, "{sent:?}");
        }
        assert!(sent[9] - start < 40 * S, "and it does not wait longer than it has to: {sent:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_beyond_the_deadline_is_not_begun() {
        let limits = rate(1, 10 * S);
        let start = Instant::now();
        limits.acquire(start).await.unwrap();
        assert_eq!(limits.acquire(start + 9 * S).await.err(), Some(NoSlot));
        assert_eq!(Instant::now(), start);
        assert!(limits.acquire(start + 11 * S).await.is_ok());
        assert_eq!(Instant::now(), start + 10 * S);
    }

    #[tokio::test(start_paused = true)]
    async fn a_waiter_that_goes_away_takes_no_slot() {
        let limits = rate(1, 10 * S);
        let start = Instant::now();
        limits.acquire(start).await.unwrap();
        assert!(tokio::time::timeout(5 * S, limits.acquire(start + 100 * S)).await.is_err());
        limits.acquire(start + 100 * S).await.unwrap();
        assert_eq!(Instant::now(), start + 10 * S);
    }

    #[tokio::test(start_paused = true)]
    async fn requests_in_flight_are_bounded_and_a_finished_one_makes_room() {
        let limits = Limits::new(None, Some(2));
        let deadline = Instant::now() + S;
        let first = limits.acquire(deadline).await.unwrap();
        let _second = limits.acquire(deadline).await.unwrap();
        assert_eq!(limits.acquire(deadline).await.err(), Some(NoSlot));
        drop(first);
        assert!(limits.acquire(Instant::now() + S).await.is_ok());
    }
}

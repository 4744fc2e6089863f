//! The rate limit: a maximum number of requests in any window of a period, as the server counts.

use std::{collections::VecDeque, fmt, num::NonZeroU32, time::Duration};

use tokio::time::Instant;

use crate::call::after;

/// A maximum request rate, such as 1,000 per hour.
///
/// Vambe documents 1,000 requests per hour and client for a sibling endpoint.
///
/// The limit holds in every window of the period, not on average; token bucket and GCRA would let twice as many requests
/// through in the first period. Requests are sent at once while there is room. The limit holds as the server counts: a request
/// may arrive any time before its attempt ends, so it counts from sending until one period after its attempt has ended.
///
/// A slot is therefore freed later by the duration of an attempt: 1,000/h with attempts of 200 ms allow 1,000 requests in an hour
/// and 200 ms. The limit stores the times of the requests of the last period, 16 bytes each.
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
    requests: NonZeroU32,
    period: Duration,
    spread: bool,
}

impl RateLimit {
    /// Creates a limit of `requests` in any window of `period`.
    pub fn new(requests: NonZeroU32, period: Duration) -> Self {
        Self { requests, period, spread: false }
    }

    /// Spreads the requests evenly over the period instead of sending them in a burst.
    #[must_use]
    pub fn spread(mut self) -> Self {
        self.spread = true;
        self
    }

    fn requests(&self) -> usize {
        usize::try_from(self.requests.get()).unwrap_or(usize::MAX)
    }

    /// Returns the minimum time between two requests.
    fn spacing(&self) -> Duration {
        if self.spread { self.period / self.requests.get() } else { Duration::ZERO }
    }
}

/// A request count that decides whether another request may be sent.
///
/// [`Window`] counts within one process; the trait allows a count that many processes share. It never waits:
/// [`Limits`](super::Limits) does, for all waiters in one place.
pub(crate) trait Quota: fmt::Debug + Send {
    /// Returns the number of requests that may be sent now, in addition to `open` ones that have not ended.
    fn free(&mut self, now: Instant, open: usize) -> usize;

    /// Returns the number of requests that count now, with `open` ones that have not ended.
    fn used(&mut self, now: Instant, open: usize) -> usize;

    /// Returns the earliest time at which another request may be sent after `ahead` others. It is a lower bound, since the end of
    /// open requests is unknown.
    fn earliest(&self, now: Instant, open: usize, ahead: usize) -> Instant;

    /// Records that a request is sent.
    fn sent(&mut self, now: Instant);

    /// Records that the attempt of a request has ended, so that the request can no longer arrive.
    fn ended(&mut self, now: Instant);
}

/// The requests of the last period.
#[derive(Debug)]
pub(crate) struct Window {
    limit: RateLimit,
    /// The times at which requests ended, the earliest first: those of the last period, at most as many as the limit.
    ended: VecDeque<Instant>,
    last_sent: Option<Instant>,
}

impl Window {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self { limit, ended: VecDeque::new(), last_sent: None }
    }

    fn counts_until(&self, ended: Instant) -> Instant {
        after(ended, self.limit.period)
    }

    fn spaced(&self, requests: usize) -> Option<Instant> {
        let factor = u32::try_from(requests).unwrap_or(u32::MAX);
        Some(after(self.last_sent?, self.limit.spacing().saturating_mul(factor)))
    }
}

impl Quota for Window {
    fn free(&mut self, now: Instant, open: usize) -> usize {
        let used = self.used(now, open);
        if self.spaced(1).is_some_and(|next| next > now) {
            return 0;
        }
        let free = self.limit.requests().saturating_sub(used);
        if self.limit.spread { free.min(1) } else { free }
    }

    fn used(&mut self, now: Instant, open: usize) -> usize {
        while self.ended.front().is_some_and(|ended| self.counts_until(*ended) <= now) {
            self.ended.pop_front();
        }
        self.ended.len().saturating_add(open)
    }

    fn earliest(&self, now: Instant, open: usize, ahead: usize) -> Instant {
        let limit = self.limit.requests();
        let free = limit.saturating_sub(self.ended.len().saturating_add(open));
        // Slots are freed in the order in which requests ended; then those of open requests, which may end now; a period later,
        // those that the requests ahead have taken.
        let (periods, slot) = (ahead / limit, ahead % limit);
        let first = match slot.checked_sub(free) {
            None => now,
            Some(index) => {
                self.ended.get(index).map_or_else(|| after(now, self.limit.period), |e| self.counts_until(*e))
            }
        };
        let periods = u32::try_from(periods).unwrap_or(u32::MAX);
        let earliest = after(first, self.limit.period.saturating_mul(periods)).max(now);
        self.spaced(ahead.saturating_add(1)).map_or(earliest, |spaced| earliest.max(spaced))
    }

    fn sent(&mut self, now: Instant) {
        self.last_sent = Some(now);
    }

    fn ended(&mut self, now: Instant) {
        if self.ended.len() >= self.limit.requests() {
            self.ended.pop_front();
        }
        self.ended.push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn window(requests: u32, period: Duration) -> Window {
        Window::new(RateLimit::new(NonZeroU32::new(requests).unwrap(), period))
    }

    #[test]
    fn a_request_counts_until_a_period_after_its_end() {
        let (mut window, start) = (window(3, 10 * S), Instant::now());
        assert_eq!(window.free(start, 0), 3);
        assert_eq!(window.free(start, 2), 1, "two are open");
        window.ended(start + 5 * S);
        window.ended(start + 6 * S);
        assert_eq!(window.free(start + 14 * S, 1), 0);
        assert_eq!(window.free(start + 15 * S, 1), 1);
        assert_eq!(window.free(start + 16 * S, 1), 2);
    }

    #[test]
    fn the_earliest_time_counts_those_ahead() {
        let (mut window, start) = (window(3, 10 * S), Instant::now());
        window.ended(start);
        window.ended(start + S);
        let now = start + 2 * S;
        let seconds = |ahead| (window.earliest(now, 0, ahead) - start).as_secs();
        assert_eq!([0, 1, 2, 3, 4, 5, 6].map(seconds), [2, 10, 11, 12, 20, 21, 22]);
        let with_one_open = |ahead| (window.earliest(now, 1, ahead) - start).as_secs();
        assert_eq!([0, 1, 2, 3].map(with_one_open), [10, 11, 12, 20]);
    }

    #[test]
    fn forgets_expired_requests() {
        let (mut window, start) = (window(u32::MAX, S), Instant::now());
        for second in 0..1_000 {
            let now = start + S * second;
            window.free(now, 0);
            window.ended(now);
            assert!(window.ended.len() <= 2);
        }
    }

    #[test]
    fn spread_requests_keep_their_distance() {
        let limit = RateLimit::new(NonZeroU32::new(4).unwrap(), 10 * S).spread();
        let (mut window, start) = (Window::new(limit), Instant::now());
        assert_eq!(window.free(start, 0), 1);
        window.sent(start);
        assert_eq!(window.free(start + 2 * S, 1), 0);
        assert_eq!(window.free(start + S * 5 / 2, 1), 1);
        assert_eq!(window.earliest(start, 1, 1), start + 5 * S);
    }
}

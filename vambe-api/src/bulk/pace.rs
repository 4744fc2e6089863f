//! When the next request may be sent: the run's rate, and how the server seems to be.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::{
    RateLimit,
    call::{Backoff, Quota as _, Window, after},
};

/// How long the whole run waits when nothing gets through.
const OUTAGE: Backoff = Backoff { base: Duration::from_secs(1), cap: Duration::from_secs(30) };

/// Failures in a row, of any updates, that make an outage, if no more than these are in flight.
const OUTAGE_FAILURES: usize = 8;

/// Nobody waits for longer than this because a server asks for it; limits are documented by the hour.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// A server that was never reached is given up after this many attempts to connect: the reason is more likely a wrong URL, or
/// a network that is down, than a moment's trouble, and it should be seen at once.
const FIRST_CONNECTS: usize = 3;

/// A time in which no request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// Why.
    pub why: Wait,
    /// Until when, if that is known.
    pub until: Option<std::time::Instant>,
}

/// Why no request is sent for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wait {
    /// A rate limit, of the run or of its client, has no slot free.
    RateLimit,
    /// The client's limit on concurrent requests has no slot free.
    Concurrency,
    /// The server has asked to wait.
    Server,
    /// Nothing has got through of late.
    Outage,
}

/// The pace of a run. (The pause after a `429` is the client's: it is about the key.)
#[derive(Debug)]
pub(super) struct Pace {
    window: Option<Window>,
    max_in_flight: usize,
    give_up_after: Duration,
    /// The longest of the client's own waits: a server that asks for more counts its requests.
    own_wait: Duration,
    pause: Option<(Instant, Wait)>,
    /// Pauses without a sign of life between them. While there are any, requests are sent one at a time.
    pauses: u32,
    /// Changes with each pause: failures of requests that were sent before it are no news.
    epoch: u64,
    /// Failures in a row.
    failures: usize,
    /// When the first of them was, or the first `429` that asks for no wait worth the name.
    down_since: Option<Instant>,
    /// Whether the server answers `429`.
    is_throttled: bool,
    /// Whether it asks to wait for longer than anybody would.
    asks_too_long: bool,
    /// Whether any request may have reached the server.
    was_reached: bool,
}

/// Why a run is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GiveUp {
    /// No connection could be made to begin with.
    Unreachable,
    /// Nothing got through for too long.
    TooLong,
}

impl Pace {
    pub(super) fn new(max_in_flight: usize, give_up_after: Duration, own_wait: Duration) -> Self {
        Self {
            window: None,
            max_in_flight,
            give_up_after,
            own_wait,
            pause: None,
            pauses: 0,
            epoch: 0,
            failures: 0,
            down_since: None,
            is_throttled: false,
            asks_too_long: false,
            was_reached: false,
        }
    }

    /// Keeps to a rate, in which requests that were sent at these times count.
    pub(super) fn with_rate(mut self, limit: RateLimit, mut already_sent: Vec<SystemTime>) -> Self {
        let mut window = Window::new(limit);
        let (now, system_now) = (Instant::now(), SystemTime::now());
        already_sent.sort_unstable();
        for time in already_sent {
            // A time in the future counts as now, and one before the clock's beginning is longer ago than any period.
            let age = system_now.duration_since(time).unwrap_or_default();
            if let Some(ended) = now.checked_sub(age) {
                window.ended(ended);
            }
        }
        self.window = Some(window);
        self
    }

    /// Returns how many requests may be in flight.
    pub(super) fn max_in_flight(&self) -> usize {
        if self.pauses == 0 { self.max_in_flight } else { 1 }
    }

    /// Returns until when no request may be sent, and why; `None` if one may be sent now. `in_flight` are on their way.
    pub(super) fn wait(&mut self, now: Instant, in_flight: usize) -> Option<(Instant, Wait)> {
        self.pause = self.pause.filter(|(until, _)| *until > now);
        let rate = self.window.as_mut().and_then(|window| (window.free(now, in_flight) == 0).then_some(window));
        let rate = rate.map(|window| (window.earliest(now, in_flight, 0), Wait::RateLimit));
        self.pause.into_iter().chain(rate).max_by_key(|(until, _)| *until)
    }

    /// A request is sent now. The number goes back to [`failed`](Self::failed).
    pub(super) fn sent(&mut self) -> u64 {
        if let Some(window) = &mut self.window {
            window.sent(Instant::now());
        }
        self.epoch
    }

    /// An attempt has ended. It counts in the rate unless nothing was sent.
    pub(super) fn ended(&mut self, was_sent: bool) {
        self.was_reached |= was_sent;
        if let Some(window) = self.window.as_mut().filter(|_| was_sent) {
            window.ended(Instant::now());
        }
    }

    /// The server has done something, or has refused to for good.
    pub(super) fn record_success(&mut self) {
        (self.pauses, self.failures, self.down_since, self.is_throttled) = (0, 0, None, false);
    }

    /// The server has answered `429`, and asks for a wait, if it does.
    pub(super) fn record_too_many(&mut self, asked: Option<Duration>) {
        self.is_throttled = true;
        self.asks_too_long |= asked.is_some_and(|asked| asked > LONGEST_PAUSE);
        self.down_since = match asked {
            // It works, and it counts requests.
            Some(asked) if asked > self.own_wait => None,
            // It may never let a request through.
            _ => self.down_since.or_else(|| Some(Instant::now())),
        };
    }

    /// An attempt failed in a way that may pass; `asked` is how long the server asks to wait, if it does.
    pub(super) fn record_failure(&mut self, sent: u64, asked: Option<Duration>, random: f64) {
        self.failures += 1;
        self.down_since.get_or_insert_with(Instant::now);
        self.asks_too_long |= asked.is_some_and(|asked| asked > LONGEST_PAUSE);
        if asked.is_some() {
            self.pause(sent, asked, Wait::Server, random);
        } else if self.pauses > 0 || self.failures >= OUTAGE_FAILURES.max(self.max_in_flight) {
            self.pause(sent, None, Wait::Outage, random);
        }
    }

    /// Returns when the run is given up if nothing gets through until then.
    pub(super) fn give_up_at(&self) -> Option<Instant> {
        let since = self.down_since.filter(|_| self.pauses > 0 || self.is_throttled)?;
        Some(after(since, self.give_up_after))
    }

    /// Returns why to wait no longer, if so.
    pub(super) fn give_up(&self, now: Instant) -> Option<GiveUp> {
        if !self.was_reached && self.failures >= FIRST_CONNECTS {
            return Some(GiveUp::Unreachable);
        }
        (self.asks_too_long || self.give_up_at().is_some_and(|at| at <= now)).then_some(GiveUp::TooLong)
    }

    fn pause(&mut self, sent: u64, asked: Option<Duration>, why: Wait, random: f64) {
        let now = Instant::now();
        if sent == self.epoch {
            self.epoch += 1;
            self.pauses = self.pauses.saturating_add(1);
        }
        // At least half of it: with full jitter, the first one alone may be next to nothing, and then again. What the server asks
        // for is a minimum next to it: a server may ask for no wait at all.
        let own = OUTAGE.wait(self.pauses.max(1), 0.5 + random / 2.0);
        let until = after(now, asked.unwrap_or_default().max(own));
        if self.pause.is_none_or(|(already, _)| already < until) {
            self.pause = Some((until, why));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use tokio::time::advance;

    use super::*;

    const S: Duration = Duration::from_secs(1);

    /// The pace of a run whose first request was answered.
    fn pace() -> Pace {
        let mut pace = Pace::new(64, 600 * S, 8 * S);
        pace.ended(true);
        pace
    }

    fn rate(requests: u32, period: Duration) -> RateLimit {
        RateLimit::new(NonZeroU32::new(requests).unwrap(), period)
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_counts_what_was_sent_and_what_is_in_flight() {
        let mut pace = Pace::new(64, 600 * S, 8 * S).with_rate(rate(2, 10 * S), Vec::new());
        let start = Instant::now();
        for in_flight in 0..2 {
            assert_eq!(pace.wait(start, in_flight), None);
            pace.sent();
        }
        assert_eq!(pace.wait(start, 2), Some((start + 10 * S, Wait::RateLimit)));
        advance(S).await;
        pace.ended(true);
        pace.ended(false);
        assert_eq!(pace.wait(Instant::now(), 0), None, "nothing was sent by the second one");
        assert_eq!(pace.wait(Instant::now(), 1), Some((start + 11 * S, Wait::RateLimit)));
    }

    #[tokio::test(start_paused = true)]
    async fn requests_of_an_earlier_run_count_in_the_rate() {
        let now = SystemTime::now();
        let times = vec![now - 3 * S, now - 100 * S, now + 3600 * S, SystemTime::UNIX_EPOCH];
        let mut pace = Pace::new(64, 600 * S, 8 * S).with_rate(rate(2, 10 * S), times);
        let start = Instant::now();
        let (until, why) = pace.wait(start, 0).unwrap();
        assert!(why == Wait::RateLimit && until - start <= 7 * S && until - start > 5 * S, "{:?}", until - start);
        assert_eq!(pace.wait(start + 7 * S, 0), None);
        assert_eq!(pace.wait(start + 7 * S, 1).unwrap().0, start + 10 * S, "the one of the future counts as now");
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_server_asks_for_is_a_minimum_and_then_one_request_goes_first() {
        let mut pace = pace();
        let start = Instant::now();
        let sent = pace.sent();
        pace.record_failure(sent, Some(7 * S), 1.0);
        pace.record_failure(sent, Some(3 * S), 1.0);
        assert_eq!(pace.wait(start, 0), Some((start + 7 * S, Wait::Server)), "the longer one counts");
        assert_eq!((pace.wait(start + 7 * S, 0), pace.max_in_flight()), (None, 1));
        pace.record_success();
        assert_eq!(pace.max_in_flight(), 64);
        pace.record_failure(pace.epoch, Some(Duration::ZERO), 1.0);
        assert_eq!(pace.wait(start, 0), Some((start + S, Wait::Server)), "no wait at all is not taken at its word");
    }

    #[tokio::test(start_paused = true)]
    async fn single_failures_are_no_outage_and_many_in_a_row_are() {
        let mut pace = pace();
        for _ in 0..63 {
            pace.record_failure(0, None, 1.0);
        }
        assert_eq!(pace.wait(Instant::now(), 0), None);
        pace.record_success();
        for _ in 0..64 {
            pace.record_failure(0, None, 1.0);
        }
        assert_eq!(pace.wait(Instant::now(), 0), Some((Instant::now() + S, Wait::Outage)));
    }

    #[tokio::test(start_paused = true)]
    async fn waits_of_an_outage_grow_once_for_all_that_was_in_flight() {
        let mut pace = pace();
        let mut waits = Vec::new();
        for _ in 0..8 {
            let sent = pace.sent();
            for _ in 0..64 {
                pace.record_failure(sent, None, 1.0);
            }
            let (until, _) = pace.wait(Instant::now(), 0).unwrap();
            waits.push((until - Instant::now()).as_secs());
            advance(until - Instant::now()).await;
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_is_given_up_when_nothing_gets_through_for_too_long() {
        let mut pace = pace();
        (0..64).for_each(|_| pace.record_failure(0, None, 1.0));
        assert_eq!(pace.give_up_at(), Some(Instant::now() + 600 * S));
        advance(599 * S).await;
        assert_eq!(pace.give_up(Instant::now()), None);
        advance(S).await;
        assert_eq!(pace.give_up(Instant::now()), Some(GiveUp::TooLong));
        pace.record_success();
        assert_eq!(pace.give_up(Instant::now()), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_429_counts_towards_giving_up_unless_it_says_when_to_come_back() {
        let mut pace = pace();
        for _ in 0..100 {
            pace.record_too_many(Some(3600 * S));
            assert_eq!((pace.give_up_at(), pace.give_up(Instant::now())), (None, None));
            advance(3600 * S).await;
        }
        for asked in [None, Some(Duration::ZERO), Some(8 * S)] {
            pace.record_success();
            pace.record_too_many(asked);
            assert_eq!(pace.give_up_at(), Some(Instant::now() + 600 * S), "{asked:?}");
        }
        pace.record_success();
        pace.record_too_many(Some(Duration::MAX));
        assert_eq!(pace.give_up(Instant::now()), Some(GiveUp::TooLong), "nobody waits for days");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_was_never_reached_is_given_up_at_once() {
        let mut pace = Pace::new(64, 600 * S, 8 * S);
        for expected in [None, None, Some(GiveUp::Unreachable)] {
            pace.ended(false);
            pace.record_failure(0, None, 1.0);
            assert_eq!(pace.give_up(Instant::now()), expected);
        }
    }
}

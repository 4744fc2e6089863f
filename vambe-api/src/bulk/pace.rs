//! When the next request may be sent: the run's rate, what the server asks for, and how it seems to be.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    RateLimit,
    call::{Backoff, Window, after},
};

/// How long the whole run waits when nothing gets through.
const OUTAGE: Backoff = Backoff { base: Duration::from_secs(1), cap: Duration::from_secs(30) };

/// Failures in a row, of whatever updates, that make an outage, if no more than these are in flight.
const OUTAGE_FAILURES: usize = 8;

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

/// The pace of a run. It is the same for all its updates: a `429` is about the key, not about a row.
#[derive(Debug)]
pub(super) struct Pace {
    window: Option<Window>,
    max_in_flight: usize,
    give_up_after: Duration,
    pause: Option<(Instant, Wait)>,
    /// Pauses without a sign of life between them. While there are any, requests are sent one at a time.
    rounds: u32,
    /// Changes with each pause: failures of requests that were sent before it are no news.
    round_id: u64,
    /// Failures in a row.
    failures: usize,
    /// When the first of them was, or the first request without an answer that says when to come back.
    down_since: Option<Instant>,
}

impl Pace {
    pub(super) fn new(rate: Option<RateLimit>, max_in_flight: usize, give_up_after: Duration) -> Self {
        Self {
            window: rate.map(Window::new),
            max_in_flight,
            give_up_after,
            pause: None,
            rounds: 0,
            round_id: 0,
            failures: 0,
            down_since: None,
        }
    }

    /// How many requests may be in flight.
    pub(super) fn max_in_flight(&self) -> usize {
        if self.rounds == 0 { self.max_in_flight } else { 1 }
    }

    /// Until when no request may be sent, and why; `None` if one may be sent now.
    pub(super) fn wait(&mut self, now: Instant) -> Option<(Instant, Wait)> {
        self.pause = self.pause.filter(|(until, _)| *until > now);
        let rate = self.window.as_ref().and_then(Window::free_at).filter(|free| *free > now);
        let rate = rate.map(|until| (until, Wait::RateLimit));
        self.pause.into_iter().chain(rate).max_by_key(|(until, _)| *until)
    }

    /// A request is sent now. The number goes back to [`failed`](Self::failed) or [`asked_to_wait`](Self::asked_to_wait).
    pub(super) fn sent(&mut self) -> u64 {
        if let Some(window) = &mut self.window {
            window.take();
        }
        self.round_id
    }

    /// The server has done something, or has refused to for good.
    pub(super) fn alive(&mut self) {
        (self.rounds, self.failures, self.down_since) = (0, 0, None);
    }

    /// The server has said when to come back, or only that there were too many requests.
    pub(super) fn asked_to_wait(&mut self, sent: u64, asked: Option<Duration>, random: f64) {
        self.down_since = match asked {
            // It works, and it counts.
            Some(_) => None,
            None => self.down_since.or_else(|| Some(Instant::now())),
        };
        self.pause(sent, asked, Wait::Server, random);
    }

    /// An attempt failed in a way that may pass; `asked` is how long the server asks to wait, if it does.
    pub(super) fn failed(&mut self, sent: u64, asked: Option<Duration>, random: f64) {
        self.failures += 1;
        self.down_since.get_or_insert_with(Instant::now);
        if asked.is_some() {
            self.pause(sent, asked, Wait::Server, random);
        } else if self.rounds > 0 || self.failures >= OUTAGE_FAILURES.max(self.max_in_flight) {
            self.pause(sent, None, Wait::Outage, random);
        }
    }

    /// Whether nothing has got through for so long, or would for so long, that waiting has no use.
    pub(super) fn is_hopeless(&self) -> bool {
        let now = Instant::now();
        let asked = self.pause.is_some_and(|(until, _)| until.duration_since(now) > LONGEST_PAUSE);
        asked || self.down_since.is_some_and(|since| self.rounds > 0 && now.duration_since(since) >= self.give_up_after)
    }

    fn pause(&mut self, sent: u64, asked: Option<Duration>, why: Wait, random: f64) {
        let now = Instant::now();
        if sent == self.round_id {
            self.round_id += 1;
            self.rounds = self.rounds.saturating_add(1);
        }
        // At least half of it: with full jitter, the first one alone may be next to nothing, and then again.
        let own = OUTAGE.wait(self.rounds.max(1), 0.5 + random / 2.0);
        let until = after(now, asked.unwrap_or(own));
        if self.pause.is_none_or(|(already, _)| already < until) {
            self.pause = Some((until, why));
        }
    }
}

/// Nobody waits for longer than this because a server says so; limits are documented by the hour.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use tokio::time::advance;

    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn pace() -> Pace {
        Pace::new(None, 64, 600 * S)
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_holds_for_all_requests() {
        let mut pace = Pace::new(Some(RateLimit::new(NonZeroU32::new(2).unwrap(), 10 * S)), 64, 600 * S);
        let start = Instant::now();
        for _ in 0..2 {
            assert_eq!(pace.wait(start), None);
            pace.sent();
        }
        assert_eq!(pace.wait(start), Some((start + 10 * S, Wait::RateLimit)));
        assert_eq!(pace.wait(start + 10 * S), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_server_asks_for_holds_for_all_and_then_one_request_goes_first() {
        let mut pace = pace();
        let start = Instant::now();
        let sent = pace.sent();
        pace.asked_to_wait(sent, Some(7 * S), 1.0);
        pace.asked_to_wait(sent, Some(3 * S), 1.0);
        assert_eq!(pace.wait(start), Some((start + 7 * S, Wait::Server)), "the longer one counts");
        assert_eq!((pace.wait(start + 7 * S), pace.max_in_flight()), (None, 1));
        pace.alive();
        assert_eq!(pace.max_in_flight(), 64);
    }

    #[tokio::test(start_paused = true)]
    async fn single_failures_are_no_outage_and_many_in_a_row_are() {
        let mut pace = pace();
        for _ in 0..63 {
            pace.failed(0, None, 1.0);
        }
        assert_eq!(pace.wait(Instant::now()), None);
        pace.alive();
        for _ in 0..64 {
            pace.failed(0, None, 1.0);
        }
        assert_eq!(pace.wait(Instant::now()), Some((Instant::now() + S, Wait::Outage)));
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_is_waited_for_longer_and_longer_but_counted_once_for_all_that_was_in_flight() {
        let mut pace = pace();
        let mut waits = Vec::new();
        for _ in 0..8 {
            let sent = pace.sent();
            for _ in 0..64 {
                pace.failed(sent, None, 1.0);
            }
            let (until, _) = pace.wait(Instant::now()).unwrap();
            waits.push((until - Instant::now()).as_secs());
            advance(until - Instant::now()).await;
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_hopeless_when_nothing_gets_through_for_too_long_or_the_server_asks_for_days() {
        let mut pace = pace();
        (0..64).for_each(|_| pace.failed(0, None, 1.0));
        advance(599 * S).await;
        assert!(!pace.is_hopeless());
        advance(S).await;
        assert!(pace.is_hopeless());
        pace.alive();
        assert!(!pace.is_hopeless());

        // A server that says when to come back is no outage, however often it says so.
        for _ in 0..100 {
            let sent = pace.sent();
            pace.asked_to_wait(sent, Some(3600 * S), 1.0);
            assert!(!pace.is_hopeless());
            advance(3600 * S).await;
        }
        pace.asked_to_wait(0, Some(Duration::MAX), 1.0);
        assert!(pace.is_hopeless());
    }
}

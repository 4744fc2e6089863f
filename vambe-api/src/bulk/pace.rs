//! The pace of a run: its request rate, and its pauses during an outage.

#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::{
    RateLimit,
    call::{Backoff, Quota as _, Window, after},
};

/// The back-off of the whole run during an outage.
const OUTAGE: Backoff = Backoff { base: Duration::from_secs(1), cap: Duration::from_secs(30) };

/// The number of consecutive failures that count as an outage, unless more requests are in flight.
const OUTAGE_FAILURES: usize = 8;

/// Upper bound on a wait that a server asks for, far above the documented hourly limits; beyond it the run ends.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// The number of attempts to connect after which a run ends if the server was never reached: a wrong URL or network setting is
/// more likely than a transient failure, and should be reported at once.
const FIRST_CONNECTS: usize = 3;

/// A wait during which no request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// The reason.
    pub why: Wait,
    /// The end of the wait, if known.
    pub until: Option<std::time::Instant>,
}

/// The reason why no request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wait {
    /// The rate limit of the run or of its client has no free slot.
    RateLimit,
    /// The client's limit on concurrent requests has no free slot.
    Concurrency,
    /// The server asked for a wait.
    Server,
    /// No recent request succeeded.
    Outage,
    /// The limit that other processes share has no free slot, or could not be asked.
    SharedLimit,
}

/// The pace of a run. The pause after a `429`, which concerns the API key, is part of the client's limits.
#[derive(Debug, Default)]
pub(super) struct Pace {
    window: Option<Window>,
    max_in_flight: usize,
    give_up_after: Duration,
    /// The longest back-off of the client: a server that asks for a longer wait enforces a request limit.
    own_wait: Duration,
    pause: Option<(Instant, Wait)>,
    /// The number of pauses since the last success. Above 0, requests are sent one at a time.
    pauses: u32,
    /// Rises with each pause, to ignore failures of requests that were sent before it.
    epoch: u64,
    /// The number of consecutive failures.
    failures: usize,
    /// The time of the first of them, or of the first `429` without a long wait.
    down_since: Option<Instant>,
    /// True if the last response was a `429`.
    is_throttled: bool,
    /// True if the server asked for a wait above [`LONGEST_PAUSE`].
    asks_too_long: bool,
    /// True if a request may have reached the server.
    was_reached: bool,
}

/// The reason for giving up a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GiveUp {
    /// The server was never reached.
    Unreachable,
    /// No request succeeded for too long.
    TooLong,
}

impl Pace {
    pub(super) fn new(max_in_flight: usize, give_up_after: Duration, own_wait: Duration) -> Self {
        Self { max_in_flight, give_up_after, own_wait, ..Self::default() }
    }

    /// Adds a rate limit, in which requests sent at these times count.
    pub(super) fn with_rate(mut self, limit: RateLimit, mut already_sent: Vec<SystemTime>) -> Self {
        let mut window = Window::new(limit);
        let (now, system_now) = (Instant::now(), SystemTime::now());
        already_sent.sort_unstable();
        for time in already_sent {
            // A time in the future counts as now; one that `Instant` cannot represent is older than any period.
            let age = system_now.duration_since(time).unwrap_or_default();
            if let Some(ended) = now.checked_sub(age) {
                window.ended(ended);
            }
        }
        self.window = Some(window);
        self
    }

    /// Returns the maximum number of requests in flight.
    pub(super) fn max_in_flight(&self) -> usize {
        if self.pauses == 0 { self.max_in_flight } else { 1 }
    }

    /// Returns the end and the reason of the current wait; `None` if a request may be sent now.
    pub(super) fn wait(&mut self, now: Instant, in_flight: usize) -> Option<(Instant, Wait)> {
        self.pause = self.pause.filter(|(until, _)| *until > now);
        let rate = self.window.as_mut().and_then(|window| (window.free(now, in_flight) == 0).then_some(window));
        let rate = rate.map(|window| (window.earliest(now, in_flight, 0), Wait::RateLimit));
        self.pause.into_iter().chain(rate).max_by_key(|(until, _)| *until)
    }

    /// Records that a request is sent. Returns the epoch for [`record_failure`](Self::record_failure).
    pub(super) fn sent(&mut self) -> u64 {
        if let Some(window) = &mut self.window {
            window.sent(Instant::now());
        }
        self.epoch
    }

    /// Records the end of an attempt. It counts in the rate unless nothing was sent.
    pub(super) fn ended(&mut self, was_sent: bool) {
        self.was_reached |= was_sent;
        if let Some(window) = self.window.as_mut().filter(|_| was_sent) {
            window.ended(Instant::now());
        }
    }

    /// Records an applied or rejected request.
    pub(super) fn record_success(&mut self) {
        (self.pauses, self.failures, self.down_since, self.is_throttled) = (0, 0, None, false);
    }

    /// Records a `429`; `asked` is the wait that the server asks for, if any.
    pub(super) fn record_too_many(&mut self, asked: Option<Duration>) {
        self.is_throttled = true;
        self.asks_too_long |= asked.is_some_and(|asked| asked > LONGEST_PAUSE);
        self.down_since = match asked {
            // The server works, and enforces a request limit.
            Some(asked) if asked > self.own_wait => None,
            // The server may never accept a request.
            _ => self.down_since.or_else(|| Some(Instant::now())),
        };
    }

    /// Records a transient failure of a request from `epoch`; `asked` is the wait that the server asks for, if any.
    pub(super) fn record_failure(&mut self, epoch: u64, asked: Option<Duration>, random: f64) {
        self.failures += 1;
        self.down_since.get_or_insert_with(Instant::now);
        self.asks_too_long |= asked.is_some_and(|asked| asked > LONGEST_PAUSE);
        if asked.is_some() {
            self.pause(epoch, asked, Wait::Server, random);
        } else if self.pauses > 0 || self.failures >= OUTAGE_FAILURES.max(self.max_in_flight) {
            self.pause(epoch, None, Wait::Outage, random);
        }
    }

    /// Records that the shared limit could not be asked, which pauses the run like an outage.
    pub(super) fn record_unavailable_limit(&mut self, random: f64) {
        self.down_since.get_or_insert_with(Instant::now);
        self.pause(self.epoch, None, Wait::SharedLimit, random);
    }

    /// Returns the time at which the run is given up unless a request succeeds.
    pub(super) fn give_up_at(&self) -> Option<Instant> {
        let since = self.down_since.filter(|_| self.pauses > 0 || self.is_throttled)?;
        Some(after(since, self.give_up_after))
    }

    /// Returns the reason to give up now, if any. Asks for the time only during an outage: this runs for each request.
    pub(super) fn give_up(&self, now: impl Fn() -> Instant) -> Option<GiveUp> {
        if !self.was_reached && self.failures >= FIRST_CONNECTS {
            return Some(GiveUp::Unreachable);
        }
        (self.asks_too_long || self.give_up_at().is_some_and(|at| at <= now())).then_some(GiveUp::TooLong)
    }

    fn pause(&mut self, epoch: u64, asked: Option<Duration>, why: Wait, random: f64) {
        let now = Instant::now();
        if epoch == self.epoch {
            self.epoch += 1;
            self.pauses = self.pauses.saturating_add(1);
        }
        // At least half of the back-off, since full jitter may be close to zero several times. It also applies if the server
        // asks for less.
        let own = OUTAGE.wait(self.pauses.max(1), 0.5 + random / 2.0);
        let until = after(now, asked.unwrap_or_default().max(own));
        if self.pause.is_none_or(|(already, _)| already < until) {
            self.pause = Some((until, why));
        }
    }
}

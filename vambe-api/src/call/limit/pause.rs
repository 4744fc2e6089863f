//! The pause after a `429`: nothing is sent for a time, and then one request goes first.

use std::time::Duration;

use tokio::time::Instant;

use crate::call::{Backoff, after};

/// The longest pause; then one request goes first, also where the server asks for more. One wrong header must not stop a service
/// for good, and one request an hour does no harm.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// A `429` is about the API key, so the pause holds for all requests of a client.
///
/// It ends when a request that was sent after it began is answered with anything but another `429`.
#[derive(Debug)]
pub(crate) struct Pause {
    backoff: Backoff,
    until: Option<Instant>,
    /// How many times in a row the server answered `429` to a request that was sent after the one before; 0 without a pause.
    consecutive: u32,
    /// Rises with each round, so that an answer to an earlier request is known as one.
    epoch: u64,
}

impl Pause {
    pub(crate) fn new(backoff: Backoff) -> Self {
        Self { backoff, until: None, consecutive: 0, epoch: 0 }
    }

    /// The epoch of a request that is sent now.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether there is a pause, also when its time is over and the first request has yet to be answered.
    pub(crate) fn is_on(&self) -> bool {
        self.consecutive > 0
    }

    /// Until when nothing may be sent.
    pub(crate) fn until(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| *until > now)
    }

    /// Records a `429` to a request of this epoch. What the server asks for is a minimum next to our own back-off: a server
    /// that asks for no wait at all is not asked again at once.
    pub(crate) fn begin(&mut self, now: Instant, epoch: u64, asked: Option<Duration>, random: f64) {
        if epoch == self.epoch || !self.is_on() {
            self.epoch = self.epoch.wrapping_add(1);
            self.consecutive = self.consecutive.saturating_add(1);
        }
        // At least half of it: full jitter may be next to nothing, several times in a row.
        let own = self.backoff.wait(self.consecutive, 0.5 + random / 2.0);
        let until = after(now, asked.unwrap_or_default().max(own).min(LONGEST));
        self.until = Some(self.until.map_or(until, |before| before.max(until)));
    }

    /// Records another answer to a request of this epoch; returns whether the pause ends by it.
    pub(crate) fn end(&mut self, epoch: u64) -> bool {
        let ends = self.is_on() && epoch == self.epoch;
        if ends {
            (self.until, self.consecutive) = (None, 0);
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn pause() -> Pause {
        Pause::new(Backoff { base: S, cap: 8 * S })
    }

    #[test]
    fn the_longest_wait_that_was_asked_for_counts() {
        let (mut pause, now) = (pause(), Instant::now());
        pause.begin(now, 0, Some(7 * S), 1.0);
        pause.begin(now, 0, Some(3 * S), 1.0);
        assert_eq!((pause.until(now), pause.until(now + 7 * S), pause.is_on()), (Some(now + 7 * S), None, true));
    }

    #[test]
    fn one_wrong_header_does_not_stop_a_client_for_good() {
        let (mut pause, now) = (pause(), Instant::now());
        pause.begin(now, 0, Some(Duration::MAX), 1.0);
        assert_eq!(pause.until(now), Some(now + 3600 * S));
    }

    #[test]
    fn a_server_that_asks_for_no_wait_is_asked_less_and_less_often() {
        let (mut pause, mut now) = (pause(), Instant::now());
        let mut waits = Vec::new();
        for asked in [Some(Duration::ZERO), None, None, Some(S), None, None] {
            pause.begin(now, pause.epoch(), asked, 1.0);
            let until = pause.until(now).unwrap();
            waits.push((until - now).as_secs());
            now = until;
        }
        assert_eq!(waits, [1, 2, 4, 8, 8, 8]);
    }

    #[test]
    fn only_an_answer_to_a_later_request_ends_it() {
        let (mut pause, now) = (pause(), Instant::now());
        let before = pause.epoch();
        pause.begin(now, before, None, 1.0);
        assert!(!pause.end(before), "it was sent before the pause");
        let after = pause.epoch();
        assert!(pause.end(after) && !pause.is_on() && pause.until(now).is_none());
        assert!(!pause.end(after), "there is none any more");
    }
}

//! The pause after a `429`: no request is sent for a time, then a single one.

use std::time::Duration;

use tokio::time::Instant;

use crate::call::{Backoff, after};

/// Upper bound on a pause, even if the server asks for more: a wrong header must not stop a service for good, and one request per
/// hour is harmless.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// The pause of a client after a `429`, which concerns the API key and therefore all requests.
///
/// It ends when a request that was sent after its start gets any response except another `429`.
#[derive(Debug)]
pub(crate) struct Pause {
    backoff: Backoff,
    until: Option<Instant>,
    /// The number of consecutive `429` responses, each to a request sent after the previous one; 0 without a pause.
    consecutive: u32,
    /// Rises with each consecutive `429`, to recognise responses to earlier requests.
    epoch: u64,
}

impl Pause {
    pub(crate) fn new(backoff: Backoff) -> Self {
        Self { backoff, until: None, consecutive: 0, epoch: 0 }
    }

    /// Returns the epoch of a request that is sent now.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Returns `true` during a pause, and after it until the first request is answered.
    pub(crate) fn is_on(&self) -> bool {
        self.consecutive > 0
    }

    /// Returns the time until which no request may be sent.
    pub(crate) fn until(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| *until > now)
    }

    /// Records a `429` to a request of this epoch. The pause is at least the server's wait and at least the client's back-off,
    /// for a server that asks for no wait.
    pub(crate) fn begin(&mut self, now: Instant, epoch: u64, asked: Option<Duration>, random: f64) {
        if epoch == self.epoch || !self.is_on() {
            self.epoch = self.epoch.wrapping_add(1);
            self.consecutive = self.consecutive.saturating_add(1);
        }
        // At least half of the back-off: full jitter may be close to zero several times in a row.
        let own = self.backoff.wait(self.consecutive, 0.5 + random / 2.0);
        let until = after(now, asked.unwrap_or_default().max(own).min(LONGEST));
        self.until = Some(self.until.map_or(until, |before| before.max(until)));
    }

    /// Records another response to a request of this epoch. Returns `true` if it ends the pause.
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
    fn the_longest_requested_wait_counts() {
        let (mut pause, now) = (pause(), Instant::now());
        pause.begin(now, 0, Some(7 * S), 1.0);
        pause.begin(now, 0, Some(3 * S), 1.0);
        assert_eq!((pause.until(now), pause.until(now + 7 * S), pause.is_on()), (Some(now + 7 * S), None, true));
    }

    #[test]
    fn a_wrong_header_does_not_stop_a_client_for_good() {
        let (mut pause, now) = (pause(), Instant::now());
        pause.begin(now, 0, Some(Duration::MAX), 1.0);
        assert_eq!(pause.until(now), Some(now + 3600 * S));
    }

    #[test]
    fn backs_off_from_a_server_that_asks_for_no_wait() {
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

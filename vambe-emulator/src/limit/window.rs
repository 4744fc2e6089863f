//! The requests of the last period: the decision whether one more is within the limit, and the counts.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::Limit;
#[cfg(feature = "control")]
use super::LimitView;

/// Arrivals are counted up to this many times the limit, so that their number does not bound the memory.
const COUNTED: usize = 10;

/// A sliding window over the requests, as they arrive.
pub(crate) struct Window {
    limit: Limit,
    /// The requests that took a slot and still hold it, oldest first.
    taken: VecDeque<Instant>,
    /// All requests of the last period, oldest first.
    arrivals: VecDeque<Instant>,
    peak: u64,
    refused: u64,
}

impl Window {
    pub(crate) fn new(limit: Limit) -> Self {
        Self { limit, taken: VecDeque::new(), arrivals: VecDeque::new(), peak: 0, refused: 0 }
    }

    /// Takes a slot for a request that arrives now; the error is the time until a slot is free.
    ///
    /// A refused request takes no slot. A slot is free again a period after it was taken.
    pub(crate) fn arrive(&mut self, now: Instant) -> Result<(), Duration> {
        self.count(now);
        let (requests, period) = (self.requests(), self.limit.period());
        forget(&mut self.taken, now, period);
        match self.taken.front() {
            Some(oldest) if self.taken.len() >= requests => {
                self.refused += 1;
                Err(period.saturating_sub(now.saturating_duration_since(*oldest)))
            }
            _ => {
                self.taken.push_back(now);
                Ok(())
            }
        }
    }

    fn count(&mut self, now: Instant) {
        forget(&mut self.arrivals, now, self.limit.period());
        if self.arrivals.len() >= self.requests().saturating_mul(COUNTED) {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back(now);
        self.peak = self.peak.max(self.arrivals.len() as u64);
    }

    fn requests(&self) -> usize {
        usize::try_from(self.limit.requests().get()).unwrap_or(usize::MAX)
    }

    /// Returns the most requests that arrived within any period, refused ones included.
    pub(crate) fn peak(&self) -> u64 {
        self.peak
    }

    /// Returns the number of refused requests.
    pub(crate) fn refused(&self) -> u64 {
        self.refused
    }

    /// Removes the counts. The slots stay taken.
    pub(crate) fn clear_counts(&mut self) {
        self.arrivals.clear();
        self.peak = 0;
        self.refused = 0;
    }

    /// Frees all slots, and removes the counts.
    #[cfg(feature = "control")]
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.limit);
    }

    #[cfg(feature = "control")]
    pub(crate) fn view(&self, now: Instant) -> LimitView {
        let period = self.limit.period();
        LimitView {
            limit: self.limit.to_string(),
            per_second: f64::from(self.limit.requests().get()) / period.as_secs_f64(),
            used: self.taken.len() - self.taken.partition_point(|taken| is_over(*taken, now, period)),
            peak: self.peak,
            refused: self.refused,
        }
    }
}

/// Removes the times that are a period or more ago.
fn forget(times: &mut VecDeque<Instant>, now: Instant, period: Duration) {
    while times.front().is_some_and(|time| is_over(*time, now, period)) {
        times.pop_front();
    }
}

fn is_over(time: Instant, now: Instant, period: Duration) -> bool {
    now.saturating_duration_since(time) >= period
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::*;

    fn window(limit: &str) -> Window {
        Window::new(limit.parse().unwrap())
    }

    #[test]
    fn a_slot_is_free_again_exactly_after_the_period() {
        let (mut window, start) = (window("2/10s"), Instant::now());
        let mut arrive = |ms| window.arrive(start + Duration::from_millis(ms)).map_err(|wait| wait.as_millis());
        assert_eq!([arrive(0), arrive(4000), arrive(4000), arrive(9999)], [Ok(()), Ok(()), Err(6000), Err(1)]);
        assert_eq!([arrive(10_000), arrive(10_000), arrive(14_000)], [Ok(()), Err(4000), Ok(())]);
        assert_eq!((window.refused(), window.peak()), (3, 5), "4000 twice, 9999, and 10000 twice");
    }

    #[test]
    fn the_peak_counts_refused_requests_up_to_a_bound() {
        let (mut window, now) = (window("2/s"), Instant::now());
        for count in 1..=30 {
            assert_eq!(window.arrive(now).is_ok(), count <= 2);
            assert_eq!(window.peak(), count.min(20));
        }
        assert_eq!((window.refused(), window.arrivals.len()), (28, 20));
        window.clear_counts();
        assert_eq!((window.refused(), window.peak()), (0, 0));
        assert!(window.arrive(now).is_err(), "the slots are still taken");
        assert_eq!((window.refused(), window.peak()), (1, 1));
    }

    /// Returns the most times within any window of the period.
    fn most(times: &[Instant], period: Duration) -> usize {
        let within = |first: &Instant, time: &Instant| time >= first && !is_over(*first, *time, period);
        let count = |first| times.iter().filter(|time| within(first, time)).count();
        times.iter().map(count).max().unwrap_or_default()
    }

    /// Invariant: no window holds more than the limit, no request is refused while there is a slot, and the peak is exact.
    #[test]
    fn no_window_holds_more_requests_than_the_limit() {
        let period = Duration::from_millis(100);
        for seed in 0..200 {
            let mut rng = Rng::with_seed(seed);
            let limit = rng.u32(2..6);
            let mut window = window(&format!("{limit}/100ms"));
            let mut now = Instant::now();
            let (mut arrived, mut accepted) = (Vec::new(), Vec::new());
            for _ in 0..60 {
                now += Duration::from_millis(rng.u64(0..40));
                arrived.push(now);
                let held = accepted.iter().filter(|time| !is_over(**time, now, period)).count();
                let decision = window.arrive(now);
                assert_eq!(decision.is_ok(), held < limit as usize, "seed {seed}");
                match decision {
                    Ok(()) => accepted.push(now),
                    Err(wait) => {
                        let oldest = accepted[accepted.len() - limit as usize];
                        assert_eq!(now + wait, oldest + period, "seed {seed}");
                    }
                }
            }
            assert!(most(&accepted, period) <= limit as usize, "seed {seed}");
            assert_eq!(window.peak() as usize, most(&arrived, period), "seed {seed}");
            assert_eq!(window.refused() as usize, arrived.len() - accepted.len(), "seed {seed}");
        }
    }
}

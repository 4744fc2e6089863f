//! The times of requests and updates.

use std::time::{Duration, Instant, SystemTime};

/// The difference between the clocks at which the system clock counts.
const TOLERANCE: Duration = Duration::from_secs(1);

/// A clock whose times are those of the system, with the differences of the monotonic clock.
///
/// Two times are as far apart as they were, although the system corrects its clock a little all the time. After a larger
/// difference, such as a suspended machine or a clock that somebody sets, the system clock counts.
pub(super) struct Clock {
    /// The same moment on both clocks.
    monotonic: Instant,
    system: SystemTime,
}

/// A moment on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) instant: Instant,
    pub(super) time: SystemTime,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self { monotonic: Instant::now(), system: SystemTime::now() }
    }

    pub(super) fn now(&mut self) -> Moment {
        self.at(Instant::now(), SystemTime::now())
    }

    fn at(&mut self, monotonic: Instant, system: SystemTime) -> Moment {
        let elapsed = monotonic.saturating_duration_since(self.monotonic);
        let time = self.system.checked_add(elapsed).filter(|time| difference(*time, system) <= TOLERANCE);
        if time.is_none() {
            *self = Self { monotonic, system };
        }
        Moment { instant: monotonic, time: time.unwrap_or(system) }
    }
}

fn difference(a: SystemTime, b: SystemTime) -> Duration {
    a.duration_since(b).unwrap_or_else(|error| error.duration())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_monotonic_clock_until_they_differ() {
        let (monotonic, system) = (Instant::now(), SystemTime::now());
        let mut clock = Clock { monotonic, system };
        // The seconds on both clocks, and the time.
        for (elapsed, shown, expected) in [
            (0.0, 0.0, 0.0),
            // Corrections of the system clock.
            (10.0, 10.9, 10.0),
            (20.0, 19.1, 20.0),
            // A suspended machine.
            (30.0, 3630.0, 3630.0),
            (31.0, 3631.5, 3631.0),
            // Somebody set the clock back.
            (32.0, 100.0, 100.0),
            (33.0, 101.0, 101.0),
        ] {
            let later = |seconds| Duration::from_secs_f64(seconds);
            let moment = clock.at(monotonic + later(elapsed), system + later(shown));
            assert_eq!(moment.instant, monotonic + later(elapsed));
            assert_eq!(moment.time, system + later(expected), "{elapsed} {shown}");
        }
    }
}

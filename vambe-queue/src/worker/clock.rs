//! A clock that keeps running while the machine is suspended.

use std::time::Duration;

/// A time of the clock.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) struct Time(Duration);

impl Time {
    /// Returns the current time. `Instant` stands still on Linux while the machine is suspended, and a lease does not.
    #[cfg(target_os = "linux")]
    pub(super) fn now() -> Self {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        // Both are not negative, since the clock counts from the start of the machine.
        let (seconds, nanoseconds) = (time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs());
        Self(Duration::from_secs(seconds) + Duration::from_nanos(nanoseconds))
    }

    /// Returns the current time. Where no such clock is known, the time of day comes closest.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn now() -> Self {
        Self(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default())
    }

    /// Returns the time since then. A clock that was set back gives the longest time: nothing is sent then.
    pub(super) fn elapsed(self) -> Duration {
        Self::now().0.checked_sub(self.0).unwrap_or(Duration::MAX)
    }
}

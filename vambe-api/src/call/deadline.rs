//! Deadlines that cannot overflow.

use std::time::Duration;

use tokio::time::Instant;

/// The longest duration: long enough to be never, short enough for every clock.
const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);

/// Returns the time `duration` after `start`, even for `Duration::MAX`.
pub(crate) fn after(start: Instant, duration: Duration) -> Instant {
    start + duration.min(NEVER)
}

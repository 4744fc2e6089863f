//! Points in time that cannot overflow.

use std::time::Duration;

use tokio::time::Instant;

/// Far enough to be never, and near enough for every clock.
const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);

/// The time after a duration, also where it is as long as `Duration::MAX`.
pub(crate) fn after(start: Instant, duration: Duration) -> Instant {
    start + duration.min(NEVER)
}

//! The limit of a quota.

use std::{num::NonZeroU32, time::Duration};

/// A maximum number of requests in any window of a period, with a margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaLimit {
    pub(crate) requests: NonZeroU32,
    pub(crate) period: Duration,
    pub(crate) margin: Duration,
}

impl QuotaLimit {
    /// Creates a limit. The margin is 20 s, and at most a fiftieth of the period.
    #[must_use]
    pub fn new(requests: NonZeroU32, period: Duration) -> Self {
        Self { requests, period, margin: Duration::from_secs(20).min(period / 50) }
    }

    /// Sets the time for which a slot counts longer than the period. A request arrives up to 5 s and the attempt time-out after its
    /// slot was granted; with a shorter margin, a slow request may exceed the limit.
    #[must_use]
    pub fn margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }
}

//! The state of a client at one moment.

/// The state of a client at one moment, over all its clones: see [`Client::stats`](crate::Client::stats).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// The calls that have begun and not ended, and the requests in flight of runs.
    pub in_flight: usize,
    /// The calls and runs that wait for a slot: of the rate limit, of the limit on concurrent requests, or after a `429`.
    pub waiting: usize,
    /// The retries that are left in the retry budget.
    pub retries_left: u32,
    /// The requests that count in the rate limit now, out of those that it allows; `None` without a rate limit.
    pub window_used: Option<usize>,
}

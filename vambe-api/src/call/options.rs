//! What can be set for each call.

use std::time::Duration;

/// The time limits of a call, and how many attempts it may make.
///
/// A [`Client`](crate::Client) has them for all its calls; [`Call`](crate::Call) and
/// [`raw::Client::with_options`](crate::raw::Client::with_options) change them for some.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use vambe_api::CallOptions;
///
/// let options = CallOptions::default().timeout(Duration::from_secs(2)).max_attempts(1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct CallOptions {
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) max_attempts: u32,
}

impl CallOptions {
    /// Sets the limit for a whole call, with all its attempts and waits; 60 s by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the limit for one attempt, from connecting to the end of the answer; 15 s by default.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets how many attempts there may be, the first one included; 3 by default. 1 switches retries off, and 0 is as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }
}

impl Default for CallOptions {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(60), attempt_timeout: Duration::from_secs(15), max_attempts: 3 }
    }
}

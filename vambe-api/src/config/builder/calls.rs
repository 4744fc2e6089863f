//! The settings of calls: time-outs, retries, limits and what is reported of them.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use super::ClientBuilder;
use crate::{Drift, Observer, RateLimit, SharedLimit};

impl ClientBuilder {
    /// Sets the time-out of an attempt, from connecting to the end of the response; 15 s by default.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.settings.options = self.settings.options.attempt_timeout(timeout);
        self
    }

    /// Sets the time-out of a call, with all its attempts and waits; 60 s by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.options = self.settings.options.timeout(timeout);
        self
    }

    /// Sets the maximum number of attempts of a call, including the first one; 3 by default. 1 switches retries off.
    ///
    /// A call is retried after a failed or lost connection, a time-out, and after 408, 429, 500, 502, 503 and 504 if the
    /// OpenAPI document marks the operation `x-idempotent`; otherwise only if nothing was sent. A late retry can overwrite a
    /// newer value of the same key that another call has set in the meantime. The active ticket of a contact can change between
    /// two attempts, so that both tickets get the metadata.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.settings.options = self.settings.options.max_attempts(attempts);
        self
    }

    /// Sets the back-off between attempts: a random wait from zero to `base`, which doubles with each attempt up to `cap`; 250 ms
    /// and 8 s by default. A `Retry-After` of the server is a lower bound.
    pub fn backoff(mut self, base: Duration, cap: Duration) -> Self {
        self.settings.backoff.base = base;
        self.settings.backoff.cap = cap;
        self
    }

    /// Sets the size of the retry budget that all clones of the client share; 100 by default. Five successes give one retry back.
    /// When the budget is used up, each call makes a single attempt, which limits the load on a server that is down.
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.settings.retry_budget = retries;
        self
    }

    /// Sets the maximum request rate of all clones together, including retries; unlimited by default.
    ///
    /// Calls and runs wait for a slot in the order of their arrival. The wait counts against the time-out of the call; if no slot
    /// becomes free before its deadline, the call fails at once with [`Error::NoSlot`](crate::Error::NoSlot) and sends nothing.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.settings.rate_limit = Some(limit);
        self
    }

    /// Sets the maximum number of concurrent requests of all clones together; unlimited by default. Calls wait as for
    /// [`rate_limit`](Self::rate_limit).
    pub fn max_in_flight(mut self, requests: NonZeroUsize) -> Self {
        self.settings.max_in_flight = Some(requests.get());
        self
    }

    /// Sets a limit that other processes share; none by default. Every attempt of calls and runs takes a slot from it, after the
    /// client's own limits have let it pass.
    ///
    /// A call waits for a slot as for [`rate_limit`](Self::rate_limit). It fails with [`Error::NoSlot`](crate::Error::NoSlot) and
    /// sends nothing if the limit is unavailable, or closed because the server rejects the API key. A run waits while the limit is
    /// unavailable; it gives up as during an outage.
    pub fn shared_limit(mut self, limit: impl SharedLimit) -> Self {
        self.settings.shared_limit = Some(Arc::new(limit));
        self
    }

    /// Sets the maximum size of a response body; 64 KiB by default. The rest is not read, whatever the `Content-Length` is.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_body_bytes = bytes;
        self
    }

    /// Sets an observer, which gets every attempt and every call; none by default. The documentation of [`Observer`] has an example
    /// with OpenTelemetry's metrics.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.settings.observer = Some(Arc::new(observer));
        self
    }

    /// Sets a function that is called when a response departs from the documented API; none by default. Drifts are traced anyway.
    ///
    /// It is called once for each different [`Drift`], for all clones of the client together, up to 256 times. Statuses that
    /// any HTTP server may send, such as 401, 429 and 5xx, are not drifts.
    ///
    /// It runs within the call, so it should be fast and must not panic.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::Client;
    ///
    /// let client = Client::builder()
    ///     .api_key("your_api_key_here")
    ///     .on_drift(|drift| eprintln!("Vambe's contract has changed: {drift}"))
    ///     .build()?;
    /// # Ok::<(), vambe_api::ConfigError>(())
    /// ```
    pub fn on_drift(mut self, report: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        self.settings.on_drift = Some(Arc::new(report));
        self
    }
}

//! The settings of calls, and their defaults.

use std::sync::Arc;

use crate::{
    CallOptions, Drift, Observer, RateLimit, SharedLimit,
    call::{Backoff, Budget, Limits},
};

type OnDrift = dyn Fn(&Drift) + Send + Sync;

/// The settings of calls.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) options: CallOptions,
    pub(crate) backoff: Backoff,
    pub(crate) retry_budget: u32,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) max_in_flight: Option<usize>,
    pub(crate) shared_limit: Option<Arc<dyn SharedLimit>>,
    pub(crate) max_body_bytes: usize,
    pub(crate) on_drift: Option<Arc<OnDrift>>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) account: Option<Arc<str>>,
    #[cfg(feature = "national-numbers")]
    pub(crate) default_country: Option<crate::Country>,
    #[cfg(feature = "testing")]
    pub(crate) script: Option<crate::testing::Script>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            options: CallOptions::default(),
            backoff: Backoff::DEFAULT,
            retry_budget: Budget::DEFAULT_RETRIES,
            rate_limit: None,
            max_in_flight: None,
            shared_limit: None,
            // The documented responses are under 100 bytes.
            max_body_bytes: 64 * 1024,
            on_drift: None,
            observer: None,
            account: None,
            #[cfg(feature = "national-numbers")]
            default_country: None,
            #[cfg(feature = "testing")]
            script: None,
        }
    }
}

impl Settings {
    pub(super) fn limits(&self) -> Limits {
        let limits = Limits::new(self.rate_limit, self.max_in_flight, self.backoff);
        match &self.shared_limit {
            Some(shared) => limits.with_shared(Arc::clone(shared)),
            None => limits,
        }
    }
}

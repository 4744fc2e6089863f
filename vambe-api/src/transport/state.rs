//! What calls share and what a single one changes: the state of a client, its API key, and the options, headers and account of a call.

use std::sync::Arc;

use reqwest::header::{HeaderName, HeaderValue};

use super::{Shared, Transport};
use crate::{CallOptions, ClientBuilder, InvalidHeader, Stats, config::ApiKey};

impl Transport {
    /// Returns the options of calls.
    pub fn options(&self) -> CallOptions {
        self.options
    }

    /// Returns a transport with other options, which shares connections, limits and the retry budget.
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { options, ..self.clone() }
    }

    /// Returns a transport whose requests have another header, which shares everything else.
    ///
    /// # Errors
    ///
    /// [`InvalidHeader`] if the name or the value is invalid, or if the client sets the header itself.
    pub fn with_header<K, V>(&self, name: K, value: V) -> Result<Self, InvalidHeader>
    where
        HeaderName: TryFrom<K>,
        HeaderValue: TryFrom<V>,
    {
        let mut transport = self.clone();
        Arc::make_mut(transport.extra.get_or_insert_default()).set_header(name, value)?;
        Ok(transport)
    }

    /// Returns a transport with another label of its account, which shares everything else.
    pub fn with_account(&self, label: &str) -> Self {
        let mut transport = self.clone();
        Arc::make_mut(transport.extra.get_or_insert_default()).account = Some(label.into());
        transport
    }

    /// Returns the label of the account: the call's or the client's.
    pub(super) fn account(&self) -> Option<&str> {
        let of_call = self.extra.as_ref().and_then(|extra| extra.account.as_deref());
        of_call.or(self.shared.settings.account.as_deref())
    }

    /// Replaces the API key for calls that begin later.
    pub(crate) fn set_api_key(&self, api_key: ApiKey) {
        self.shared.credentials.set_api_key(api_key);
    }

    /// Returns a builder with these settings and connections, without an API key.
    pub(crate) fn to_builder(&self) -> ClientBuilder {
        let Shared { http, http_settings, base_url, settings, .. } = &*self.shared;
        ClientBuilder::with_connections(base_url, http_settings.clone(), http.clone(), settings.clone())
    }

    /// Returns the state of the client.
    pub(crate) fn stats(&self) -> Stats {
        let Shared { gate, budget, limits, .. } = &*self.shared;
        let (waiting, window_used) = limits.usage();
        Stats { in_flight: gate.in_flight(), waiting, retries_left: budget.left(), window_used }
    }

    /// Refuses new calls, and waits until those in flight have ended.
    pub(crate) async fn drain(&self) {
        self.shared.gate.drain().await;
    }

    /// Returns the country in which numbers without `+` are read.
    #[cfg(feature = "national-numbers")]
    pub(crate) fn default_country(&self) -> Option<crate::Country> {
        self.shared.settings.default_country
    }

    /// Returns the limits of the client, for a run that waits for a slot itself.
    #[cfg(feature = "bulk")]
    pub(crate) fn limits(&self) -> &Arc<crate::call::Limits> {
        &self.shared.limits
    }

    /// Returns the back-off, for a run that retries itself.
    #[cfg(feature = "bulk")]
    pub(crate) fn backoff(&self) -> crate::call::Backoff {
        self.shared.settings.backoff
    }
}

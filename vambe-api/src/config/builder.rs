//! What can be set on a client; each method says what it is by default.

use std::{env, fmt, num::NonZeroUsize, sync::Arc, time::Duration};

use secrecy::SecretString;

use super::{ApiKey, BaseUrl, ConfigError, base_url};
use crate::{
    Client, Drift, RateLimit, Redacted, Transport,
    transport::{HttpSettings, Settings},
};

pub(super) const API_KEY_VARIABLE: &str = "VAMBE_API_KEY";
pub(super) const BASE_URL_VARIABLE: &str = "VAMBE_BASE_URL";

/// Sets up a [`Client`].
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use vambe_api::Client;
///
/// let client = Client::builder()
///     .api_key("your_api_key_here")
///     .base_url("http://127.0.0.1:8080")
///     .timeout(Duration::from_secs(10))
///     .build()?;
/// # Ok::<(), vambe_api::ConfigError>(())
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    api_key: Option<SecretString>,
    base_url: Option<String>,
    plain_http: bool,
    http: HttpSettings,
    settings: Settings,
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            api_key: None,
            base_url: None,
            plain_http: false,
            http: HttpSettings::default(),
            settings: Settings::default(),
        }
    }

    /// Takes what the environment gives: `VAMBE_API_KEY`, and `VAMBE_BASE_URL` if it is set and not empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Environment`] if a variable is not Unicode. A missing key is reported by [`build`](Self::build).
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut builder = Self::new();
        builder.api_key = variable(API_KEY_VARIABLE)?.map(SecretString::from);
        builder.base_url = variable(BASE_URL_VARIABLE)?.filter(|url| !url.is_empty());
        Ok(builder)
    }

    /// Sets the API key, as it is sent in the `x-api-key` header. There is no default.
    ///
    /// It is kept in one place in memory, which is wiped when the last clone of the client goes away.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into().into());
        self
    }

    /// Sets the base URL; `https://api.vambe.me` by default.
    ///
    /// It may have a path, under which the API's paths are then looked for, and a slash at its end makes no difference.
    ///
    /// Requests use the proxies of the environment (`https_proxy`, `all_proxy`, `no_proxy`) or of the operating system, but not
    /// to this host.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Allows a base URL with `http` to any host; by default only to this one (`localhost`, `127.0.0.0/8`, `::1`). The key,
    /// phone numbers and metadata then travel in the clear.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Sets the limit for a connection to come to be, TLS included; 5 s by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

    /// Sets the limit for one attempt, from connecting to the end of the answer; 15 s by default.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.settings.options = self.settings.options.attempt_timeout(timeout);
        self
    }

    /// Sets the limit for a whole call, with all its attempts and waits; 60 s by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.options = self.settings.options.timeout(timeout);
        self
    }

    /// Sets how many attempts a call may make, the first one included; 3 by default. 1 switches retries off.
    ///
    /// An attempt is repeated after a broken or failed connection and after 408, 429, 500, 502, 503 and 504, where the spec
    /// marks the operation `x-idempotent`; where it does not, only if nothing was sent. Mind that a late retry can
    /// overwrite a newer value of the same key that another call has set in the meantime, and that the active ticket of a
    /// contact can change between two attempts, so that both tickets may get the metadata.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.settings.options = self.settings.options.max_attempts(attempts);
        self
    }

    /// Sets the waits between attempts: anywhere from zero to `base`, doubled for each attempt, at most `cap`; 250 ms and
    /// 8 s by default. A `Retry-After` of the server is a minimum beside that.
    pub fn backoff(mut self, base: Duration, cap: Duration) -> Self {
        self.settings.backoff.base = base;
        self.settings.backoff.cap = cap;
        self
    }

    /// Sets how many retries all clones of the client have in store; 100 by default. Five successes give one back. With none
    /// left, each call makes one attempt, so that a dead server is not hammered.
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.settings.retry_budget = retries;
        self
    }

    /// Limits the requests in a period, retries included, for all clones together; unlimited by default.
    ///
    /// Calls and runs wait for a slot in the order of their arrival. Waiting counts against the call's time limit; a call for
    /// which no slot can become free in time fails at once, as [`Error::NoSlot`](crate::Error::NoSlot), with nothing sent.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.settings.rate_limit = Some(limit);
        self
    }

    /// Limits the concurrent requests of all clones together; unlimited by default. Waiting is as for
    /// [`rate_limit`](Self::rate_limit).
    pub fn max_in_flight(mut self, requests: NonZeroUsize) -> Self {
        self.settings.max_in_flight = Some(requests.get());
        self
    }

    /// Sets how much is read of an answer's body; 64 KiB by default. What is beyond is not read, also where the server's
    /// `Content-Length` is wrong or missing.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_body_bytes = bytes;
        self
    }

    /// Trusts further root certificates, as PEM, besides those of the platform; none by default.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn add_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.root_certificates.push(pem.into());
        self
    }

    /// Sets a function that is called when an answer departs from the spec; by default such answers are only traced.
    ///
    /// It is called once for each different [`Drift`], for all clones of the client together, up to 256 of them. The statuses of any
    /// HTTP server, such as 401, 429 and 5xx, are no drift.
    ///
    /// It is called within the call, so it should be quick and must not panic.
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
    pub fn on_drift(mut self, tell: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        self.settings.on_drift = Some(Arc::new(tell));
        self
    }

    /// Changes the HTTP client in ways that this builder does not have, such as a proxy or a client certificate.
    ///
    /// What keeps a call safe is set after it and cannot be changed by it: no redirects, no retries of the library's own,
    /// no verbose logging, the connect time-out, https where the base URL has it, no proxy for plain http to this host, the
    /// user agent and the `Host`.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use vambe_api::Client;
    ///
    /// let client = Client::builder()
    ///     .api_key("your_api_key_here")
    ///     .configure_http(|http| http.pool_idle_timeout(Duration::from_secs(20)))
    ///     .build()?;
    /// # Ok::<(), vambe_api::ConfigError>(())
    /// ```
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http.configure = Some(Arc::new(configure));
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the key is missing or cannot be sent, or the base URL or a certificate is not one.
    pub fn build(self) -> Result<Client, ConfigError> {
        Ok(Client::new(self.transport()?))
    }

    pub(crate) fn transport(self) -> Result<Transport, ConfigError> {
        let api_key = ApiKey::parse(self.api_key.ok_or(ConfigError::MissingApiKey)?)?;
        let base_url = BaseUrl::parse(self.base_url.as_deref().unwrap_or(base_url::DEFAULT), self.plain_http)?;
        Transport::new(api_key, base_url, &self.http, self.settings)
    }
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the limits and hides the key, and the base URL too: what is not parsed yet may hold a password.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key.as_ref().map(|_| Redacted))
            .field("base_url", &self.base_url.as_ref().map(|_| Redacted))
            .field("options", &self.settings.options)
            .finish_non_exhaustive()
    }
}

fn variable(name: &'static str) -> Result<Option<String>, ConfigError> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(ConfigError::Environment { variable: name }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CallOptions, call::Budget};

    /// Invariant: the documented defaults are the actual ones.
    #[test]
    fn the_documented_defaults_are_the_defaults() {
        let ClientBuilder { http, settings, .. } = ClientBuilder::new();
        let s = Duration::from_secs;
        assert_eq!(http.connect_timeout, s(5));
        assert_eq!(settings.options, CallOptions::default().attempt_timeout(s(15)).timeout(s(60)).max_attempts(3));
        assert_eq!((settings.backoff.base, settings.backoff.cap), (Duration::from_millis(250), s(8)));
        assert_eq!((settings.retry_budget, Budget::DEFAULT_RETRIES), (100, 100));
        assert_eq!((settings.rate_limit, settings.max_in_flight), (None, None));
        assert_eq!(settings.max_body_bytes, 64 * 1024);
    }
}

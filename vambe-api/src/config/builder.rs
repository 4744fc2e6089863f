//! The builder of a client. Each setter documents its default.

use std::{env, fmt, num::NonZeroUsize, sync::Arc, time::Duration};

use secrecy::SecretString;

use super::{ApiKey, BaseUrl, ConfigError, base_url};
use crate::{
    Client, Drift, RateLimit, Redacted, SharedLimit, Transport,
    transport::{HttpSettings, Settings},
};

pub(super) const API_KEY_VARIABLE: &str = "VAMBE_API_KEY";
pub(super) const BASE_URL_VARIABLE: &str = "VAMBE_BASE_URL";

/// A builder of a [`Client`].
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
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    api_key: Option<SecretString>,
    base_url: Option<String>,
    plain_http: bool,
    http: HttpSettings,
    settings: Settings,
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Creates a builder from the environment: `VAMBE_API_KEY`, and `VAMBE_BASE_URL` if it is set and not empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Environment`] if a variable is not Unicode. A missing key is reported by [`build`](Self::build).
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            api_key: variable(API_KEY_VARIABLE)?.map(SecretString::from),
            base_url: variable(BASE_URL_VARIABLE)?.filter(|url| !url.is_empty()),
            ..Self::default()
        })
    }

    /// Sets the API key, which is sent in the `x-api-key` header; required.
    ///
    /// The key is kept once in memory, and wiped when the last clone of the client is dropped.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into().into());
        self
    }

    /// Sets the base URL; `https://api.vambe.me` by default.
    ///
    /// It may have a path, which precedes the paths of the API, and a trailing slash.
    ///
    /// Requests use the proxies of the environment (`https_proxy`, `all_proxy`, `no_proxy`) or of the operating system, except
    /// for localhost.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets the name of the application, which is appended to the user agent; none by default. It is visible ASCII, usually with a
    /// version, such as `orders-service/1.4`.
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.http.app_name = Some(name.into());
        self
    }

    /// Allows plain HTTP to any host; allowed only for localhost (`localhost`, `127.0.0.0/8`, `::1`) by default. The API key,
    /// phone numbers and metadata are then sent unencrypted.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Sets the connect time-out, including TLS; 5 s by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

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

    /// Adds trusted root certificates, as PEM, to those of the platform; none by default.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn add_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.root_certificates.push(pem.into());
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

    /// Configures the HTTP client beyond this builder, for example with a proxy or a client certificate.
    ///
    /// The settings that keep a call safe are applied afterwards and cannot be changed: no redirects, no retries by the
    /// library, no verbose logging, the connect time-out, https if the base URL uses it, no proxy for plain HTTP to localhost,
    /// the user agent and the `Host`.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::{Client, reqwest::Proxy};
    ///
    /// let proxy = Proxy::https("http://proxy.example.com:3128")?;
    /// let client = Client::builder()
    ///     .api_key("your_api_key_here")
    ///     .configure_http(move |http| http.proxy(proxy.clone()))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http.configure = Some(Arc::new(configure));
        self
    }

    /// Lets a script answer instead of the server, for tests; none by default. The API key is still required (feature `testing`).
    #[cfg(feature = "testing")]
    pub fn script(mut self, script: &crate::testing::Script) -> Self {
        self.settings.script = Some(script.clone());
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the API key is missing or invalid, or if the base URL, the app name or a certificate is invalid.
    pub fn build(self) -> Result<Client, ConfigError> {
        Ok(Client::new(self.transport()?))
    }

    pub(crate) fn transport(self) -> Result<Transport, ConfigError> {
        let api_key = ApiKey::parse(self.api_key.ok_or(ConfigError::MissingApiKey { variable: API_KEY_VARIABLE })?)?;
        let base_url = BaseUrl::parse(self.base_url.as_deref().unwrap_or(base_url::DEFAULT), self.plain_http)?;
        Transport::new(api_key, base_url, &self.http, self.settings)
    }
}

/// Shows the options. Redacts the key, and the base URL too, which may contain a password before it is parsed.
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
        let ClientBuilder { http, settings, .. } = ClientBuilder::default();
        let s = Duration::from_secs;
        assert_eq!(http.connect_timeout, s(5));
        assert_eq!(settings.options, CallOptions::default().attempt_timeout(s(15)).timeout(s(60)).max_attempts(3));
        assert_eq!((settings.backoff.base, settings.backoff.cap), (Duration::from_millis(250), s(8)));
        assert_eq!((settings.retry_budget, Budget::DEFAULT_RETRIES), (100, 100));
        assert_eq!((settings.rate_limit, settings.max_in_flight), (None, None));
        assert!(settings.shared_limit.is_none());
        assert_eq!(settings.max_body_bytes, 64 * 1024);
    }
}

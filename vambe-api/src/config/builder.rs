//! The builder of a client: its API key and base URL. Each setter documents its default.

mod calls;
mod network;

use std::{borrow::Cow, env, fmt};

use zeroize::Zeroizing;

use super::{ApiKey, BaseUrl, ConfigError, base_url};
#[cfg(feature = "national-numbers")]
use crate::Country;
use crate::{
    Client, Redacted, Transport,
    transport::{HttpSettings, Settings},
};

/// The beginning of the names of the environment variables.
const PREFIX: &str = "VAMBE";
const API_KEY: &str = "API_KEY";
const BASE_URL: &str = "BASE_URL";

/// A builder of a [`Client`].
///
/// # Limits and defaults
///
/// | Limit | Default | Set by |
/// |---|---|---|
/// | connect time-out | 5 s | [`connect_timeout`](Self::connect_timeout) |
/// | attempt time-out | 15 s | [`attempt_timeout`](Self::attempt_timeout) |
/// | call time-out, with all attempts and waits | 60 s | [`timeout`](Self::timeout) |
/// | attempts | 3 | [`max_attempts`](Self::max_attempts) |
/// | back-off | 250 ms, doubled up to 8 s, full jitter | [`backoff`](Self::backoff) |
/// | retry budget | 100 | [`retry_budget`](Self::retry_budget) |
/// | request rate | unlimited | [`rate_limit`](Self::rate_limit) |
/// | concurrent requests | unlimited | [`max_in_flight`](Self::max_in_flight) |
/// | requests of all hosts together | unlimited | [`shared_limit`](Self::shared_limit) |
/// | response body | 64 KiB | [`max_body_bytes`](Self::max_body_bytes) |
///
/// Each call can set its own time-outs and attempts; all clones of a client share the other limits.
///
/// A `429` concerns the API key, so it pauses all clones of the client: for as long as `Retry-After` asks, at most an hour, and
/// at least for the client's own back-off. Then a single request is sent; the others follow once it is answered. A call whose
/// deadline is before the end of the pause fails at once with [`Error::NoSlot`](crate::Error::NoSlot), and [`Error::retry_after`](crate::Error::retry_after) is the rest of the
/// pause.
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
    /// The prefix of the environment variables, if it is not [`PREFIX`].
    prefix: Option<String>,
    api_key: Option<Zeroizing<String>>,
    base_url: Option<String>,
    plain_http: bool,
    http: HttpSettings,
    /// The connections of another client, unless a setting of connections has changed.
    pool: Option<reqwest::Client>,
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
        Self::default().read_env()
    }

    /// Creates a builder from the environment variables of an account: those of [`from_env`](Self::from_env), with `prefix` instead
    /// of `VAMBE`.
    ///
    /// # Errors
    ///
    /// See [`from_env`](Self::from_env).
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::ClientBuilder;
    ///
    /// // VAMBE_CHILE_API_KEY, optionally VAMBE_CHILE_BASE_URL
    /// let error = ClientBuilder::from_env_with_prefix("VAMBE_CHILE")?.build().unwrap_err();
    /// assert!(error.to_string().contains("set VAMBE_CHILE_API_KEY"));
    /// # Ok::<(), vambe_api::ConfigError>(())
    /// ```
    pub fn from_env_with_prefix(prefix: &str) -> Result<Self, ConfigError> {
        Self { prefix: Some(prefix.to_owned()), ..Self::default() }.read_env()
    }

    fn read_env(mut self) -> Result<Self, ConfigError> {
        self.api_key = variable(self.variable(API_KEY))?.map(Zeroizing::new);
        self.base_url = variable(self.variable(BASE_URL))?.filter(|url| !url.is_empty());
        Ok(self)
    }

    /// Returns the name of an environment variable.
    fn variable(&self, name: &str) -> Cow<'static, str> {
        format!("{}_{name}", self.prefix.as_deref().unwrap_or(PREFIX)).into()
    }

    /// Creates a builder with the settings and the connections of a client.
    pub(crate) fn with_connections(
        base_url: &BaseUrl,
        http: HttpSettings,
        pool: reqwest::Client,
        settings: Settings,
    ) -> Self {
        Self {
            base_url: Some(base_url.text.clone()),
            plain_http: !base_url.is_https && !base_url.is_loopback,
            http,
            pool: Some(pool),
            // The others are of the account.
            settings: Settings { shared_limit: None, account: None, ..settings },
            ..Self::default()
        }
    }

    /// Sets the API key, which is sent in the `x-api-key` header; required.
    ///
    /// The key is kept once in memory, and wiped when the last clone of the client is dropped.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(Zeroizing::new(api_key.into()));
        self
    }

    /// Sets the base URL; `https://api.vambe.me` by default.
    ///
    /// It may have a path, which precedes the paths of the API, and a trailing slash.
    ///
    /// Requests use the proxies of the environment (`https_proxy`, `all_proxy`, `no_proxy`) or of the operating system, except
    /// for localhost.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        (self.base_url, self.pool) = (Some(base_url.into()), None);
        self
    }

    /// Sets the label of the account in logs, traces and observations; none by default. It is not sent.
    pub fn account(mut self, label: impl Into<String>) -> Self {
        self.settings.account = Some(label.into().into());
        self
    }

    /// Sets the name of the application, which is appended to the user agent; none by default. It is visible ASCII, usually with a
    /// version, such as `orders-service/1.4`.
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.http.app_name = Some(name.into());
        self
    }

    /// Sets the country in which [`Client::contact_number`] reads numbers without `+`; none by default.
    ///
    /// Available with feature `national-numbers`.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::Client;
    ///
    /// let builder = Client::builder().api_key("your_api_key_here");
    /// let client = builder.default_country("CL".parse()?).build()?;
    /// assert_eq!(client.contact_number("9 1234 5678")?.as_str(), "+56912345678");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "national-numbers")]
    pub fn default_country(mut self, country: Country) -> Self {
        self.settings.default_country = Some(country);
        self
    }

    /// Lets a script answer instead of the server, for tests; none by default. The API key is still required.
    ///
    /// Available with feature `testing`.
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
        let missing = ConfigError::MissingApiKey { variable: self.variable(API_KEY) };
        let api_key = ApiKey::parse(self.api_key.ok_or(missing)?)?;
        let base_url = BaseUrl::parse(self.base_url.as_deref().unwrap_or(base_url::DEFAULT), self.plain_http)?;
        Transport::new(api_key, base_url, self.http, self.pool, self.settings)
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

fn variable(name: Cow<'static, str>) -> Result<Option<String>, ConfigError> {
    match env::var(&*name) {
        Ok(value) => Ok(Some(value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(ConfigError::Environment { variable: name }),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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

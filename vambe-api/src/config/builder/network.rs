//! The settings of the HTTP client: connections, proxies and certificates.

use std::{sync::Arc, time::Duration};

use super::ClientBuilder;

impl ClientBuilder {
    /// Allows plain HTTP to any host; allowed only for localhost (`localhost`, `127.0.0.0/8`, `::1`) by default. The API key,
    /// phone numbers and metadata are then sent unencrypted.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Sets the connect time-out, including TLS; 5 s by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        (self.http.connect_timeout, self.pool) = (timeout, None);
        self
    }

    /// Adds trusted root certificates, as PEM, to those of the platform; none by default.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn add_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.root_certificates.push(pem.into());
        self.pool = None;
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
    ///
    /// A client certificate, with the feature `rustls`:
    ///
    #[cfg_attr(feature = "rustls", doc = "```no_run")]
    #[cfg_attr(not(feature = "rustls"), doc = "```text")]
    /// use vambe_api::{Client, reqwest::Identity};
    ///
    /// // The key and the certificate.
    /// let identity = Identity::from_pem(&std::fs::read("client.pem")?)?;
    /// let client = Client::builder()
    ///     .api_key("your_api_key_here")
    ///     .configure_http(move |http| http.identity(identity.clone()))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http.configure = Some(Arc::new(configure));
        self.pool = None;
        self
    }
}

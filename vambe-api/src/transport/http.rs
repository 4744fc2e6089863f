//! The set-up of the HTTP client: the settings a caller may change, and those that keep a call safe regardless.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use reqwest::header::HeaderValue;

use crate::{ConfigError, TransportError, config::BaseUrl, raw};

type Configure = dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync;

/// The settings of the HTTP client.
#[derive(Clone)]
pub(crate) struct HttpSettings {
    pub(crate) connect_timeout: Duration,
    pub(crate) app_name: Option<String>,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(crate) root_certificates: Vec<Vec<u8>>,
    pub(crate) configure: Option<Arc<Configure>>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            app_name: None,
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            root_certificates: Vec::new(),
            configure: None,
        }
    }
}

impl HttpSettings {
    /// Returns the value of the `User-Agent` header: this crate's own, then the name of the application if it is set.
    ///
    /// Without a name it is a static value: sending threads would contend for the reference count of another one.
    pub(super) fn user_agent(&self) -> Result<HeaderValue, ConfigError> {
        let Some(app_name) = &self.app_name else { return Ok(HeaderValue::from_static(user_agent())) };
        if app_name.trim().is_empty() || !app_name.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(ConfigError::InvalidAppName);
        }
        HeaderValue::from_str(&format!("{} {}", user_agent(), app_name.trim())).map_err(|_| ConfigError::InvalidAppName)
    }

    pub(super) fn build(&self, base_url: &BaseUrl) -> Result<reqwest::Client, ConfigError> {
        install_crypto_provider();
        let mut builder = reqwest::Client::builder();
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        if !self.root_certificates.is_empty() {
            let mut certificates = Vec::new();
            for pem in &self.root_certificates {
                let bundle = reqwest::Certificate::from_pem_bundle(pem);
                certificates.extend(bundle.map_err(|error| ConfigError::RootCertificate(TransportError::new(error)))?);
            }
            builder = builder.tls_certs_merge(certificates);
        }
        if base_url.is_loopback {
            // A proxy of the environment could not reach localhost.
            builder = builder.no_proxy();
        }
        if let Some(configure) = &self.configure {
            builder = configure(builder);
        }
        if base_url.is_loopback && !base_url.is_https {
            // A proxy of the caller would receive the key unencrypted.
            builder = builder.no_proxy();
        }
        builder
            .connect_timeout(self.connect_timeout)
            // reqwest would send the `x-api-key` header, and on 307 and 308 the body, to another host.
            .redirect(reqwest::redirect::Policy::none())
            // reqwest's retries would not count as attempts. With a maximum of 0 it also makes no copy of each request for them.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            // This would log headers and bodies.
            .connection_verbose(false)
            .https_only(base_url.is_https)
            .user_agent(user_agent())
            .build()
            .map_err(|error| ConfigError::HttpClient(TransportError::new(error)))
    }
}

/// Installs ring as the crypto provider, without which reqwest panics, unless the application has installed one.
#[cfg(feature = "rustls")]
fn install_crypto_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // This fails only if another thread has installed one in the meantime.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

#[cfg(not(feature = "rustls"))]
fn install_crypto_provider() {}

/// Returns this crate's own user agent: its version and the digest of the OpenAPI document.
pub(super) fn user_agent() -> &'static str {
    static USER_AGENT: LazyLock<String> = LazyLock::new(|| {
        let spec = raw::SPEC_SHA256.get(..12).unwrap_or(raw::SPEC_SHA256);
        format!("vambe-api/{} (spec {spec})", env!("CARGO_PKG_VERSION"))
    });
    &USER_AGENT
}

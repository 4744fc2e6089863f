//! Setting up the HTTP client: what a caller may change, and what keeps a call safe whatever the caller changes.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use crate::{ConfigError, TransportError, config::BaseUrl, raw};

type Configure = dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync;

/// What can be set on the HTTP client.
#[derive(Clone)]
pub(crate) struct HttpSettings {
    pub(crate) connect_timeout: Duration,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(crate) root_certificates: Vec<Vec<u8>>,
    pub(crate) configure: Option<Arc<Configure>>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            root_certificates: Vec::new(),
            configure: None,
        }
    }
}

impl HttpSettings {
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
            // A proxy of the environment could not reach this host.
            builder = builder.no_proxy();
        }
        if let Some(configure) = &self.configure {
            builder = configure(builder);
        }
        if base_url.is_loopback && !base_url.is_https {
            // One of the caller would get the key in the clear.
            builder = builder.no_proxy();
        }
        builder
            .connect_timeout(self.connect_timeout)
            // The library would take the `x-api-key` header, and on 307 and 308 the body, along to another host.
            .redirect(reqwest::redirect::Policy::none())
            // It would make attempts that nobody counts.
            .retry(reqwest::retry::never())
            // It would log headers and bodies.
            .connection_verbose(false)
            .https_only(base_url.is_https)
            .user_agent(user_agent())
            .build()
            .map_err(|error| ConfigError::HttpClient(TransportError::new(error)))
    }
}

/// The library panics without a crypto provider; an application that has chosen its own keeps it.
#[cfg(feature = "rustls")]
fn install_crypto_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Only another thread that was faster makes this fail, and then there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

#[cfg(not(feature = "rustls"))]
fn install_crypto_provider() {}

/// Which release sent a request, and from which spec it was generated.
///
/// Kept for ever: a header of static text has no count of its owners, over which the threads that send would fight.
pub(super) fn user_agent() -> &'static str {
    static USER_AGENT: LazyLock<String> = LazyLock::new(|| {
        let spec = raw::SPEC_SHA256.get(..12).unwrap_or(raw::SPEC_SHA256);
        format!("vambe-api/{} (spec {spec})", env!("CARGO_PKG_VERSION"))
    });
    &USER_AGENT
}

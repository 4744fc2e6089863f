//! How a request of the generated client is sent, and what becomes of the answer; the same for every operation.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    RequestBuilder,
    header::{HeaderName, HeaderValue},
};
use serde::de::DeserializeOwned;

use crate::{
    ConfigError, Error, InvalidRequest, Operation, Response, StatusError, TransportError, body::Body, private::Private,
    raw,
};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(15);

/// What the requests of a client are sent through: connections, base URL and API key.
///
/// Cheap to clone; the clones share their connections. It is public so that code which is generated elsewhere from the
/// same kind of spec can be given the one of a [`Client`](crate::Client).
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
}

struct Shared {
    http: reqwest::Client,
    base_url: String,
    api_key: HeaderValue,
}

impl Transport {
    pub(crate) fn new(base_url: String, api_key: HeaderValue) -> Result<Self, ConfigError> {
        // The library panics without one; an application that has chosen its own keeps it.
        #[cfg(feature = "rustls")]
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Only another thread that was faster makes this fail, and then there is one.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            // The library would take the `x-api-key` header along to another host.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(user_agent())
            .build()
            .map_err(|error| ConfigError::HttpClient(TransportError::new(error)))?;
        Ok(Self { shared: Arc::new(Shared { http, base_url, api_key }) })
    }

    /// The HTTP client; the API key is not in it, [`send`](Self::send) adds it.
    pub fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    /// The base URL, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// Sends a request of an operation with the API key, and reads the answer.
    ///
    /// Any status from 200 to 299 is a success, whatever the body.
    ///
    /// # Errors
    ///
    /// [`Error`], of any kind from [`InvalidRequest`](Error::InvalidRequest) on.
    pub async fn send<T: DeserializeOwned>(
        &self,
        _operation: &Operation,
        request: RequestBuilder,
    ) -> Result<Response<T>, Error> {
        let request = request
            .header(API_KEY, self.shared.api_key.clone())
            .build()
            .map_err(|error| InvalidRequest::Http(TransportError::new(error)))?;
        // For an error's words, if there is one: the body is shared, not copied.
        let sent = request.try_clone();
        let response = self.shared.http.execute(request).await.map_err(failed)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = Body::read(response).await;
        if status.is_success() {
            return Ok(Response::new(status, headers, serde_json::from_slice(&body.bytes).ok()));
        }
        let body_sent = sent.as_ref().and_then(|request| request.body()?.as_bytes());
        let private = Private::new(body_sent, self.shared.api_key.to_str());
        Err(Error::Status(Box::new(StatusError::new(status, headers, body, &private))))
    }
}

fn failed(error: reqwest::Error) -> Error {
    // A time-out while connecting is both; that nothing was sent is what matters more.
    if error.is_connect() {
        Error::Connect(TransportError::new(error))
    } else if error.is_timeout() {
        Error::Timeout(TransportError::new(error))
    } else {
        Error::Interrupted(TransportError::new(error))
    }
}

/// Which release sent a request, and from which spec it was generated.
fn user_agent() -> String {
    let spec = raw::SPEC_SHA256.get(..12).unwrap_or(raw::SPEC_SHA256);
    format!("vambe-api/{} (spec {spec})", env!("CARGO_PKG_VERSION"))
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("base_url", &self.shared.base_url).finish_non_exhaustive()
    }
}

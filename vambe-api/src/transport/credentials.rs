//! The API key and the headers made of it, which can be replaced while the client is in use.

use std::sync::{Arc, PoisonError, RwLock};

use reqwest::header::{ACCEPT, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use crate::config::{ApiKey, BaseUrl};

pub(super) const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The API key, and the headers of all requests with a body.
///
/// The headers are built once: copying a map is faster than filling it. They include `Host` and `User-Agent`, which the HTTP library
/// would otherwise add to each request.
#[derive(Debug)]
pub(super) struct Credentials {
    pub(super) api_key: ApiKey,
    pub(super) headers: HeaderMap,
}

impl Credentials {
    pub(super) fn new(base_url: &BaseUrl, api_key: ApiKey, user_agent: HeaderValue) -> Self {
        let host = HeaderValue::from_str(&base_url.authority).map(|host| (HOST, host));
        let mut headers = HeaderMap::from_iter([
            (ACCEPT, JSON),
            (CONTENT_TYPE, JSON),
            (API_KEY, api_key.header()),
            (USER_AGENT, user_agent),
        ]);
        headers.extend(host);
        Self { api_key, headers }
    }

    fn with_api_key(&self, api_key: ApiKey) -> Self {
        let mut headers = self.headers.clone();
        headers.insert(API_KEY, api_key.header());
        Self { api_key, headers }
    }
}

/// The credentials that calls begin with.
#[derive(Debug)]
pub(super) struct CurrentCredentials(RwLock<Arc<Credentials>>);

impl CurrentCredentials {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self(RwLock::new(Arc::new(credentials)))
    }

    /// Returns the credentials of a call that begins now.
    pub(super) fn get(&self) -> Arc<Credentials> {
        // No code under the lock panics.
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the API key. The former one is wiped after the last call that began with it.
    pub(super) fn set_api_key(&self, api_key: ApiKey) {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(current.with_api_key(api_key));
    }
}

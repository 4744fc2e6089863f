//! The API key and the headers made of it, which can be replaced while the client is in use.

use std::sync::{Arc, PoisonError, RwLock};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use crate::{
    ApiKeyPlace, Operation,
    config::{ApiKey, BaseUrl},
    generated,
};

/// The header in which most operations have the key.
pub(super) const API_KEY: HeaderName = match generated::API_KEY {
    ApiKeyPlace::Header(name) => HeaderName::from_static(name),
    ApiKeyPlace::None | ApiKeyPlace::Bearer | ApiKeyPlace::Basic => AUTHORIZATION,
};
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
        let mut headers = HeaderMap::from_iter([(ACCEPT, JSON), (CONTENT_TYPE, JSON), (USER_AGENT, user_agent)]);
        headers.extend(host);
        set_key(&mut headers, generated::API_KEY, &api_key);
        Self { api_key, headers }
    }

    fn with_api_key(&self, api_key: ApiKey) -> Self {
        let mut headers = self.headers.clone();
        set_key(&mut headers, generated::API_KEY, &api_key);
        Self { api_key, headers }
    }

    /// Returns the headers of a request with a body, with the key where the operation has it.
    pub(super) fn headers_of(&self, operation: &Operation) -> HeaderMap {
        let mut headers = self.headers.clone();
        if operation.api_key != generated::API_KEY {
            headers.remove(API_KEY);
            set_key(&mut headers, operation.api_key, &self.api_key);
        }
        headers
    }
}

fn set_key(headers: &mut HeaderMap, place: ApiKeyPlace, api_key: &ApiKey) {
    let (name, value) = match place {
        ApiKeyPlace::None => return,
        // The generator has checked the name.
        ApiKeyPlace::Header(name) => (name.parse().ok(), Some(api_key.header())),
        ApiKeyPlace::Bearer => (Some(AUTHORIZATION), api_key.bearer()),
        ApiKeyPlace::Basic => (Some(AUTHORIZATION), api_key.basic()),
    };
    if let (Some(name), Some(value)) = (name, value) {
        headers.insert::<HeaderName>(name, value);
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

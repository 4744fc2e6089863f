//! A request as a script has recorded it.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD as STANDARD};
use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;

use crate::{ApiKeyPlace, Method, Operation};

/// Takes the API key out of the headers.
fn api_key(operation: &Operation, headers: &mut HeaderMap) -> Option<HeaderValue> {
    match operation.api_key {
        ApiKeyPlace::None => None,
        ApiKeyPlace::Header(name) => headers.remove(name),
        ApiKeyPlace::Bearer => {
            let value = headers.remove(AUTHORIZATION)?;
            HeaderValue::from_bytes(value.as_bytes().strip_prefix(b"Bearer ")?).ok()
        }
        ApiKeyPlace::Basic => {
            let value = headers.remove(AUTHORIZATION)?;
            HeaderValue::from_bytes(&STANDARD.decode(value.as_bytes().strip_prefix(b"Basic ")?).ok()?).ok()
        }
    }
}

/// The request of one attempt, as it would have been sent.
///
/// `Debug` shows operation, method and path, and hides headers and body.
#[derive(Clone)]
pub struct RecordedRequest {
    operation: &'static str,
    method: Method,
    path: String,
    headers: HeaderMap,
    api_key: Option<HeaderValue>,
    body: Bytes,
}

impl RecordedRequest {
    pub(crate) fn new(operation: &Operation, request: &reqwest::Request) -> Self {
        let (url, mut headers) = (request.url(), request.headers().clone());
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        Self {
            operation: operation.id,
            method: operation.method,
            path: format!("{}{query}", url.path()),
            api_key: api_key(operation, &mut headers),
            headers,
            body: Bytes::copy_from_slice(body),
        }
    }

    /// Returns the operation, such as `update_ticket_metadata`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Returns the path with its query, if any.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns all headers except that of the API key.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns `true` if the request has this API key.
    pub fn has_api_key(&self, api_key: &str) -> bool {
        self.api_key.as_ref().is_some_and(|value| value == api_key)
    }

    /// Returns the body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Parses the body as JSON: as `serde_json::Value`, or as a type of [`raw::types`](crate::raw::types).
    ///
    /// # Errors
    ///
    /// Returns the error of `serde_json` if the body is not JSON of this type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split_once('?').map_or(self.path.as_str(), |(path, _)| path);
        f.debug_struct("RecordedRequest")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &path)
            .field("headers", &self.headers.len())
            .field("body_len", &self.body.len())
            .finish()
    }
}

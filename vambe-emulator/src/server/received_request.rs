//! A received request, for tests to inspect.

use std::{fmt, time::SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, request::Parts};

use super::endpoint::API_KEY_HEADER;
use crate::fault::Fault;

/// A request that the emulator received.
///
/// `Debug` shows the method, the path without its query, the names of the headers, the size of the
/// body and the status. It hides the values of the headers, the query and the body; `Debug` of
/// [`headers`](Self::headers) hides the API key.
#[derive(Clone)]
pub struct ReceivedRequest {
    arrived: SystemTime,
    method: Method,
    path: String,
    headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) status: Option<StatusCode>,
    pub(super) finished: bool,
    fault: Fault,
    pub(super) applied: Option<SystemTime>,
}

impl ReceivedRequest {
    pub(super) fn new(head: &Parts, fault: Fault, arrived: SystemTime) -> Self {
        let mut headers = head.headers.clone();
        for (name, value) in &mut headers {
            // A value of hyper keeps the whole buffer of its connection.
            if let Ok(copy) = HeaderValue::from_bytes(value.as_bytes()) {
                *value = copy;
            }
            value.set_sensitive(name == API_KEY_HEADER);
        }
        // Only the target of CONNECT, a host and a port, has no path.
        let path = match head.uri.path_and_query() {
            Some(path) => path.as_str().to_owned(),
            None => head.uri.to_string(),
        };
        Self {
            arrived,
            method: head.method.clone(),
            path,
            headers,
            body: Vec::new(),
            status: None,
            finished: false,
            fault,
            applied: None,
        }
    }

    /// Returns a copy without the headers, which are most of the cost of a copy.
    #[cfg(feature = "program")]
    pub(super) fn without_headers(&self) -> Self {
        Self {
            arrived: self.arrived,
            method: self.method.clone(),
            path: self.path.clone(),
            headers: HeaderMap::new(),
            body: self.body.clone(),
            status: self.status,
            finished: self.finished,
            fault: self.fault.clone(),
            applied: self.applied,
        }
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path with its query, if any.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the time at which the head of the request had arrived.
    ///
    /// Two times of the log are exactly as far apart as the requests: a correction of the system clock by less than a second
    /// does not show in them.
    pub fn arrived(&self) -> SystemTime {
        self.arrived
    }

    /// Returns all headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body as far as it arrived, decoded from chunks and limited to the first 100 KiB.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Parses the body as JSON.
    ///
    /// # Errors
    ///
    /// Returns the error of [`serde_json`] if the body is not JSON.
    pub fn json(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// Returns the status of the response, or `None` without a response: the body is still
    /// arriving, a latency delays the response, the fault never responds, or the client left early.
    ///
    /// The status is recorded before the response is sent: a client that has the response finds
    /// its status here.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Returns `true` once the outcome is known: the response, or the end of the request without one,
    /// by a fault or because the client has left.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// Returns the fault of the request, or `None` if it got its usual response.
    ///
    /// A fault that applies the update does not affect a rejected request, which gets its usual
    /// error after the latency, if any. A request that [`Builder::limit`](crate::Builder::limit)
    /// refuses meets no fault.
    pub fn fault(&self) -> Option<&Fault> {
        (!self.fault.is_none()).then_some(&self.fault)
    }

    /// Returns the time at which the update was applied, even if the client got no response; `None`
    /// if it was not.
    pub fn applied(&self) -> Option<SystemTime> {
        self.applied
    }
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split_once('?').map_or(self.path.as_str(), |(path, _)| path);
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("path", &path)
            // `Debug` of the iterator itself would show the values too.
            .field("header_names", &self.headers.keys().map(HeaderName::as_str).collect::<Vec<_>>())
            .field("body", &format_args!("<{} bytes>", self.body.len()))
            .field("status", &self.status)
            .field("fault", &self.fault())
            .field("applied", &self.applied.is_some())
            .finish()
    }
}

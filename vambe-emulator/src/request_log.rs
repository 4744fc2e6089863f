//! The requests that reached the emulator, for tests to look at.

use std::fmt;

use http::{HeaderMap, HeaderName, Method, StatusCode, request::Parts};

use crate::{endpoint::API_KEY_HEADER, fault::Fault};

/// A request as it reached the emulator.
///
/// `Debug` shows the method, the path without its query, the names of the headers, the size of the
/// body and the status. It hides the values of the headers, the query and the body; `Debug` of
/// [`headers`](Self::headers) hides the API key.
#[derive(Clone)]
pub struct ReceivedRequest {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
    status: Option<StatusCode>,
    fault: Fault,
    applied: bool,
}

impl ReceivedRequest {
    fn new(head: &Parts, fault: Fault) -> Self {
        let mut headers = head.headers.clone();
        for (name, value) in &mut headers {
            value.set_sensitive(name == API_KEY_HEADER);
        }
        // Only the target of CONNECT has no path; its text is a host and a port.
        let path = match head.uri.path_and_query() {
            Some(path) => path.as_str().to_owned(),
            None => head.uri.to_string(),
        };
        Self { method: head.method.clone(), path, headers, body: Vec::new(), status: None, fault, applied: false }
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path, with the query if there is one.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as far as it arrived, without its transfer coding; at most its first 100 KiB.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body, read as JSON.
    ///
    /// # Errors
    ///
    /// The error of [`serde_json`] if the body is not JSON.
    pub fn json(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// The status that was answered, or `None` while there is no answer: the body is still arriving,
    /// the time of a latency passes, or the fault is one without an answer.
    ///
    /// Written before the answer is sent: who has the answer to a request finds its status here.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The fault that met the request, or `None` if it was answered as ever.
    ///
    /// A fault that applies the update first meets no request that is refused: that one gets its
    /// refusal, after the latency if there is one.
    pub fn fault(&self) -> Option<&Fault> {
        (!self.fault.is_none()).then_some(&self.fault)
    }

    /// Whether the request changed a ticket, whatever became of its answer.
    pub fn applied(&self) -> bool {
        self.applied
    }
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split_once('?').map_or(self.path.as_str(), |(path, _)| path);
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("path", &path)
            // As text: `Debug` of the iterator itself shows the values too.
            .field("header_names", &self.headers.keys().map(HeaderName::as_str).collect::<Vec<_>>())
            .field("body", &format_args!("<{} bytes>", self.body.len()))
            .field("status", &self.status)
            .field("fault", &self.fault())
            .field("applied", &self.applied)
            .finish()
    }
}

/// All requests in order of arrival.
#[derive(Default)]
pub(crate) struct RequestLog {
    entries: Vec<(Arrival, ReceivedRequest)>,
    arrivals: u64,
}

/// Finds an entry again, unless it was cleared meanwhile.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrival(u64);

impl RequestLog {
    /// Adds a request whose body is still to come.
    pub(crate) fn arrived(&mut self, head: &Parts, fault: Fault) -> Arrival {
        let arrival = Arrival(self.arrivals);
        self.arrivals += 1;
        self.entries.push((arrival, ReceivedRequest::new(head, fault)));
        arrival
    }

    /// The body has come, and it is decided what becomes of the request.
    pub(crate) fn decided(&mut self, arrival: Arrival, body: Vec<u8>, applied: bool) {
        if let Some(entry) = self.entry(arrival) {
            entry.body = body;
            entry.applied = applied;
        }
    }

    pub(crate) fn answered(&mut self, arrival: Arrival, status: StatusCode) {
        if let Some(entry) = self.entry(arrival) {
            entry.status = Some(status);
        }
    }

    fn entry(&mut self, arrival: Arrival) -> Option<&mut ReceivedRequest> {
        let place = self.entries.binary_search_by_key(&arrival, |(id, _)| *id).ok()?;
        self.entries.get_mut(place).map(|(_, entry)| entry)
    }

    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.entries.iter().map(|(_, request)| request.clone()).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}

//! The answer to a request that succeeded.

use std::fmt;

use reqwest::{StatusCode, header::HeaderMap};

/// The answer to a request that succeeded: any status from 200 to 299.
///
/// # Example
///
/// ```
/// # use vambe_api::{Client, Error, Metadata, TicketRef};
/// # async fn example(client: Client, ticket: TicketRef) -> Result<(), Error> {
/// let response = client.update_ticket_metadata(ticket, Metadata::from([("status", "escalated")])).await?;
/// if response.status() != 200 {
///     println!("applied, but answered {}", response.status());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    body: Option<T>,
    attempts: u32,
}

impl<T> Response<T> {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Option<T>, attempts: u32) -> Self {
        Self { status, headers, body, attempts }
    }

    /// How many attempts it took, this one included: 1 if the first one succeeded.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The id that the server or a proxy before it has given the request, to be told to its support.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The HTTP status, from 200 to 299. The page documents 200; others are taken as success too, since the frameworks
    /// that such servers are written in differ in their default, and an applied update must not look like a failure.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, if it is the documented one. Anything else, such as an empty body, does not make a success a failure.
    pub fn body(&self) -> Option<&T> {
        self.body.as_ref()
    }

    /// The body by value, if it is the documented one.
    pub fn into_body(self) -> Option<T> {
        self.body
    }
}

/// Shows the status, the number of the headers and the body: names and values of headers may repeat what was sent.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers.len())
            .field("body", &self.body)
            .field("attempts", &self.attempts)
            .finish()
    }
}

/// By the usual names of the header, the most specific one first.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
}

//! The response to a request that succeeded.

use std::fmt;

use reqwest::{StatusCode, header::HeaderMap};

/// The response to a request that succeeded: any status from 200 to 299.
///
/// # Example
///
/// ```
/// # use vambe_api::{Client, Error, TicketRef};
/// # async fn example(client: Client, ticket: TicketRef) -> Result<(), Error> {
/// let response = client.update_ticket_metadata(ticket, [("status", "escalated")]).await?;
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

    /// Returns the number of attempts, including the successful one.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the id that the server or a proxy gave the request, for a support ticket.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// Returns the HTTP status, from 200 to 299.
    ///
    /// The published page documents 200. The others count as success too, since server frameworks differ in their defaults, and
    /// an applied update must not look like a failure.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body, if it has the documented form. Any other body, such as an empty one, is still a success.
    pub fn body(&self) -> Option<&T> {
        self.body.as_ref()
    }

    /// Returns the body by value, if it has the documented form.
    pub fn into_body(self) -> Option<T> {
        self.body
    }
}

/// Shows the status, the body and the number of headers: names and values of headers may repeat private values.
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

/// Returns the request id from the first of the usual headers, the most specific one first.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
}

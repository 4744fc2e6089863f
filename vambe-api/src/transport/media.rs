//! Responses whose body is not JSON.

use reqwest::StatusCode;

use super::{Request, Transport};
use crate::{Drift, Error, Operation, Response, body::Body, drift};

/// Reads the body of a success, and reports differences from the document.
pub(super) type ReadBody<T> = fn(&Operation, StatusCode, &Body, &dyn Fn(Drift)) -> Option<T>;

impl Transport {
    /// Sends a request as [`send`](Self::send) does, whose response is text. It has no body if it is not UTF-8 or incomplete.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    pub async fn send_text(&self, request: Request<'_>) -> Result<Response<String>, Error> {
        self.send_and_read(request, drift::read_text).await
    }

    /// Sends a request as [`send`](Self::send) does, whose response is any bytes. It has no body if it is incomplete.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    pub async fn send_bytes(&self, request: Request<'_>) -> Result<Response<Vec<u8>>, Error> {
        self.send_and_read(request, drift::read_bytes).await
    }
}

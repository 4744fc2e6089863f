//! Reading the body of an answer: never more than a bound, never beyond a deadline, and never losing what came before.

use reqwest::Response;
use tokio::time::{Instant, timeout_at};

/// What could be read of a body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// Whether there was more: it was too long, broke off, or did not come in time.
    pub(crate) cut: bool,
}

impl Body {
    /// Reads up to `max_bytes` until the deadline. What the server says of the length is not relied on.
    pub(crate) async fn read(mut response: Response, max_bytes: usize, deadline: Instant) -> Self {
        let mut body = Self::default();
        loop {
            match timeout_at(deadline, response.chunk()).await {
                Ok(Ok(None)) => return body,
                Ok(Ok(Some(chunk))) => {
                    let room = max_bytes - body.bytes.len();
                    body.bytes.extend(chunk.iter().take(room));
                    if chunk.len() > room {
                        body.cut = true;
                        return body;
                    }
                }
                // The status has come already, and tells more than this would.
                Ok(Err(_)) | Err(_) => {
                    body.cut = true;
                    return body;
                }
            }
        }
    }
}

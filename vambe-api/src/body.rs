//! Reads the body of a response: up to a bound, and keeping what was read before a failure.

use reqwest::Response;

/// A body, as far as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// True if the body is incomplete: it was too long, or the connection was lost or timed out.
    pub(crate) cut: bool,
}

impl Body {
    /// Reads up to `max_bytes`, whatever the `Content-Length` is. If the future is dropped, the body keeps what was read by then
    /// and counts as cut.
    pub(crate) async fn read(&mut self, response: &mut Response, max_bytes: usize) {
        while let Ok(chunk) = response.chunk().await {
            let Some(mut chunk) = chunk else {
                self.cut = false;
                return;
            };
            let whole = chunk.len();
            chunk.truncate(max_bytes - self.bytes.len());
            self.bytes.extend_from_slice(&chunk);
            if chunk.len() < whole {
                return;
            }
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self { bytes: Vec::new(), cut: true }
    }
}

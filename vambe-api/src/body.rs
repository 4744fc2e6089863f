//! Reading the body of an answer: never more than a bound, and never losing what came before.

use reqwest::Response;

/// What could be read of a body.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// Whether there was more: it was too long, broke off, or did not come in time.
    pub(crate) cut: bool,
}

impl Body {
    /// Reads up to `max_bytes`. What the server says of the length is not relied on. When the future is dropped, what has come
    /// by then is in the body, which counts as cut.
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

/// Of which nothing is known yet.
impl Default for Body {
    fn default() -> Self {
        Self { bytes: Vec::new(), cut: true }
    }
}

//! Reads the body of a response: up to a bound, and keeping what was read before a failure.

use std::mem;

use bytes::{Bytes, BytesMut};
use reqwest::Response;

/// A body, as far as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
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
            let is_cut = chunk.len() < whole;
            self.append(chunk);
            if is_cut {
                return;
            }
        }
    }

    /// Copies the bytes: the first chunk, which most bodies consist of, shares the memory of the connection's whole buffer.
    pub(crate) fn detach(&mut self) {
        self.bytes = Bytes::copy_from_slice(&self.bytes);
    }

    fn append(&mut self, chunk: Bytes) {
        if self.bytes.is_empty() {
            self.bytes = chunk;
            return;
        }
        // Copies the first chunk only: later the memory is not shared.
        let mut joined = BytesMut::from(mem::take(&mut self.bytes));
        joined.extend_from_slice(&chunk);
        self.bytes = joined.freeze();
    }
}

impl Default for Body {
    fn default() -> Self {
        Self { bytes: Bytes::new(), cut: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined_in_order() {
        for chunks in [vec![], vec!["one"], vec!["", "one"], vec!["one", "", "two", "three"]] {
            let mut body = Body::default();
            chunks.iter().for_each(|chunk| body.append(Bytes::from(*chunk)));
            assert_eq!(body.bytes, chunks.concat());
            body.detach();
            assert_eq!(body.bytes, chunks.concat());
        }
    }

    #[test]
    fn a_detached_body_does_not_hold_the_buffer_of_its_connection() {
        let buffer = Bytes::from(vec![b'a'; 1_000]);
        let mut body = Body::default();
        body.append(buffer.slice(..10));
        assert!(!buffer.is_unique());
        body.detach();
        assert!(buffer.is_unique());
    }
}

//! Reading the body of a request, whatever its size and however it ends.

use std::{future::poll_fn, pin::Pin};

use hyper::body::{Body as _, Incoming};

/// The most bytes of a body that are read as JSON: the default of NestJS.
pub(crate) const BODY_LIMIT: usize = 100 * 1024;

/// A body as far as it is kept: at most [`BODY_LIMIT`] bytes.
#[derive(Default)]
pub(crate) struct Body {
    bytes: Vec<u8>,
    end: End,
}

/// How a body ended.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum End {
    /// As its framing promised, within the limit.
    #[default]
    Complete,
    /// As its framing promised; what is above the limit was thrown away.
    TooLarge,
    /// Before its framing promised, or with a broken chunk.
    CutOff,
}

impl Body {
    /// Reads a body to its end.
    ///
    /// To the end even above the limit: an answer sent before the client has finished would be
    /// followed by a reset, which can destroy the answer before the client reads it.
    pub(crate) async fn read(mut source: Incoming) -> Self {
        let mut body = Self::default();
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut source).poll_frame(cx)).await {
            match frame.map(|frame| frame.into_data()) {
                Ok(Ok(data)) => body.push(&data),
                // Trailers.
                Ok(Err(_)) => {}
                Err(_) => {
                    body.end = End::CutOff;
                    break;
                }
            }
        }
        body
    }

    fn push(&mut self, data: &[u8]) {
        let room = BODY_LIMIT - self.bytes.len();
        if data.len() > room {
            self.end = End::TooLarge;
        }
        self.bytes.extend(data.iter().take(room));
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(crate) fn end(&self) -> End {
        self.end
    }
}

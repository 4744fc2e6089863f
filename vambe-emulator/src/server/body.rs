//! Reading the body of a request of any size.

use std::{future::poll_fn, pin::Pin};

use hyper::body::{Body as _, Incoming};
use tokio::time::timeout;

use super::connection::PATIENCE;

/// The maximum size of an update's body in bytes, the default of NestJS.
pub(super) const BODY_LIMIT: usize = 100 * 1024;

/// The first bytes of a body, up to a limit.
#[derive(Default)]
pub(crate) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) end: End,
}

/// The end of a body.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum End {
    /// Complete and within the limit.
    #[default]
    Complete,
    /// Complete; the bytes above the limit were discarded.
    TooLarge,
    /// Ended early, with an invalid chunk, or with a long silence.
    CutOff,
}

impl Body {
    /// Reads a body to its end, even above the limit.
    ///
    /// A response sent before the client has finished would be followed by a reset, which can
    /// discard the response before the client reads it.
    pub(crate) async fn read(mut source: Incoming, limit: usize) -> Self {
        let mut body = Self::default();
        loop {
            match timeout(PATIENCE, poll_fn(|cx| Pin::new(&mut source).poll_frame(cx))).await {
                Ok(None) => break,
                Ok(Some(Ok(frame))) => {
                    // Other frames are trailers.
                    if let Ok(data) = frame.into_data() {
                        body.push(&data, limit);
                    }
                }
                Ok(Some(Err(_))) | Err(_) => {
                    body.end = End::CutOff;
                    break;
                }
            }
        }
        body
    }

    /// Returns the bytes if the body is complete.
    #[cfg(feature = "control")]
    pub(crate) fn complete(self) -> Option<Vec<u8>> {
        (self.end == End::Complete).then_some(self.bytes)
    }

    fn push(&mut self, data: &[u8], limit: usize) {
        let room = limit - self.bytes.len();
        if data.len() > room {
            self.end = End::TooLarge;
        }
        self.bytes.extend(data.iter().take(room));
    }
}

//! The body of a response, which a fault can cut, pad or slow down.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// The padding of a body: JSON may end in any number of spaces.
static SPACES: [u8; 16 * 1024] = [b' '; 16 * 1024];

/// The bytes of a body, and the way they are sent.
pub(crate) struct Payload {
    text: Bytes,
    /// The number of spaces after the text; `u64::MAX` is practically endless.
    padding: u64,
    /// The maximum number of bytes per frame, and the pause after each frame.
    piece: usize,
    pause: Duration,
    /// The pause before the first byte; it begins when the body may be sent.
    delay: Option<Duration>,
    pausing: Option<Pin<Box<Sleep>>>,
    end: End,
}

/// The event after the last byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The regular end of the body.
    Complete,
    /// The end of the connection, once all bytes so far have been flushed.
    Break { flushed: bool },
    /// Nothing; the connection stays open.
    Hang,
}

impl Payload {
    pub(super) fn new(text: Vec<u8>) -> Self {
        let text = Bytes::from(text);
        Self {
            text,
            padding: 0,
            piece: usize::MAX,
            pause: Duration::ZERO,
            delay: None,
            pausing: None,
            end: End::Complete,
        }
    }

    /// Creates a body that breaks off in the middle.
    pub(super) fn cut(mut text: Vec<u8>) -> Self {
        text.truncate(text.len() / 2);
        Self { end: End::Break { flushed: false }, ..Self::new(text) }
    }

    /// Creates a body that sends this text and never ends.
    pub(super) fn hanging(text: Vec<u8>) -> Self {
        Self { end: End::Hang, ..Self::new(text) }
    }

    /// Pads the text with spaces to this size.
    pub(super) fn padded_to(self, size: u64) -> Self {
        let padding = size.saturating_sub(self.text.len() as u64);
        Self { padding, ..self }
    }

    /// Sends at most `piece` bytes at a time, with a pause after each piece.
    pub(super) fn paced(self, piece: usize, pause: Duration) -> Self {
        Self { piece, pause, ..self }
    }

    /// Sends nothing before this delay, which begins after the head.
    pub(super) fn starting_after(self, delay: Duration) -> Self {
        Self { delay: Some(delay), ..self }
    }

    /// Takes the next bytes; empty once everything was sent.
    fn next_piece(&mut self) -> Bytes {
        if !self.text.is_empty() {
            return self.text.split_to(self.piece.min(self.text.len()));
        }
        let spaces = usize::try_from(self.padding).unwrap_or(usize::MAX).min(self.piece).min(SPACES.len());
        self.padding -= spaces as u64;
        Bytes::from_static(SPACES.get(..spaces).unwrap_or_default())
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = BodyBrokenOff;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyBrokenOff>>> {
        if let Some(delay) = self.delay.take() {
            self.pausing = Some(Box::pin(sleep(delay)));
        }
        if let Some(pausing) = &mut self.pausing {
            ready!(pausing.as_mut().poll(cx));
            self.pausing = None;
        }
        let piece = self.next_piece();
        if !piece.is_empty() {
            self.pausing = (!self.pause.is_zero()).then(|| Box::pin(sleep(self.pause)));
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        match self.end {
            End::Complete => Poll::Ready(None),
            End::Break { flushed: true } => Poll::Ready(Some(Err(BodyBrokenOff))),
            End::Break { flushed: false } => {
                // An error discards buffered bytes; waiting once lets hyper flush them first.
                self.end = End::Break { flushed: true };
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            // Ends only with the connection.
            End::Hang => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.end == End::Complete && self.text.is_empty() && self.padding == 0
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            // An unknown length makes hyper send chunks.
            End::Complete if self.padding > u64::from(u32::MAX) => SizeHint::default(),
            End::Complete => SizeHint::with_exact(self.text.len() as u64 + self.padding),
            // The fault sets `Content-Length` itself.
            End::Break { .. } | End::Hang => SizeHint::default(),
        }
    }
}

/// Ends the body and, with it, the connection.
#[derive(Debug)]
pub(crate) struct BodyBrokenOff;

impl fmt::Display for BodyBrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault breaks off the body")
    }
}

impl Error for BodyBrokenOff {}

//! The body of an answer: whole, or with what a fault makes of it.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// What follows a text that is padded: JSON can end in any number of spaces.
static SPACES: [u8; 16 * 1024] = [b' '; 16 * 1024];

/// The bytes of a body, and how they get onto the wire.
pub(crate) struct Payload {
    text: Bytes,
    /// The spaces after the text; as good as endless if it is the greatest number.
    padding: u64,
    /// The most bytes at a time, and the pause after them.
    piece: usize,
    pause: Duration,
    pausing: Option<Pin<Box<Sleep>>>,
    end: End,
}

/// What comes after the last byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The end that the framing promised.
    Complete,
    /// The end of the connection, once everything so far has been handed to the system.
    Break { flushed: bool },
    /// Nothing at all, on an open connection.
    Hang,
}

impl Payload {
    pub(crate) fn new(text: Vec<u8>) -> Self {
        let text = Bytes::from(text);
        Self { text, padding: 0, piece: usize::MAX, pause: Duration::ZERO, pausing: None, end: End::Complete }
    }

    /// Breaks off in the middle.
    pub(crate) fn cut(mut text: Vec<u8>) -> Self {
        text.truncate(text.len() / 2);
        Self { end: End::Break { flushed: false }, ..Self::new(text) }
    }

    /// Never ends, and sends nothing more.
    pub(crate) fn hanging(text: Vec<u8>) -> Self {
        Self { end: End::Hang, ..Self::new(text) }
    }

    /// Fills up with spaces to this size.
    pub(crate) fn padded_to(self, size: u64) -> Self {
        let padding = size.saturating_sub(self.text.len() as u64);
        Self { padding, ..self }
    }

    /// Sends no more than `piece` bytes at a time, and pauses after them.
    pub(crate) fn paced(self, piece: usize, pause: Duration) -> Self {
        Self { piece, pause, ..self }
    }

    /// The next bytes; none if all of them are sent.
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
    type Error = BrokenOff;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
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
            End::Break { flushed: true } => Poll::Ready(Some(Err(BrokenOff))),
            End::Break { flushed: false } => {
                // An error takes down what is still buffered; a wait lets it be written before.
                self.end = End::Break { flushed: true };
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            // Woken by the client's end of the connection only, or by the end of the emulator.
            End::Hang => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.end == End::Complete && self.text.is_empty() && self.padding == 0
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            // Chunked, since no length is known.
            End::Complete if self.padding > u64::from(u32::MAX) => SizeHint::default(),
            End::Complete => SizeHint::with_exact(self.text.len() as u64 + self.padding),
            // The length in the head is that of the fault.
            End::Break { .. } | End::Hang => SizeHint::default(),
        }
    }
}

/// The body ends here, and with it the connection.
#[derive(Debug)]
pub(crate) struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fault breaks the body off")
    }
}

impl Error for BrokenOff {}

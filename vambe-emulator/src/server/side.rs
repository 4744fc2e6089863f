//! Requests that are not for the API: the hook through which the control API answers them.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response, Uri};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
#[cfg(feature = "page")]
use tokio::sync::mpsc;

use super::{
    payload::{BodyBrokenOff, Payload},
    shared::Shared,
};

/// Takes some requests out of the way of the API: they are not recorded and meet no fault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    /// Returns `true` for a request that `answer` takes.
    pub(crate) owns: fn(&Uri) -> bool,
    pub(crate) answer: fn(Arc<Shared>, Request<Incoming>) -> Answer,
}

/// The response to come.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Response<ServerBody>> + Send>>;

/// The body of any response.
pub(crate) enum ServerBody {
    Payload(Payload),
    /// Pieces that a task sends. The body ends when the task drops its sender.
    #[cfg(feature = "page")]
    Pieces(mpsc::Receiver<Bytes>),
}

#[cfg(feature = "control")]
impl ServerBody {
    pub(crate) fn whole(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Payload(Payload::new(bytes.into()))
    }
}

impl Body for ServerBody {
    type Data = Bytes;
    type Error = BodyBrokenOff;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyBrokenOff>>> {
        match self.get_mut() {
            Self::Payload(payload) => Pin::new(payload).poll_frame(cx),
            #[cfg(feature = "page")]
            Self::Pieces(pieces) => pieces.poll_recv(cx).map(|piece| piece.map(|bytes| Ok(Frame::data(bytes)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Payload(payload) => payload.is_end_stream(),
            #[cfg(feature = "page")]
            Self::Pieces(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Payload(payload) => payload.size_hint(),
            #[cfg(feature = "page")]
            Self::Pieces(_) => SizeHint::default(),
        }
    }
}

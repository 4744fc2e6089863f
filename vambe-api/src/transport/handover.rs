//! A request body that notices when a connection takes it, to find out whether a timed-out attempt was still connecting.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Instant;

/// Decides once whether a request was handed to a connection, or given up before that.
///
/// The HTTP library polls a body when it has a connection, new or pooled, and before it sends the first byte. The connection
/// and the time-out both try to decide, and the first one wins: a request that was given up is never sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Handover(Arc<OnceLock<By>>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    Connection,
    TimeOut,
}

impl Handover {
    /// Watches an attempt that may time out while connecting. Returns `None` if the connect time-out ends first.
    pub(super) fn watch(deadline: Instant, connect_timeout: Duration) -> Option<Self> {
        // Twice the time-out, since connecting starts later than the attempt.
        let left = deadline.saturating_duration_since(Instant::now());
        (left < connect_timeout.saturating_mul(2)).then(Self::default)
    }

    /// Returns a watched body with these bytes.
    pub(super) fn body(&self, bytes: Option<Bytes>) -> reqwest::Body {
        reqwest::Body::wrap(Watched { bytes: bytes.filter(|bytes| !bytes.is_empty()), handover: self.clone() })
    }

    /// Gives the request up. Returns `true` if no connection has taken it, so that nothing was or will be sent.
    pub(super) fn give_up(&self) -> bool {
        *self.0.get_or_init(|| By::TimeOut) == By::TimeOut
    }

    /// Hands the request to a connection. Returns `false` if it was given up before.
    pub(super) fn is_taken(&self) -> bool {
        *self.0.get_or_init(|| By::Connection) == By::Connection
    }
}

struct Watched {
    bytes: Option<Bytes>,
    handover: Handover,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = GivenUp;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, GivenUp>>> {
        Poll::Ready(match self.handover.is_taken() {
            true => self.bytes.take().map(|bytes| Ok(Frame::data(bytes))),
            // On an error, the library closes the connection without writing the request.
            false => Some(Err(GivenUp)),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.handover.is_taken() && self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match self.handover.0.get() {
            // An unknown size, so that the library polls the body even if it is empty.
            Some(By::TimeOut) => SizeHint::default(),
            // Does not decide: the library asks for the size before it has a connection.
            _ => SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
        }
    }
}

/// The error of the body of a request that was given up. Nothing awaits the request any more.
#[derive(Debug)]
struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time-out ended before the request was sent")
    }
}

impl std::error::Error for GivenUp {}

#[cfg(test)]
mod tests {
    use std::{io::Read as _, net::TcpListener, task::Waker};

    use super::*;

    fn poll(body: &mut Watched) -> Option<Result<Bytes, String>> {
        match Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(frame) => frame.map(|frame| match frame {
                Ok(frame) => Ok(frame.into_data().unwrap()),
                Err(error) => Err(error.to_string()),
            }),
            Poll::Pending => panic!("all of it is there"),
        }
    }

    /// Invariant: an attempt that timed out while connecting is not sent.
    #[test]
    fn the_first_of_connection_and_time_out_decides() {
        for bytes in [Some(Bytes::from_static(b"a")), None] {
            let handover = Handover::default();
            let mut body = Watched { bytes: bytes.clone(), handover: handover.clone() };
            let size = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
            assert_eq!(body.size_hint().exact(), Some(size), "this asks without taking it");
            assert_eq!(body.is_end_stream(), bytes.is_none());
            assert!(!handover.give_up(), "a connection has it");
            assert_eq!(poll(&mut body), bytes.clone().map(Ok));
            assert!(body.is_end_stream());

            let handover = Handover::default();
            let mut body = Watched { bytes, handover: handover.clone() };
            assert!(handover.give_up() && handover.give_up());
            assert_eq!((body.is_end_stream(), body.size_hint().exact()), (false, None));
            assert!(poll(&mut body).unwrap().is_err(), "it must not be sent any more");
        }
    }

    #[tokio::test]
    async fn the_server_sees_nothing_of_a_request_given_up() {
        for (bytes, given_up) in [(Some("a body"), true), (None, true), (Some("a body"), false), (None, false)] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let server = tokio::task::spawn_blocking(move || {
                let (mut stream, _) = listener.accept().unwrap();
                // The end of the connection, or the first bytes of the request.
                stream.read(&mut [0; 1024]).unwrap()
            });
            let client = crate::Client::builder().api_key("k").base_url(&url).build().unwrap();
            let handover = Handover::default();
            assert!(!given_up || handover.give_up());
            let request = client.raw().transport().http().post(&url).body(handover.body(bytes.map(Bytes::from)));
            request.send().await.unwrap_err();
            assert_eq!(server.await.unwrap() == 0, given_up, "{bytes:?}");
            assert_eq!(handover.give_up(), given_up);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_with_the_default_time_outs_is_not_watched() {
        let s = Duration::from_secs;
        for (left, watched) in [(15, false), (10, false), (9, true), (0, true)] {
            assert_eq!(Handover::watch(Instant::now() + s(left), s(5)).is_some(), watched, "{left}");
        }
        assert!(Handover::watch(Instant::now() + s(60), Duration::MAX).is_some());
    }
}

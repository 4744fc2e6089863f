//! One connection: optional TLS, HTTP/1.1 on top, and the end.

use std::{error::Error as _, future::poll_fn, sync::Arc, time::Duration};

use http::{Request, Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
#[cfg(feature = "tls")]
use tokio::time::timeout;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{app, shared::Shared, side::ServerBody};
use crate::fault::Disconnect;

/// The longest silence of a client whose bytes the server waits for: a handshake, the head of a request, the next piece of
/// its body. A client that has vanished without a word would hold its connection for ever.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// The layer below HTTP.
#[derive(Clone)]
pub(crate) enum Transport {
    Plain,
    #[cfg(feature = "tls")]
    Tls(super::tls::SelfSigned),
}

impl Transport {
    pub(crate) fn scheme(&self) -> &'static str {
        match self {
            Self::Plain => "http",
            #[cfg(feature = "tls")]
            Self::Tls(_) => "https",
        }
    }

    #[cfg(feature = "tls")]
    pub(crate) fn certificate_pem(&self) -> Option<&str> {
        match self {
            Self::Plain => None,
            Self::Tls(certificate) => Some(certificate.pem()),
        }
    }

    /// Serves a connection until it ends.
    pub(crate) async fn serve(self, stream: TcpStream, shared: Arc<Shared>) {
        let _open = shared.connected();
        // Otherwise the system may join the pieces of a slow body.
        let _ = stream.set_nodelay(true);
        match self {
            Self::Plain => serve(stream, &shared).await,
            #[cfg(feature = "tls")]
            // A client that does not trust the certificate ends the handshake.
            Self::Tls(certificate) => {
                if let Ok(Ok(stream)) = timeout(PATIENCE, certificate.accept(stream)).await {
                    serve(stream, &shared).await;
                }
            }
        }
    }
}

/// A stream of bytes on top of a TCP socket.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin {
    fn tcp(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

async fn serve(socket: impl Socket, shared: &Arc<Shared>) {
    let service = service_fn(|request| Box::pin(dispatch(shared.clone(), request)));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(socket), service);
    // Without the shutdown, which would turn a reset into a clean close.
    let end = poll_fn(|cx| connection.poll_without_shutdown(cx)).await;
    let mut socket = connection.into_parts().io.into_inner();
    let disconnect = end.as_ref().err().and_then(|error| error.source()).and_then(|cause| cause.downcast_ref());
    if disconnect == Some(&Disconnect::Reset) {
        // The close then sends RST instead of FIN, and drops unsent data.
        let _ = socket.tcp().set_zero_linger();
    } else {
        // The client may have disconnected.
        let _ = socket.shutdown().await;
    }
}

/// Passes the request to the API, unless something in front of it takes it.
async fn dispatch(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<ServerBody>, Disconnect> {
    match shared.side() {
        Some(side) if (side.owns)(request.uri()) => Ok((side.answer)(shared, request).await),
        _ => Ok(app::handle(shared, request).await?.map(ServerBody::Payload)),
    }
}

#[cfg(test)]
mod tests {
    use tokio::{io::AsyncReadExt as _, net::TcpListener, time::Instant};

    use super::*;
    use crate::server::Settings;

    /// Sends this text and nothing more. Returns the response, and the time after which the server closed the connection.
    async fn then_silence(text: &str) -> (String, Duration) {
        let shared = Shared::new(Settings::default()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        client.write_all(text.as_bytes()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let start = Instant::now();
        Transport::Plain.serve(stream, shared.clone()).await;
        let elapsed = start.elapsed();
        assert_eq!(shared.open_connections(), 0);
        let mut received = String::new();
        client.read_to_string(&mut received).await.unwrap();
        (received, elapsed)
    }

    // The paused clock jumps to the next timer once everybody waits.
    #[tokio::test(start_paused = true)]
    async fn a_silent_client_loses_its_connection() {
        for (text, answer) in [
            ("", None),
            ("POST /x HTTP/1.1\r\nhost: a", None),
            ("POST /x HTTP/1.1\r\ncontent-length: 9\r\n\r\n1234", Some("HTTP/1.1 404")),
            ("GET /x HTTP/1.1\r\n\r\n", Some("HTTP/1.1 404")),
        ] {
            let (received, elapsed) = then_silence(text).await;
            assert_eq!(received.get(..12), answer, "{text:?}");
            assert!((PATIENCE..PATIENCE + Duration::from_secs(1)).contains(&elapsed), "{text:?}: {elapsed:?}");
        }
    }
}

//! One connection: optional TLS, HTTP/1.1 on top, and the end.

use std::{error::Error as _, future::poll_fn, sync::Arc};

use http::{Request, Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{app, shared::Shared, side::ServerBody};
use crate::fault::Disconnect;

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
                if let Ok(stream) = certificate.accept(stream).await {
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
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(socket), service);
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

//! One connection: TLS if there is any, HTTP/1.1 on it, and its end.

use std::{error::Error as _, future::poll_fn, sync::Arc};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    app::{self, HangUp},
    shared::Shared,
};

/// What HTTP is spoken on.
#[derive(Clone)]
pub(crate) enum Transport {
    Plain,
    #[cfg(feature = "tls")]
    Tls(crate::tls::SelfSigned),
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

    /// Serves a connection to its end.
    pub(crate) async fn serve(self, stream: TcpStream, shared: Arc<Shared>) {
        let _open = shared.connected();
        // A body that comes in pieces is meant to arrive in pieces.
        let _ = stream.set_nodelay(true);
        match self {
            Self::Plain => serve(stream, &shared).await,
            #[cfg(feature = "tls")]
            // A client that does not trust the certificate says so and goes away.
            Self::Tls(certificate) => {
                if let Ok(stream) = certificate.accept(stream).await {
                    serve(stream, &shared).await;
                }
            }
        }
    }
}

/// A stream of bytes, and the socket below it.
pub(crate) trait Socket: AsyncRead + AsyncWrite + Unpin {
    fn tcp(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

async fn serve(socket: impl Socket, shared: &Arc<Shared>) {
    let service = service_fn(|request| Box::pin(app::handle(shared.clone(), request)));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(socket), service);
    // Without its shutdown, which would come before a reset.
    let end = poll_fn(|cx| connection.poll_without_shutdown(cx)).await;
    let mut socket = connection.into_parts().io.into_inner();
    let hang_up = end.as_ref().err().and_then(|error| error.source()).and_then(|cause| cause.downcast_ref());
    if hang_up == Some(&HangUp::Reset) {
        // Closing it then sends RST instead of FIN, and drops what was not sent yet.
        let _ = socket.tcp().set_zero_linger();
    } else {
        // The client may be gone already.
        let _ = socket.shutdown().await;
    }
}

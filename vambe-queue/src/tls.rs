//! Encrypted connections to the database, with rustls. The server's certificate is always verified.

use std::{
    error, fmt,
    future::Future,
    io,
    path::Path,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::{
    Socket,
    tls::{self, ChannelBinding, MakeTlsConnect, TlsConnect},
};
use tokio_rustls::{
    TlsConnector, client,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject as _},
    },
};

use crate::Error;

type Cause = Box<dyn error::Error + Send + Sync>;

/// Makes encrypted connections.
#[derive(Clone)]
pub(crate) struct Tls(TlsConnector);

impl Tls {
    /// Trusts the certificates of a PEM file, or what the platform trusts.
    pub(crate) fn new(roots: Option<&Path>) -> Result<Self, Error> {
        let mut config = roots.map_or_else(by_platform, by_file).map_err(Error::Tls)?;
        // As libpq does since version 17; older servers ignore it.
        config.alpn_protocols = vec![b"postgresql".to_vec()];
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// Returns true if the error is about encryption, be it a certificate or a server without TLS.
    pub(crate) fn is_cause_of(error: &tokio_postgres::Error) -> bool {
        // The driver exposes the kind of an error by its text only.
        error.to_string() == "error performing TLS handshake"
    }
}

fn by_platform() -> Result<ClientConfig, Cause> {
    // Explicit: a library must not choose the default provider of the process.
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    Ok(config.with_safe_default_protocol_versions()?.with_platform_verifier()?.with_no_client_auth())
}

fn by_file(path: &Path) -> Result<ClientConfig, Cause> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path)? {
        roots.add(certificate?)?;
    }
    if roots.is_empty() {
        return Err("the file of sslrootcert has no certificate in PEM form".into());
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    Ok(config.with_safe_default_protocol_versions()?.with_root_certificates(roots).with_no_client_auth())
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

impl MakeTlsConnect<Socket> for Tls {
    type Stream = Stream;
    type TlsConnect = Named;
    type Error = Cause;

    fn make_tls_connect(&mut self, host: &str) -> Result<Named, Cause> {
        // A socket of this machine has no name, and is not encrypted.
        let host = if host.is_empty() { None } else { Some(ServerName::try_from(host)?.to_owned()) };
        Ok(Named { connector: self.0.clone(), host })
    }
}

/// Makes one connection to a host.
pub(crate) struct Named {
    connector: TlsConnector,
    host: Option<ServerName<'static>>,
}

impl TlsConnect<Socket> for Named {
    type Stream = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move {
            let host = self.host.ok_or_else(|| io::Error::other("the URL has no host name"))?;
            Ok(Stream(self.connector.connect(host, socket).await?))
        })
    }
}

/// An encrypted stream, as the driver wants it.
pub(crate) struct Stream(client::TlsStream<Socket>);

impl tls::TlsStream for Stream {
    fn channel_binding(&self) -> ChannelBinding {
        // It adds nothing to a verified certificate.
        ChannelBinding::none()
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

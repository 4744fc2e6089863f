//! TLS with a self-signed certificate.

use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
    server::TlsStream,
};

use super::connection::Socket;
use crate::error::StartError;

/// The names in the certificate: those of the local machine.
const NAMES: [&str; 3] = ["127.0.0.1", "::1", "localhost"];

/// A self-signed certificate and its key.
#[derive(Clone)]
pub(crate) struct SelfSigned {
    pem: String,
    acceptor: TlsAcceptor,
}

impl SelfSigned {
    pub(crate) fn generate() -> Result<Self, StartError> {
        let certified = rcgen::generate_simple_self_signed(NAMES.map(str::to_owned))
            .map_err(|error| StartError::Certificate(error.into()))?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der()));
        // Explicit: a library must not choose the default provider of the process.
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certified.cert.der().clone()], key))
            .map_err(|error| StartError::Certificate(error.into()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { pem: certified.cert.pem(), acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    pub(crate) async fn accept(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }
}

impl Socket for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

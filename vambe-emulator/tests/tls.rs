//! TLS with a self-signed certificate.

use std::{
    io::{self, ErrorKind, Read as _},
    net::TcpStream,
    sync::Arc,
};

use tokio_rustls::rustls::{
    CertificateError, ClientConfig, ClientConnection, Error, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use vambe_emulator::{Emulator, Fault};

use crate::{
    lifecycle::drop_in_time,
    support::{Call, connect, valid_body},
};

type Stream = StreamOwned<ClientConnection, TcpStream>;

fn start() -> Emulator {
    Emulator::builder().tls_self_signed().start().unwrap()
}

/// Connects as a client that trusts only these certificates.
fn client(emulator: &Emulator, name: &'static str, trusted: &[&str]) -> Stream {
    let mut roots = RootCertStore::empty();
    for pem in trusted {
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name).unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), connect(emulator.address()))
}

fn tls_error(error: &io::Error) -> &Error {
    error.get_ref().unwrap().downcast_ref().unwrap()
}

#[test]
fn a_client_that_trusts_the_certificate_is_served() {
    let emulator = start();
    assert_eq!(emulator.url(), format!("https://{}", emulator.address()));
    for name in ["127.0.0.1", "localhost"] {
        let mut stream = client(&emulator, name, &[emulator.certificate_pem().unwrap()]);
        Call::update(&valid_body()).write(&mut stream);
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.ends_with(r#"{"status":"ok"}"#), "{response}");
    }
    assert_eq!((emulator.updates(), emulator.connections()), (2, 2));
}

#[test]
fn a_client_that_does_not_trust_it_sends_no_request() {
    let (emulator, other) = (start(), start());
    let other = other.certificate_pem().unwrap();
    assert_ne!(emulator.certificate_pem().unwrap(), other);
    for trusted in [&[][..], &[other]] {
        let mut stream = client(&emulator, "127.0.0.1", trusted);
        let error = stream.read(&mut [0]).unwrap_err();
        let Error::InvalidCertificate(reason) = tls_error(&error) else { panic!("{error}") };
        assert!(matches!(reason, CertificateError::UnknownIssuer | CertificateError::BadSignature), "{reason}");
    }
    assert_eq!((emulator.requests().len(), emulator.updates()), (0, 0));
}

#[test]
fn faults_work_on_tls_too() {
    let emulator = start();
    emulator.inject(Fault::reset_after_write());
    let mut stream = client(&emulator, "127.0.0.1", &[emulator.certificate_pem().unwrap()]);
    Call::update(&valid_body()).write(&mut stream);
    assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(emulator.updates(), 1);
}

#[test]
fn plain_http_is_not_served_over_tls() {
    let emulator = start();
    let mut plain = connect(emulator.address());
    Call::update(&valid_body()).write(&mut plain);
    let mut response = Vec::new();
    let _ = plain.read_to_end(&mut response);
    assert!(!response.starts_with(b"HTTP"));

    let _silent = connect(emulator.address());
    drop_in_time(emulator);
}

#[test]
fn there_is_no_certificate_without_tls() {
    assert_eq!(Emulator::start().unwrap().certificate_pem(), None);
}

//! Starting and stopping.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    sync::mpsc,
    thread,
};

use vambe_emulator::{Emulator, StartError};

use crate::support::{Call, PATIENCE, connect, valid_body};

/// Drops the emulator; fails the test instead of hanging.
#[track_caller]
pub(crate) fn drop_in_time(emulator: Emulator) {
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        drop(emulator);
        done.send(()).unwrap();
    });
    is_done.recv_timeout(PATIENCE).expect("the drop hangs or panics");
}

#[test]
fn each_emulator_has_its_own_port() {
    let emulators = [Emulator::start().unwrap(), Emulator::start().unwrap()];
    for emulator in &emulators {
        assert!(emulator.address().ip().is_loopback());
        assert_eq!(emulator.url(), format!("http://{}", emulator.address()));
        Call::update(&valid_body()).send(emulator.address()).assert_updated();
    }
    assert_ne!(emulators[0].address(), emulators[1].address());
}

#[tokio::test]
async fn it_starts_and_stops_inside_a_runtime() {
    let emulator = Emulator::start().unwrap();
    // Blocks the only thread of this runtime.
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    drop(emulator);
}

#[tokio::test(start_paused = true)]
async fn it_responds_while_the_clock_is_paused() {
    let emulator = Emulator::start().unwrap();
    let before = tokio::time::Instant::now();
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    assert_eq!(tokio::time::Instant::now(), before);
}

#[test]
fn it_can_be_shared_between_threads() {
    fn assert_shareable<T: Send + Sync + 'static>() {}
    assert_shareable::<Emulator>();
}

#[test]
fn the_url_of_all_interfaces_is_reachable() {
    for all in ["0.0.0.0:0", "[::]:0"] {
        let address: SocketAddr = all.parse().unwrap();
        // The machine may lack IPv6.
        let Ok(emulator) = Emulator::builder().address(address).start() else { continue };
        let host = emulator.url().strip_prefix("http://").unwrap().parse::<SocketAddr>().unwrap();
        assert!(host.ip().is_loopback());
        Call::update(&valid_body()).send(host).assert_updated();
    }
}

#[test]
fn a_taken_port_is_named_in_the_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    match Emulator::builder().address(address).start() {
        Err(error @ StartError::Bind { .. }) => assert!(error.to_string().contains(&address.to_string())),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_drop_waits_for_no_connection() {
    let emulator = Emulator::start().unwrap();
    let call = Call::update(&valid_body()).without("connection");

    let mut kept_alive = connect(emulator.address());
    kept_alive.write_all(call.head().as_bytes()).unwrap();
    kept_alive.write_all(call.body()).unwrap();
    let mut status_line = [0; "HTTP/1.1 200 OK".len()];
    kept_alive.read_exact(&mut status_line).unwrap();
    assert_eq!(&status_line, b"HTTP/1.1 200 OK");

    let silent = connect(emulator.address());
    let mut half_a_head = connect(emulator.address());
    half_a_head.write_all(b"POST /api").unwrap();
    let mut half_a_body = connect(emulator.address());
    half_a_body.write_all(call.head().as_bytes()).unwrap();
    half_a_body.write_all(&call.body()[..3]).unwrap();

    drop_in_time(emulator);
    for mut stream in [kept_alive, silent, half_a_head, half_a_body] {
        // Closed, or reset if there was unread data.
        if let Err(error) = stream.read_to_end(&mut Vec::new()) {
            assert_ne!(error.kind(), ErrorKind::WouldBlock);
        }
    }
}

#[test]
fn the_port_is_free_again_after_a_drop() {
    // Another test may take the port, or a process that it starts may hold the port for a moment. A
    // port that the drop does not release fails every round.
    let again = (0..20).find_map(|_| {
        let emulator = Emulator::start().unwrap();
        let address = emulator.address();
        Call::update(&valid_body()).send(address).assert_updated();
        drop_in_time(emulator);
        Emulator::builder().address(address).start().ok()
    });
    let emulator = again.expect("the port stays taken");
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    assert_eq!(emulator.requests().len(), 1);
}

#[test]
fn it_survives_invalid_http() {
    let emulator = Emulator::start().unwrap();
    for noise in [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"\r\n\r\nnonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"] {
        let mut stream = connect(emulator.address());
        stream.write_all(noise).unwrap();
        drop(stream);
    }
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
}

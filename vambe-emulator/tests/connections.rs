//! Refusing, counting and closing connections.

use std::{
    io::{ErrorKind, Read as _},
    net::TcpStream,
};

use vambe_emulator::{Emulator, Fault};

use crate::{
    lifecycle::drop_in_time,
    support::{Call, connect, valid_body, wait_until},
};

#[track_caller]
fn assert_refused(emulator: &Emulator) {
    let error = TcpStream::connect(emulator.address()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn refused_connections_are_accepted_again_on_the_same_port() {
    let emulator = Emulator::start().unwrap();
    for round in 1..=3 {
        Call::update(&valid_body()).send(emulator.address()).assert_updated();
        emulator.refuse_connections();
        assert_refused(&emulator);
        // A second call changes nothing.
        emulator.refuse_connections();
        assert_refused(&emulator);
        emulator.accept_connections().unwrap();
        emulator.accept_connections().unwrap();
        Call::update(&valid_body()).send(emulator.address()).assert_updated();
        assert_eq!((emulator.updates(), emulator.connections()), (2 * round, 2 * round));
    }
    assert_eq!(emulator.requests().len(), 6);
}

#[test]
fn open_connections_are_closed_when_connections_are_refused() {
    let emulator = Emulator::start().unwrap();
    let mut idle = connect(emulator.address());
    let mut busy = connect(emulator.address());
    emulator.inject("latency:3600s".parse().unwrap());
    Call::update(&valid_body()).write(&mut busy);
    wait_until(|| emulator.open_connections() == 2 && emulator.updates() == 1);

    emulator.refuse_connections();
    assert_eq!((emulator.open_connections(), emulator.connections()), (0, 2));
    for stream in [&mut idle, &mut busy] {
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    }
    assert_eq!(emulator.requests()[0].status(), None);
}

#[test]
fn a_drop_ends_every_fault_and_leaves_the_port_refused() {
    for spec in ["latency:3600s", "content-length-too-long", "body-endless", "body-slow-drip:every=3600s", "body-large"]
    {
        assert_refused_after_drop(|emulator| {
            emulator.inject_always(spec.parse().unwrap());
            let mut stream = connect(emulator.address());
            Call::update(&valid_body()).write(&mut stream);
            wait_until(|| emulator.updates() == 1);
            Some(stream)
        });
    }
}

#[test]
fn a_drop_while_refusing_leaves_the_port_refused() {
    assert_refused_after_drop(|emulator| {
        emulator.refuse_connections();
        None
    });
}

/// Passes if one of several rounds does, because another test can take the port once it is free.
#[track_caller]
fn assert_refused_after_drop(prepare: impl Fn(&Emulator) -> Option<TcpStream>) {
    let refused = (0..5).any(|_| {
        let emulator = Emulator::start().unwrap();
        let address = emulator.address();
        let stream = prepare(&emulator);
        drop_in_time(emulator);
        // Closed or reset.
        if let Some(Err(error)) = stream.map(|mut stream| stream.read_to_end(&mut Vec::new())) {
            assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        }
        TcpStream::connect(address).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
    });
    assert!(refused, "something still listens");
}

#[test]
fn a_closed_connection_is_not_counted_as_open() {
    let emulator = Emulator::start().unwrap();
    emulator.inject_all([Fault::reset_before_write(), Fault::none(), "content-length-too-long".parse().unwrap()]);
    for _ in 0..3 {
        let mut stream = connect(emulator.address());
        Call::update(&valid_body()).write(&mut stream);
        // The start of the response, or a reset.
        let _ = stream.read(&mut [0; 16]);
    }
    wait_until(|| emulator.open_connections() == 0);
    assert_eq!((emulator.connections(), emulator.updates()), (3, 2));
}

//! The requests and connections that a fault affects.

use std::io::{ErrorKind, Read as _};

use vambe_emulator::{Emulator, Fault, METADATA_PATH};

use crate::support::{Call, connect, valid_body};

#[test]
fn keep_alive_survives_a_complete_response() {
    let emulator = Emulator::start().unwrap();
    emulator.inject_all(["503", "204", "empty-200", "body-slow-drip:every=0s"].map(|spec| spec.parse().unwrap()));
    let mut stream = connect(emulator.address());
    for _ in 0..4 {
        Call::update(&valid_body()).without("connection").write(&mut stream);
    }
    Call::update(&valid_body()).write(&mut stream);
    let mut responses = String::new();
    stream.read_to_string(&mut responses).unwrap();
    assert_eq!(responses.matches("HTTP/1.1 ").count(), 5, "{responses}");
    assert!(responses.ends_with(r#"{"status":"ok"}"#), "{responses}");
    assert_eq!((emulator.updates(), emulator.connections()), (4, 1));
}

#[test]
fn a_fault_that_applies_does_not_hide_a_rejection() {
    let invalid = || Call::update_raw("{").without("x-api-key");
    for (spec, status) in [
        ("none", 401),
        ("latency:1ms", 401),
        ("reset-after-write", 401),
        ("close-after-write", 401),
        ("status:503:after-write", 401),
        ("html-200", 401),
        ("body-cut", 401),
        // Faults that do not apply the update come before all checks.
        ("status:503", 503),
        ("html-200:before-write", 200),
    ] {
        let emulator = Emulator::start().unwrap();
        emulator.inject(spec.parse().unwrap());
        assert_eq!(invalid().send(emulator.address()).status, status, "{spec}");
        let requests = emulator.requests();
        assert_eq!(requests[0].status().unwrap().as_u16(), status, "{spec}");
        assert_eq!((requests[0].applied().is_some(), emulator.updates()), (false, 0), "{spec}");
    }
}

#[test]
fn other_requests_consume_no_fault() {
    let emulator = Emulator::start().unwrap();
    emulator.inject(Fault::reset_before_reading());
    for (method, path) in [("GET", METADATA_PATH), ("POST", "/x")] {
        assert_eq!(Call::new(method, path).send(emulator.address()).status, 404, "{method} {path}");
    }
    let mut stream = connect(emulator.address());
    Call::update(&valid_body()).write(&mut stream);
    assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
}

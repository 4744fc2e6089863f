//! Each fault over a real socket: its effect on the client, and on the update.

use std::{
    io::{ErrorKind, Read as _},
    net::TcpStream,
    time::Duration,
};

use vambe_emulator::{Emulator, Fault, placeholders};

use crate::support::{Call, connect, valid_body, wait_until};

const OK: &str = r#"{"status":"ok"}"#;
const UNAUTHORIZED: &str = r#"{"statusCode":401,"message":"Unauthorized"}"#;
const UNAVAILABLE: &str = r#"{"statusCode":503,"message":"Service Unavailable"}"#;

/// The effect that the client sees.
enum Seen {
    /// RST without any byte.
    Reset,
    /// FIN without any byte.
    Closed,
    /// A complete response with this status, these words in its head, and this body.
    Response(u16, &'static [&'static str], &'static str),
    /// The first half of this body, then FIN.
    Half(u16, &'static str),
    /// A head that announces more than this body, then silence on an open connection.
    Open(u16, &'static str),
    /// A chunked body of at least 100 KiB.
    Endless(u16),
    /// This body, padded with spaces to 10 MB.
    Large(u16, &'static str),
}

use Seen::*;

/// Returns each fault with the number of applied updates and the effect that the client sees.
fn table() -> Vec<(&'static str, u64, Seen)> {
    let mut table = vec![
        ("none", 1, Response(200, &["application/json"], OK)),
        ("latency:1ms", 1, Response(200, &["application/json"], OK)),
        ("latency:1ms:reset-before-reading", 0, Reset),
        ("latency:1ms:503:after-write", 1, Response(503, &[], UNAVAILABLE)),
        // It is over before the next request.
        ("outage:1ns", 0, Response(503, &["application/json"], UNAVAILABLE)),
        ("outage:1ns:latency:1ms:reset-after-write", 1, Reset),
        ("late-write:1ms", 1, Response(200, &["application/json"], OK)),
        ("latency:1ms:late-write:1ms", 1, Response(200, &["application/json"], OK)),
        ("revoked-key", 0, Response(401, &["application/json"], UNAUTHORIZED)),
        ("reset-before-reading", 0, Reset),
        ("reset-before-write", 0, Reset),
        ("reset-after-write", 1, Reset),
        ("close-before-write", 0, Closed),
        ("close-after-write", 1, Closed),
        ("status:201", 1, Response(201, &[], OK)),
        ("status:204", 1, Response(204, &[], "")),
        ("status:200:before-write", 0, Response(200, &[], OK)),
        ("status:304", 0, Response(304, &[], "")),
        ("status:401", 0, Response(401, &["application/json"], UNAUTHORIZED)),
        ("status:403", 0, Response(403, &[], r#"{"statusCode":403,"message":"Forbidden"}"#)),
        ("status:408", 0, Response(408, &[], r#"{"statusCode":408,"message":"Request Timeout"}"#)),
        ("status:413", 0, Response(413, &[], r#"{"statusCode":413,"message":"Payload Too Large"}"#)),
        ("status:500", 0, Response(500, &[], r#"{"statusCode":500,"message":"Internal Server Error"}"#)),
        ("status:500:after-write", 1, Response(500, &[], r#"{"statusCode":500,"message":"Internal Server Error"}"#)),
        ("status:502", 0, Response(502, &["text/html"], BAD_GATEWAY)),
        ("status:502:after-write", 1, Response(502, &["text/html"], BAD_GATEWAY)),
        ("status:503", 0, Response(503, &["application/json"], UNAVAILABLE)),
        ("status:503:retry-after=7", 0, Response(503, &["\r\nretry-after: 7"], UNAVAILABLE)),
        ("status:503:after-write:retry-after=0", 1, Response(503, &["\r\nretry-after: 0"], UNAVAILABLE)),
        ("status:504", 0, Response(504, &[], r#"{"statusCode":504,"message":"Gateway Timeout"}"#)),
        ("status:799", 0, Response(799, &[], r#"{"statusCode":799,"message":"Fault"}"#)),
        ("429:retry-after=7", 0, Response(429, &["\r\nretry-after: 7"], TOO_MANY)),
        ("429:retry-after=date-7s", 0, Response(429, &["\r\nretry-after: ", " gmt"], TOO_MANY)),
        ("429:retry-after=date+7s", 0, Response(429, &["\r\nretry-after: ", " gmt"], TOO_MANY)),
        ("429:retry-after=absurd", 0, Response(429, &["\r\nretry-after: 86400000"], TOO_MANY)),
        ("429:retry-after=malformed", 0, Response(429, &["\r\nretry-after: soon"], TOO_MANY)),
        (
            "message-list:422",
            0,
            Response(422, &[], r#"{"statusCode":422,"message":["Unprocessable Entity","and a second one"]}"#),
        ),
        (
            "html-200",
            1,
            Response(
                200,
                &["text/html"],
                "<html><head><title>It works</title></head><body><h1>It works</h1></body></html>",
            ),
        ),
        ("empty-200", 1, Response(200, &["content-length: 0"], "")),
        ("empty-200:before-write", 0, Response(200, &["content-length: 0"], "")),
        ("wrong-json-200", 1, Response(200, &["application/json"], r#"{"data":[{"status":1}]}"#)),
        ("unknown-field-200", 1, Response(200, &["application/json"], r#"{"status":"ok","trace":"7"}"#)),
        ("body-slow-drip:every=1ms", 1, Response(200, &["content-length: 15"], OK)),
        ("body-slow-drip:503:every=1ms", 0, Response(503, &["content-length: 50"], UNAVAILABLE)),
        ("body-slow-drip:503:after-write:every=0s", 1, Response(503, &["content-length: 50"], UNAVAILABLE)),
        ("body-cut", 1, Half(200, OK)),
        ("body-cut:503", 0, Half(503, UNAVAILABLE)),
        ("body-cut:503:after-write", 1, Half(503, UNAVAILABLE)),
        ("content-length-too-long", 1, Open(200, OK)),
        ("content-length-too-long:503", 0, Open(503, UNAVAILABLE)),
        ("body-endless", 1, Endless(200)),
        ("body-endless:503", 0, Endless(503)),
        ("body-late:1ms", 1, Response(200, &["content-length: 15"], OK)),
        ("body-late:1ms:503:after-write", 1, Response(503, &["content-length: 50"], UNAVAILABLE)),
        ("body-large", 1, Large(200, OK)),
        ("body-large:503", 0, Large(503, UNAVAILABLE)),
    ];
    for (status, spec) in [
        (301, "redirect:301:http://127.0.0.1:9/x"),
        (302, "redirect:302:http://127.0.0.1:9/x"),
        (303, "redirect:303:http://127.0.0.1:9/x"),
        (307, "redirect:307:http://127.0.0.1:9/x"),
        (308, "redirect:308:http://127.0.0.1:9/x"),
    ] {
        table.push((spec, 0, Response(status, &["\r\nlocation: http://127.0.0.1:9/x"], ANY)));
    }
    table
}

/// Any body.
const ANY: &str = "any";
const TOO_MANY: &str = r#"{"statusCode":429,"message":"Too Many Requests"}"#;
const BAD_GATEWAY: &str =
    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";

#[test]
fn each_fault_has_its_effect() {
    for (spec, applied, seen) in table() {
        let emulator = Emulator::start().unwrap();
        let fault: Fault = spec.parse().unwrap();
        assert_eq!(fault.applies_update(), applied > 0, "{spec}");
        emulator.inject(fault.clone());

        let mut stream = connect(emulator.address());
        Call::update(&valid_body()).write(&mut stream);
        let status = look(&mut stream, &seen, spec);

        let ticket = emulator.ticket(placeholders::TICKET_ID).unwrap();
        assert_eq!((emulator.updates(), ticket.updates()), (applied, applied), "{spec}");
        assert_eq!(ticket.metadata()["status"], if applied > 0 { "escalated" } else { "open" }, "{spec}");
        let requests = emulator.requests();
        if fault.kind().name() == "reset-before-reading" {
            assert_eq!((requests.len(), emulator.unread_requests()), (0, 1), "{spec}");
        } else {
            let [request] = &requests[..] else { panic!("{spec}: {requests:?}") };
            assert_eq!(request.status().map(|status| status.as_u16()), status, "{spec}");
            assert_eq!(request.applied().is_some(), applied > 0, "{spec}");
            assert_eq!(request.fault(), (spec != "none").then_some(&fault), "{spec}");
            assert_eq!(request.json().unwrap(), valid_body(), "{spec}");
        }
        // The fault was for one request, except for a revoked key.
        if spec == "revoked-key" {
            emulator.clear_faults();
        }
        Call::update(&valid_body()).send(emulator.address()).assert_updated();
        assert_eq!(emulator.connections(), 2, "{spec}");
    }
}

#[test]
fn the_table_has_each_kind_of_fault() {
    for kind in Fault::kinds() {
        assert!(table().iter().any(|(spec, ..)| spec.parse::<Fault>().unwrap().kind() == *kind), "{kind:?}");
    }
}

/// Checks the effect, and returns the status of the response.
#[track_caller]
fn look(stream: &mut TcpStream, expected: &Seen, spec: &str) -> Option<u16> {
    match *expected {
        Reset => {
            assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset, "{spec}");
            None
        }
        Closed => {
            assert_eq!(stream.read(&mut [0]).unwrap(), 0, "{spec}");
            None
        }
        Response(status, words, body) => {
            let head = read_head(stream, status, spec);
            for word in words {
                assert!(head.contains(word), "{spec}: {word} is not in {head}");
            }
            let read = read_to_end(stream);
            assert!(body == ANY || read == body, "{spec}: {read}");
            Some(status)
        }
        Half(status, body) => {
            let head = read_head(stream, status, spec);
            assert!(head.contains(&format!("content-length: {}", body.len())), "{spec}: {head}");
            assert_eq!(read_to_end(stream), body[..body.len() / 2], "{spec}");
            Some(status)
        }
        Open(status, body) => {
            let head = read_head(stream, status, spec);
            assert!(head.contains(&format!("content-length: {}", body.len() + 1000)), "{spec}: {head}");
            let mut read = vec![0; body.len()];
            stream.read_exact(&mut read).unwrap();
            assert_eq!(read, body.as_bytes(), "{spec}");
            assert_silent(stream);
            Some(status)
        }
        Endless(status) => {
            let head = read_head(stream, status, spec);
            assert!(head.contains("transfer-encoding: chunked"), "{spec}: {head}");
            stream.read_exact(&mut vec![0; 100 * 1024]).unwrap();
            Some(status)
        }
        Large(status, body) => {
            let head = read_head(stream, status, spec);
            assert!(head.contains("content-length: 10000000"), "{spec}: {head}");
            let read = read_to_end(stream);
            assert_eq!((read.len(), read.trim_end()), (10_000_000, body), "{spec}");
            Some(status)
        }
    }
}

/// Reads up to the blank line.
#[track_caller]
fn read_head(stream: &mut TcpStream, status: u16, spec: &str) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    assert!(head.starts_with(&format!("http/1.1 {status} ")), "{spec}: {head}");
    head
}

fn read_to_end(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

/// Asserts that the connection is open and silent. A slow server passes too.
#[track_caller]
fn assert_silent(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let error = stream.read(&mut [0]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
}

#[test]
fn a_slow_body_arrives_after_its_head() {
    let emulator = Emulator::start().unwrap();
    for (spec, first) in [("body-slow-drip:every=1h", &b"{"[..]), ("latency:1ms:body-late:1h", b"")] {
        emulator.inject(spec.parse().unwrap());
        let mut stream = connect(emulator.address());
        Call::update(&valid_body()).write(&mut stream);
        read_head(&mut stream, 200, spec);
        let mut bytes = vec![0; first.len()];
        stream.read_exact(&mut bytes).unwrap();
        assert_eq!(bytes, first, "{spec}");
        assert_silent(&mut stream);
    }
}

#[test]
fn a_delayed_response_has_no_status_yet() {
    let emulator = Emulator::start().unwrap();
    emulator.inject("latency:3600s".parse().unwrap());
    let mut stream = connect(emulator.address());
    Call::update(&valid_body()).write(&mut stream);
    wait_until(|| emulator.updates() == 1);
    let requests = emulator.requests();
    assert_eq!((requests[0].applied().is_some(), requests[0].status()), (true, None));
    assert_silent(&mut stream);
}

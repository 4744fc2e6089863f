//! The checks before the fields of a body, and their order.

use std::{io::Write as _, net::Shutdown};

use serde_json::json;
use vambe_emulator::{Emulator, METADATA_PATH, Seed, placeholders};

use crate::support::{Call, Response, connect, valid_body};

const BODY_LIMIT: usize = 100 * 1024;

#[test]
fn another_path_or_method_is_not_found() {
    let emulator = Emulator::start().unwrap();
    for (method, path, message) in [
        ("GET", "/x", "Cannot GET /x"),
        ("GET", "/", "Cannot GET /"),
        ("GET", METADATA_PATH, "Cannot GET /api/public/ticket/metadata"),
        ("PUT", METADATA_PATH, "Cannot PUT /api/public/ticket/metadata"),
        ("OPTIONS", METADATA_PATH, "Cannot OPTIONS /api/public/ticket/metadata"),
        ("POST", "/api/public/ticket/metadata/", "Cannot POST /api/public/ticket/metadata/"),
        ("POST", "/API/public/ticket/metadata", "Cannot POST /API/public/ticket/metadata"),
        ("POST", "/x?contact_number=1", "Cannot POST /x"),
    ] {
        for call in [Call::new(method, path), Call::new(method, path).header("x-api-key", placeholders::API_KEY)] {
            call.send(emulator.address()).assert_rejected(404, message, format_args!("{method} {path}"));
        }
    }
}

#[test]
fn a_head_request_is_not_found_and_has_no_body() {
    let emulator = Emulator::start().unwrap();
    let response = Call::new("HEAD", METADATA_PATH).send(emulator.address());
    assert_eq!((response.status, response.body.as_str()), (404, ""));
}

#[test]
fn a_query_is_ignored() {
    let emulator = Emulator::start().unwrap();
    let call = Call::update(&valid_body());
    let with_query = call.head().replacen(METADATA_PATH, &format!("{METADATA_PATH}?a=b"), 1);
    let mut stream = connect(emulator.address());
    stream.write_all(with_query.as_bytes()).unwrap();
    stream.write_all(call.body()).unwrap();
    Response::read_to_end(&mut stream).assert_updated();
}

#[test]
fn only_an_accepted_key_is_authorized() {
    let seed = Seed::default().with_api_key("second-key");
    let emulator = Emulator::builder().state(seed).start().unwrap();
    let call = Call::update(&valid_body()).without("x-api-key");

    for accepted in [placeholders::API_KEY, "second-key"] {
        call.clone().header("X-API-Key", accepted).send(emulator.address()).assert_updated();
    }
    for (case, rejected) in [
        ("no key", call.clone()),
        ("an empty key", call.clone().header("x-api-key", "")),
        ("an unknown key", call.clone().header("x-api-key", "third-key")),
        ("a key in upper case", call.clone().header("x-api-key", "SECOND-KEY")),
        ("the beginning of a key", call.clone().header("x-api-key", "second")),
        ("a key with more after it", call.clone().header("x-api-key", "second-key2")),
        ("a key twice", call.clone().header("x-api-key", "second-key").header("x-api-key", "second-key")),
        ("a key elsewhere", call.clone().header("authorization", "Bearer second-key")),
    ] {
        rejected.send(emulator.address()).assert_rejected(401, "Unauthorized", case);
    }
}

#[test]
fn only_json_is_a_supported_media_type() {
    let emulator = Emulator::start().unwrap();
    let call = Call::update(&valid_body()).without("content-type");

    for accepted in [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=latin1",
        "Application/JSON",
        "application/json ; a=b",
    ] {
        call.clone().header("content-type", accepted).send(emulator.address()).assert_updated();
    }
    for rejected in
        ["", "text/plain", "application/json5", "application/problem+json", "application/x-www-form-urlencoded"]
    {
        let response = call.clone().header("content-type", rejected).send(emulator.address());
        response.assert_rejected(415, "Content-Type must be application/json", rejected);
    }
    call.send(emulator.address()).assert_rejected(415, "Content-Type must be application/json", "none");
}

#[test]
fn a_body_of_up_to_100_kib_is_read() {
    let emulator = Emulator::start().unwrap();
    // JSON may end in any number of spaces.
    let body = valid_body().to_string();
    for (size, fits) in [(BODY_LIMIT - 1, true), (BODY_LIMIT, true), (BODY_LIMIT + 1, false), (20 * BODY_LIMIT, false)]
    {
        let response = Call::update_raw(body.clone() + &" ".repeat(size - body.len())).send(emulator.address());
        if fits {
            response.assert_updated();
        } else {
            response.assert_rejected(413, "request entity too large", size);
        }
    }
}

#[test]
fn the_size_of_a_chunked_body_is_counted_too() {
    let emulator = Emulator::start().unwrap();
    for (chunks, expected) in [(BODY_LIMIT / 1024, 400), (BODY_LIMIT / 1024 + 1, 413)] {
        let chunk = format!("400\r\n{}\r\n", "x".repeat(1024));
        let framed = chunk.repeat(chunks) + "0\r\n\r\n";
        let response = Call::update_raw(framed).header("transfer-encoding", "chunked").send(emulator.address());
        assert_eq!(response.status, expected, "{chunks} chunks");
    }
}

#[test]
fn a_chunked_body_with_trailers_is_read() {
    let emulator = Emulator::start().unwrap();
    let body = valid_body().to_string();
    let framed = format!("{:x}\r\n{body}\r\n0\r\nx-trailer: 1\r\n\r\n", body.len());
    Call::update_raw(framed).header("transfer-encoding", "chunked").send(emulator.address()).assert_updated();
}

#[test]
fn rejects_a_body_that_ends_early() {
    let emulator = Emulator::start().unwrap();
    let call = Call::update(&valid_body());
    let mut stream = connect(emulator.address());
    stream.write_all(call.head().as_bytes()).unwrap();
    stream.write_all(&call.body()[..5]).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    Response::read_to_end(&mut stream).assert_rejected(400, "request aborted", "half a body");
    assert_eq!(emulator.ticket(placeholders::TICKET_ID).unwrap().updates(), 0);
    assert_eq!(emulator.requests()[0].body(), &call.body()[..5]);
}

#[test]
fn malformed_json_is_located() {
    let emulator = Emulator::start().unwrap();
    let deep = "[".repeat(200);
    for (body, line, column) in [
        (&b""[..], 1, 0),
        (b"   ", 1, 3),
        (b"{", 1, 1),
        (b"{\n  \"metadata\": nonsense\n}", 2, 16),
        (b"{} {}", 1, 4),
        (b"{'metadata': {}}", 1, 2),
        (b"\xff", 1, 1),
        (b"{\"metadata\": {\"a\": \"\xff\"}}", 1, 21),
        (b"\x1f\x8b\x08\x00", 1, 1),
        (deep.as_bytes(), 1, 128),
    ] {
        let response = Call::update_raw(body).send(emulator.address());
        let message = format!("request body is not valid JSON at line {line} column {column}");
        response.assert_rejected(400, message, String::from_utf8_lossy(body));
    }
}

#[test]
fn the_checks_run_in_order() {
    let emulator = Emulator::start().unwrap();
    // Each row passes the checks of the rows before it.
    let unknown = json!({ "ticket_id": "00000000-0000-0000-0000-000000000000", "metadata": {} });
    let too_large = "x".repeat(BODY_LIMIT + 1);
    let no_json = Call::update_raw("x").without("x-api-key").without("content-type");
    let with_key = |body: &str| Call::update_raw(body).without("content-type");
    for (call, status) in [
        (Call::new("GET", METADATA_PATH), 404),
        (no_json, 401),
        (with_key(&too_large), 415),
        (Call::update_raw(too_large.clone()), 413),
        (Call::update_raw(r#"{"ticket_id": 1, "ai_contact_id": 2"#), 400),
        (Call::update(&json!({ "ticket_id": 1, "ai_contact_id": 2 })), 400),
        (Call::update(&json!({ "ticket_id": unknown["ticket_id"], "contact_number": "1", "metadata": {} })), 400),
        (Call::update(&unknown), 404),
        (Call::update(&valid_body()), 200),
    ] {
        assert_eq!(call.send(emulator.address()).status, status, "{}", call.head());
    }
}

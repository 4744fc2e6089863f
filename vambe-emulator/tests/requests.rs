//! The log of received requests.

use std::{
    io::{self, Read as _, Write as _},
    thread,
    time::{Duration, SystemTime},
};

use serde_json::json;
use vambe_emulator::{Emulator, Fault, METADATA_PATH, placeholders};

use crate::support::{Call, Response, connect, valid_body, wait_until};

#[test]
fn every_request_is_listed_with_the_status_it_got() {
    let emulator = Emulator::start().unwrap();
    let calls = [
        (Call::update(&valid_body()), 200),
        (Call::update(&valid_body()).without("x-api-key"), 401),
        (Call::update(&valid_body()).without("content-type"), 415),
        (Call::update_raw("x".repeat(100 * 1024 + 1)), 413),
        (Call::update_raw("{"), 400),
        (Call::update(&json!({ "contact_number": "1", "metadata": {} })), 404),
        (Call::new("DELETE", "/x?y=z"), 404),
    ];
    for (count, (call, status)) in calls.iter().enumerate() {
        assert_eq!(call.send(emulator.address()).status, *status);
        // The entry exists before the client has the response.
        let requests = emulator.requests();
        assert_eq!(requests.len(), count + 1);
        assert_eq!(requests[count].status().unwrap().as_u16(), *status);
    }
}

#[test]
fn an_entry_holds_the_whole_request() {
    let emulator = Emulator::start().unwrap();
    Call::update(&valid_body()).header("x-extra", "a").header("x-extra", "b").send(emulator.address()).assert_updated();
    Call::new("DELETE", "/x?y=z").send(emulator.address());

    let requests = emulator.requests();
    let [update, delete] = &requests[..] else { panic!("{requests:?}") };
    assert_eq!((update.method().as_str(), update.path()), ("POST", METADATA_PATH));
    assert_eq!(update.headers()["x-api-key"], placeholders::API_KEY);
    assert_eq!(update.headers()["content-type"], "application/json");
    assert_eq!(update.headers().get_all("x-extra").iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(update.body(), valid_body().to_string().as_bytes());
    assert_eq!(update.json().unwrap(), valid_body());

    assert_eq!((delete.method().as_str(), delete.path()), ("DELETE", "/x?y=z"));
    assert_eq!(delete.body(), b"");
    assert!(delete.json().is_err());
}

#[test]
fn a_body_above_the_limit_is_truncated() {
    let emulator = Emulator::start().unwrap();
    let body: Vec<u8> = (0..=255).cycle().take(300 * 1024).collect();
    Call::update_raw(body.clone()).send(emulator.address());
    assert_eq!(emulator.requests()[0].body(), &body[..100 * 1024]);
}

#[test]
fn requests_are_listed_in_order_of_arrival() {
    let emulator = Emulator::start().unwrap();
    let slow = Call::update(&valid_body()).header("expect", "100-continue");
    let mut stream = connect(emulator.address());
    stream.write_all(slow.head().as_bytes()).unwrap();
    // The server has read the head when it asks for the body.
    let mut interim = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(emulator.requests()[0].status(), None);

    Call::new("GET", "/quick").send(emulator.address());
    stream.write_all(slow.body()).unwrap();
    Response::read_to_end(&mut stream).assert_updated();

    let requests = emulator.requests();
    let seen: Vec<_> = requests.iter().map(|request| (request.path(), request.status().unwrap().as_u16())).collect();
    assert_eq!(seen, [(METADATA_PATH, 200), ("/quick", 404)]);
}

#[test]
fn a_cleared_request_does_not_reappear() {
    let emulator = Emulator::start().unwrap();
    let call = Call::update(&valid_body()).header("expect", "100-continue");
    let mut stream = connect(emulator.address());
    stream.write_all(call.head().as_bytes()).unwrap();
    let mut interim = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut interim).unwrap();

    emulator.clear_requests();
    stream.write_all(call.body()).unwrap();
    Response::read_to_end(&mut stream).assert_updated();
    assert!(emulator.requests().is_empty());

    Call::new("GET", "/next").send(emulator.address());
    assert_eq!(emulator.requests().len(), 1);
}

#[test]
fn requests_on_one_connection_are_listed_separately() {
    let emulator = Emulator::start().unwrap();
    let keep = Call::update(&valid_body()).without("connection");
    let last = Call::update(&valid_body());
    let mut stream = connect(emulator.address());
    for call in [&keep, &last] {
        stream.write_all(call.head().as_bytes()).unwrap();
        stream.write_all(call.body()).unwrap();
    }
    let mut responses = String::new();
    stream.read_to_string(&mut responses).unwrap();
    assert_eq!(responses.matches("HTTP/1.1 200").count(), 2, "{responses}");
    assert_eq!(emulator.requests().len(), 2);
}

#[test]
fn times_are_in_the_order_of_events() {
    let before = SystemTime::now();
    let emulator = Emulator::start().unwrap();
    emulator.inject_all([Fault::none(), Fault::reset_after_write(), "503".parse().unwrap()]);
    for _ in 0..3 {
        let mut stream = connect(emulator.address());
        Call::update(&valid_body()).write(&mut stream);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let requests = emulator.requests();
    let times: Vec<_> = requests.iter().flat_map(|request| [Some(request.arrived()), request.applied()]).collect();
    assert_eq!(times[5], None, "the 503 did not apply the update");
    assert!(times[..5].is_sorted_by_key(|time| time.unwrap()), "{times:?}");
    let second = Duration::from_secs(1);
    assert!(times[0].unwrap() + second > before && times[4].unwrap() < SystemTime::now() + second, "{times:?}");
}

#[test]
fn a_request_is_finished_when_its_client_has_left() {
    let emulator = Emulator::start().unwrap();
    emulator.inject("latency:1h".parse().unwrap());
    let mut stream = connect(emulator.address());
    Call::update(&valid_body()).write(&mut stream);
    wait_until(|| emulator.updates() == 1);
    assert!(!emulator.requests()[0].is_finished());
    drop(stream);
    wait_until(|| emulator.requests()[0].is_finished());
    assert_eq!(emulator.requests()[0].status(), None);

    let mut stream = connect(emulator.address());
    stream.write_all(Call::update(&valid_body()).head().as_bytes()).unwrap();
    wait_until(|| emulator.total_requests() == 2);
    drop(stream);
    wait_until(|| emulator.requests()[1].is_finished());
    assert_eq!(emulator.updates(), 1, "the body never arrived");
}

#[test]
fn the_list_is_bounded_and_the_count_is_not() {
    // By default, and as set.
    for (builder, kept) in [(Emulator::builder(), 10_000), (Emulator::builder().keep_requests(3), 3)] {
        let emulator = builder.start().unwrap();
        let mut stream = connect(emulator.address());
        let mut reader = stream.try_clone().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| io::copy(&mut reader, &mut io::sink()).unwrap());
            for number in 0..=kept {
                Call::new("GET", &format!("/{number}")).without("connection").write(&mut stream);
            }
            // The last one closes the connection.
            Call::new("GET", "/last").write(&mut stream);
        });
        let requests = emulator.requests();
        let paths = requests.first().zip(requests.last()).map(|(first, last)| [first.path(), last.path()]);
        assert_eq!(paths, Some(["/2", "/last"]));
        assert_eq!((requests.len(), emulator.total_requests()), (kept, kept as u64 + 2));
        emulator.clear_requests();
        assert_eq!(emulator.total_requests(), 0);
    }
}

#[test]
fn nothing_is_listed_if_requests_are_not_recorded() {
    let emulator = Emulator::builder().keep_requests(0).start().unwrap();
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    assert!(emulator.requests().is_empty());
    assert_eq!(emulator.total_requests(), 1);
    emulator.clear_requests();
    assert_eq!(emulator.ticket(placeholders::TICKET_ID).unwrap().updates(), 1);
}

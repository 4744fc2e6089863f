//! Endpoints that a test adds.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use serde_json::{Value, json};
use vambe_emulator::{Builder, Emulator, METADATA_PATH, Method, Response, StatusCode, placeholders};

use crate::support::{Call, valid_body};

/// Adds `GET /tickets/{id}`, which answers with the id and the query, or with 404 for the id 0.
fn with_route(builder: Builder) -> Builder {
    builder.route(Method::GET, "/tickets/{id}", |request| {
        let id = request.uri().path().trim_start_matches("/tickets/");
        let mut response = Response::new(json!({ "id": id, "query": request.uri().query() }).to_string().into_bytes());
        if id == "0" {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        response
    })
}

fn get(path: &str) -> Call {
    Call::new("GET", path).header("x-api-key", placeholders::API_KEY)
}

#[test]
fn a_route_answers_and_is_recorded() {
    let emulator = with_route(Emulator::builder()).start().unwrap();
    let response = get("/tickets/7?a=b").send(emulator.address());
    assert_eq!((response.status, response.body.as_str()), (200, r#"{"id":"7","query":"a=b"}"#));
    assert!(response.head.contains("content-type: application/json"), "{}", response.head);
    assert_eq!(get("/tickets/0").send(emulator.address()).status, 404);

    let seen: Vec<_> = emulator
        .requests()
        .iter()
        .map(|request| (request.path().to_owned(), request.status().unwrap().as_u16(), request.applied().is_some()))
        .collect();
    assert_eq!(seen, [("/tickets/7?a=b".to_owned(), 200, true), ("/tickets/0".to_owned(), 404, false)]);
}

#[test]
fn a_route_needs_its_path_its_method_and_an_api_key() {
    let emulator = with_route(Emulator::builder()).start().unwrap();
    let address = emulator.address();
    Call::new("GET", "/tickets/7").send(address).assert_rejected(401, "Unauthorized", "no key");
    get("/tickets").send(address).assert_rejected(404, "Cannot GET /tickets", "too short");
    get("/tickets/7/8").send(address).assert_rejected(404, "Cannot GET /tickets/7/8", "too long");
    Call::new("PUT", "/tickets/7").send(address).assert_rejected(404, "Cannot PUT /tickets/7", "another method");
}

#[test]
fn a_route_meets_faults_which_decide_whether_it_is_called() {
    let calls = Arc::new(AtomicU64::new(0));
    let counted = calls.clone();
    let emulator = Emulator::builder()
        .route(Method::POST, "/tickets", move |request| {
            let mut response = Response::new(request.body().clone());
            *response.status_mut() = StatusCode::CREATED;
            counted.fetch_add(1, Ordering::Relaxed);
            response
        })
        .start()
        .unwrap();
    for (fault, status, called) in
        [("none", 201, 1), ("503", 503, 0), ("503:after-write", 503, 1), ("latency:1ms", 201, 1)]
    {
        let before = calls.load(Ordering::Relaxed);
        emulator.inject(fault.parse().unwrap());
        let call = Call::new("POST", "/tickets").header("x-api-key", placeholders::API_KEY).with_body("[1]");
        let response = call.send(emulator.address());
        assert_eq!((response.status, calls.load(Ordering::Relaxed) - before), (status, called), "{fault}");
        assert_eq!(emulator.requests().last().unwrap().applied().is_some(), called == 1, "{fault}");
    }
    assert_eq!(emulator.updates(), 0);
}

#[test]
fn a_route_replaces_an_endpoint_of_the_api() {
    let emulator =
        Emulator::builder().route(Method::POST, METADATA_PATH, |_| Response::new(b"7".to_vec())).start().unwrap();
    let response = Call::update(&valid_body()).send(emulator.address());
    assert_eq!((response.status, response.body.as_str(), emulator.updates()), (200, "7", 0));
}

#[test]
fn a_wrong_length_of_a_handler_is_corrected_and_a_media_type_is_kept() {
    let emulator = Emulator::builder()
        .route(Method::GET, "/text", |_| {
            let mut response = Response::new(b"text".to_vec());
            response.headers_mut().insert("content-length", "9".parse().unwrap());
            response.headers_mut().insert("content-type", "text/plain".parse().unwrap());
            response
        })
        .start()
        .unwrap();
    let response = get("/text").send(emulator.address());
    assert_eq!(response.body, "text");
    for header in ["content-length: 4", "content-type: text/plain"] {
        assert!(response.head.contains(header), "{}", response.head);
    }
}

#[test]
fn a_handler_may_use_the_emulator_that_calls_it() {
    let slot: Arc<std::sync::OnceLock<Emulator>> = Arc::default();
    let emulator = slot.clone();
    let started = Emulator::builder()
        .route(Method::GET, "/updates", move |_| {
            let updates: Value = emulator.get().map(Emulator::updates).into();
            Response::new(updates.to_string().into_bytes())
        })
        .start()
        .unwrap();
    let address = started.address();
    assert!(slot.set(started).is_ok());
    Call::update(&valid_body()).send(address).assert_updated();
    assert_eq!(get("/updates").send(address).body, "1");
}

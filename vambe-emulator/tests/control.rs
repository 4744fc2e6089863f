//! The control API, request by request.

use std::{net::SocketAddr, thread};

use serde_json::{Value, json};
use vambe_emulator::{Contact, Emulator, Fault, Seed, StatusCode, Ticket, Uuid, placeholders};

use crate::support::{Call, Response, valid_body, wait_until};

fn start() -> Emulator {
    Emulator::builder().control().start().unwrap()
}

fn call(method: &str, path: &str) -> Call {
    Call::new(method, &format!("/__emulator/{path}"))
}

fn get(emulator: &Emulator, path: &str) -> Value {
    let response = call("GET", path).send(emulator.address());
    assert_eq!(response.status, 200, "{path}: {}", response.body);
    serde_json::from_str(&response.body).unwrap()
}

/// Sends a command with a JSON body.
fn send(method: &str, path: &str, body: &Value, address: SocketAddr) -> Response {
    call(method, path).header("content-type", "application/json").with_body(body.to_string()).send(address)
}

#[track_caller]
fn assert_done(response: &Response) {
    assert_eq!((response.status, response.body.as_str()), (204, ""));
}

#[track_caller]
fn assert_refused(response: &Response, status: u16, words: &[&str]) {
    assert_eq!(response.status, status, "{}", response.body);
    let body: Value = serde_json::from_str(&response.body).unwrap();
    let error = body["error"].as_str().unwrap();
    for word in words {
        assert!(error.contains(word), "{word} is not in {error}");
    }
}

#[test]
fn is_off_unless_asked_for() {
    let emulator = Emulator::start().unwrap();
    for path in ["/", "/__emulator/state"] {
        Call::new("GET", path).send(emulator.address()).assert_rejected(404, format!("Cannot GET {path}"), path);
    }
}

#[test]
fn shows_the_state() {
    let emulator = start();
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    let state = get(&emulator, "state");
    assert_eq!(state["updates"], 1);
    let ticket = json!({ "status": "active", "metadata": { "status": "escalated", "team": "returns" }, "updates": 1 });
    assert_eq!(state["tickets"][placeholders::TICKET_ID.to_string()], ticket);
    let contact = state["contacts"].as_array().unwrap().iter().find(|contact| !contact["contact_number"].is_null());
    let expected = json!({
        "ai_contact_id": placeholders::CONTACT_NUMBER_CONTACT,
        "contact_number": placeholders::CONTACT_NUMBER,
        "tickets": [placeholders::CONTACT_NUMBER_TICKET],
    });
    assert_eq!(contact, Some(&expected));
}

#[test]
fn shows_every_value_of_a_ticket() {
    let emulator = start();
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    let history = get(&emulator, &format!("history/{}", placeholders::TICKET_ID));
    assert_eq!(history, json!({ "status": ["open", "escalated"], "team": ["returns"] }));
    for id in [Uuid::from_u128(0).to_string(), "1".to_owned()] {
        let response = call("GET", &format!("history/{id}")).send(emulator.address());
        assert_refused(&response, 404, &["no ticket has this id"]);
    }
}

#[test]
fn shows_requests_without_the_api_key() {
    let emulator = start();
    emulator.inject(Fault::reset_after_write());
    let mut stream = crate::support::connect(emulator.address());
    Call::update(&valid_body()).write(&mut stream);
    wait_until(|| emulator.requests().iter().any(|request| request.applied().is_some()));
    Call::update_raw("{").header("accept", "a").header("accept", "b").send(emulator.address());

    let requests = get(&emulator, "requests?at_least=2");
    assert_eq!(requests["total"], 2);
    let [first, second] = requests["requests"].as_array().unwrap().as_slice() else { panic!("{requests}") };
    assert_eq!(first["method"], "POST");
    assert_eq!(first["path"], "/api/public/ticket/metadata");
    assert_eq!(first["json"], valid_body());
    assert_eq!(first["body"], valid_body().to_string());
    assert_eq!((&first["status"], &first["fault"]), (&Value::Null, &json!("reset-after-write")));
    let [arrived, applied] = ["arrived_at", "applied_at"].map(|time| first[time].as_f64().unwrap());
    assert!(arrived <= applied && applied <= second["arrived_at"].as_f64().unwrap(), "{requests}");
    assert_eq!(second["applied_at"], Value::Null);
    assert_eq!(first["headers"]["x-api-key"], "<hidden>");
    assert_eq!(second["headers"]["accept"], "a, b");
    assert_eq!((&second["status"], &second["body"], &second["json"]), (&json!(400), &json!("{"), &Value::Null));
    assert!(!requests.to_string().contains(placeholders::API_KEY));
}

/// Invariant: no request is missed, whether it comes before the wait or during it.
#[test]
fn waits_until_enough_requests_have_their_outcome() {
    let emulator = start();
    let update = || Call::update(&valid_body()).send(emulator.address());
    update().assert_updated();
    assert_eq!(get(&emulator, "requests?at_least=1&timeout=600")["requests"].as_array().unwrap().len(), 1);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| get(&emulator, "requests?at_least=3&timeout=600"));
        // A response that a latency holds back does not count until it is sent.
        emulator.inject(Fault::status(StatusCode::SERVICE_UNAVAILABLE).after(std::time::Duration::from_millis(50)));
        update();
        update().assert_updated();
        let requests = waiting.join().unwrap();
        let statuses: Vec<_> = requests["requests"].as_array().unwrap().iter().map(|r| &r["status"]).collect();
        assert_eq!(statuses, [200, 503, 200]);
    });
}

#[test]
fn a_wait_that_times_out_lists_what_has_arrived() {
    let emulator = start();
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    assert_eq!(get(&emulator, "requests?at_least=2&timeout=0")["requests"].as_array().unwrap().len(), 1);
}

#[test]
fn injects_faults() {
    let emulator = start();
    let inject = |body| send("POST", "faults", &body, emulator.address());
    let update = || Call::update(&valid_body()).send(emulator.address()).status;
    assert_done(&inject(json!({ "next": ["503", "429:retry-after=7"] })));
    assert_done(&inject(json!({ "rotation": ["502"] })));
    let faults = get(&emulator, "faults");
    assert_eq!(faults["next"], json!(["status:503", "status:429:retry-after=7"]));
    assert_eq!(faults["others"], "status:502");
    assert_eq!([update(), update(), update(), update()], [503, 429, 502, 502]);

    assert_done(&inject(json!({ "mix": { "faults": "504=1", "seed": 7 } })));
    assert_eq!(get(&emulator, "faults")["others"], "status:504=1, drawn with seed 7");
    assert_eq!(update(), 504);

    assert_done(&inject(json!({ "rotation": [] })));
    assert_eq!(get(&emulator, "faults")["others"], Value::Null);
    assert_done(&call("DELETE", "faults").send(emulator.address()));
    let faults = get(&emulator, "faults");
    assert_eq!((&faults["next"], &faults["others"]), (&json!([]), &Value::Null));
    assert_eq!(update(), 200);
}

#[test]
fn lists_every_kind_of_fault() {
    let faults = get(&start(), "faults");
    let forms: Vec<_> = faults["kinds"].as_array().unwrap().iter().map(|kind| kind["form"].as_str().unwrap()).collect();
    assert_eq!(forms, Fault::kinds().iter().map(|kind| kind.form()).collect::<Vec<_>>());
}

#[test]
fn an_invalid_injection_injects_nothing() {
    let emulator = start();
    for (body, words) in [
        (json!({ "next": ["503", "nonsense"] }), &["unknown fault `nonsense`"][..]),
        (json!({ "mix": { "faults": "503" } }), &["`503` has no weight"]),
        (json!({ "mix": { "faults": "503=1", "sede": 1 } }), &["unknown field `sede`"]),
        (json!({ "always": ["503"] }), &["unknown variant `always`", "next"]),
        (json!(["503"]), &["line 1"]),
    ] {
        assert_refused(&send("POST", "faults", &body, emulator.address()), 400, words);
    }
    let faults = get(&emulator, "faults");
    assert_eq!((&faults["next"], &faults["others"]), (&json!([]), &Value::Null));
}

#[test]
fn reset_starts_anew() {
    let emulator = start();
    let before = get(&emulator, "state");
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    send("POST", "faults", &json!({ "rotation": ["503"] }), emulator.address());
    assert_done(&call("POST", "reset").send(emulator.address()));
    assert_eq!(get(&emulator, "state"), before);
    assert_eq!(get(&emulator, "requests")["requests"], json!([]));
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    assert_eq!(get(&emulator, "requests?at_least=1")["requests"].as_array().unwrap().len(), 1);
}

#[test]
fn removes_requests_alone() {
    let emulator = start();
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    assert_done(&call("DELETE", "requests").send(emulator.address()));
    assert_eq!(get(&emulator, "requests")["requests"], json!([]));
    assert_eq!(get(&emulator, "state")["updates"], 1);
}

#[test]
fn a_new_seed_replaces_state_and_keys() {
    let emulator = start();
    let id = Uuid::from_u128(2);
    let contact = Contact::new(Uuid::from_u128(1)).with_ticket(Ticket::active(id).with_metadata("a", "b"));
    let seed = serde_json::to_value(Seed::new("another-key").with_contact(contact)).unwrap();
    assert_done(&send("PUT", "seed", &seed, emulator.address()));
    let tickets = json!({ id.to_string(): { "status": "active", "metadata": { "a": "b" }, "updates": 0 } });
    assert_eq!(get(&emulator, "state")["tickets"], tickets);
    let update = Call::update(&json!({ "ticket_id": id, "metadata": {} }));
    update.send(emulator.address()).assert_rejected(401, "Unauthorized", "the key of the earlier seed");
    update.without("x-api-key").header("x-api-key", "another-key").send(emulator.address()).assert_updated();
    assert_done(&call("POST", "reset").send(emulator.address()));
    assert_eq!(get(&emulator, "state")["tickets"], tickets, "a reset returns to the new seed");
}

#[test]
fn an_invalid_seed_changes_nothing_and_is_not_repeated() {
    let emulator = start();
    let before = get(&emulator, "state");
    for (seed, words) in [
        (json!({ "api_keys": [] }), &["no API key"][..]),
        (json!({ "api_keys": ["k"], "tickets": [] }), &["unknown field `tickets`"]),
        (json!({ "api_keys": ["k"], "contacts": [{ "ai_contact_id": "planted" }] }), &["line 1"]),
    ] {
        let response = send("PUT", "seed", &seed, emulator.address());
        assert_refused(&response, 400, words);
        assert!(!response.body.contains("planted"), "{}", response.body);
    }
    assert_eq!(get(&emulator, "state"), before);
}

#[test]
fn neither_records_nor_disturbs_its_own_requests() {
    let emulator = start();
    emulator.inject_always(Fault::reset_before_reading());
    get(&emulator, "state");
    assert_eq!((emulator.requests().len(), emulator.unread_requests()), (0, 0));
}

#[test]
fn refuses_what_it_does_not_know() {
    let emulator = start();
    let refused = |call: Call, status, words| assert_refused(&call.send(emulator.address()), status, words);
    refused(call("GET", "nothing"), 404, &["state, history, reset, seed, faults and requests"]);
    refused(call("POST", "state"), 405, &["use GET"]);
    refused(call("GET", "reset"), 405, &["use POST"]);
    refused(call("POST", "seed"), 405, &["use PUT"]);
    refused(call("PUT", "faults"), 405, &["use DELETE, GET, POST"]);
    refused(call("POST", "requests"), 405, &["use DELETE, GET"]);
    refused(call("GET", "requests?atleast=1"), 400, &["`atleast`", "at_least"]);
    refused(call("POST", "faults").with_body("{}"), 415, &["application/json"]);
    refused(call("POST", "faults").header("content-type", "text/plain").with_body("{}"), 415, &["application/json"]);
    assert!(call("POST", "state").send(emulator.address()).head.contains("allow: get"));
}

/// The module `guard` has the tables; this shows that every path is guarded.
#[test]
fn a_page_of_another_origin_is_refused() {
    let emulator = start();
    let paths = ["/", "/__emulator/state", "/__emulator/faults", "/__emulator/requests", "/__emulator/nothing"];
    for path in paths {
        let call = Call::new("GET", path);
        assert_refused(&call.clone().header("origin", "http://example.com").send(emulator.address()), 403, &["Origin"]);
        let call = call.without("host").header("host", "example.com");
        assert_refused(&call.send(emulator.address()), 403, &["Host", "localhost"]);
    }
    let own = call("POST", "reset").header("origin", "http://localhost");
    assert_done(&own.send(emulator.address()));
    // The API itself does not care.
    Call::update(&valid_body()).header("origin", "http://example.com").send(emulator.address()).assert_updated();
}

#[test]
fn every_response_keeps_other_pages_out() {
    let emulator = start();
    for path in ["/__emulator/state", "/__emulator/nothing", "/__emulator/reset", "/"] {
        let head = Call::new("GET", path).send(emulator.address()).head;
        for header in [
            "content-security-policy: default-src 'none';",
            "frame-ancestors 'none'",
            "cross-origin-resource-policy: same-origin",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
        ] {
            assert!(head.contains(header), "{path}: {header} is not in {head}");
        }
        assert!(!head.contains("access-control-"), "{path}: {head}");
        assert!(!head.contains("unsafe-"), "{path}: {head}");
    }
}

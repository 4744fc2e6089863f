//! The style of the responses to rejected requests that keeps to the OpenAPI document.

use serde_json::json;
use vambe_emulator::{Answers, Emulator, Fault, METADATA_PATH, StatusCode, placeholders};

use crate::support::{Call, valid_body};

#[test]
fn the_document_has_one_string_per_message_and_fewer_statuses() {
    let emulator = Emulator::builder().answers(Answers::Spec).start().unwrap();
    let valid = || Call::update(&valid_body());
    for (case, call, status, message) in [
        ("a list of one", Call::update(&json!([])), 400, "request body must be an object"),
        (
            "a list of two",
            Call::update(&json!({ "ticket_id": 1, "metadata": 1 })),
            400,
            "ticket_id must be a UUID; metadata must be an object",
        ),
        (
            "no identifier",
            Call::update(&json!({ "metadata": {} })),
            400,
            "You must provide ticket_id, ai_contact_id, or contact_number",
        ),
        ("413", Call::update_raw(" ".repeat(200 * 1024)), 400, "request entity too large"),
        ("415", valid().without("content-type"), 400, "Content-Type must be application/json"),
        ("401", valid().without("x-api-key"), 401, "Unauthorized"),
        ("404", Call::update(&json!({ "contact_number": "1", "metadata": {} })), 404, "Contact not found"),
    ] {
        call.send(emulator.address()).assert_rejected(status, message, case);
    }
    valid().send(emulator.address()).assert_updated();
    assert_eq!(emulator.ticket(placeholders::TICKET_ID).unwrap().updates(), 1);
}

#[test]
fn another_method_of_a_known_path_is_not_allowed() {
    let emulator = Emulator::builder().answers(Answers::Spec).start().unwrap();
    let response = Call::new("GET", METADATA_PATH).send(emulator.address());
    response.assert_rejected(405, "Cannot GET /api/public/ticket/metadata", "another method");
    assert!(response.head.contains("\r\nallow: post"), "{}", response.head);
    Call::new("GET", "/x").send(emulator.address()).assert_rejected(404, "Cannot GET /x", "another path");
}

#[test]
fn a_fault_keeps_its_own_status_and_body() {
    let emulator = Emulator::builder().answers(Answers::Spec).start().unwrap();
    emulator.inject(Fault::message_list(StatusCode::PAYLOAD_TOO_LARGE));
    let list = json!(["Payload Too Large", "and a second one"]);
    Call::update(&valid_body()).send(emulator.address()).assert_rejected(413, list, "a fault");
}

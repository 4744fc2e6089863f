//! The types of the fields, and the number of identifiers.

use serde_json::{Value, json};
use vambe_emulator::{Emulator, placeholders};

use crate::support::Call;

const ID: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";

#[track_caller]
fn assert_rejected(cases: &[(Value, Value)]) {
    let emulator = Emulator::start().unwrap();
    for (body, message) in cases {
        Call::update(body).send(emulator.address()).assert_rejected(400, message.clone(), body);
    }
    assert!(emulator.tickets().iter().all(|ticket| ticket.updates() == 0));
}

#[test]
fn rejects_a_body_that_is_not_an_object() {
    let message = json!(["request body must be an object"]);
    assert_rejected(
        &[json!([]), json!("text"), json!(1), json!(true), json!(null)].map(|body| (body, message.clone())),
    );
}

#[test]
fn metadata_is_an_object() {
    let message = json!(["metadata must be an object"]);
    assert_rejected(&[(json!({ "ticket_id": ID }), message.clone())]);
    for metadata in [json!(null), json!([]), json!("text"), json!(1), json!(true)] {
        assert_rejected(&[(json!({ "ticket_id": ID, "metadata": metadata }), message.clone())]);
    }
}

#[test]
fn every_value_of_metadata_is_a_string() {
    for value in [json!(null), json!(1), json!(true), json!([]), json!({ "b": "c" })] {
        let body = json!({ "ticket_id": ID, "metadata": { "a": value, "b": "text", "c": value } });
        assert_rejected(&[(body, json!(["each value in metadata must be a string"]))]);
    }
}

#[test]
fn an_id_is_a_hyphenated_uuid() {
    for field in ["ticket_id", "ai_contact_id"] {
        for value in [
            json!(null),
            json!(1),
            json!({}),
            json!(""),
            json!("text"),
            json!("a1b2c3d4e5f67890abcdef1234567890"),
            json!("{a1b2c3d4-e5f6-7890-abcd-ef1234567890}"),
            json!("urn:uuid:a1b2c3d4-e5f6-7890-abcd-ef1234567890"),
            json!(" a1b2c3d4-e5f6-7890-abcd-ef1234567890"),
            json!("g1b2c3d4-e5f6-7890-abcd-ef1234567890"),
            json!("a1b2c3d4-e5f6-7890-abcde-f1234567890"),
            json!("á1b2c3d4-e5f6-7890-abcd-ef123456789"),
        ] {
            let body = json!({ field: value, "metadata": {} });
            assert_rejected(&[(body, json!([format!("{field} must be a UUID")]))]);
        }
    }
}

#[test]
fn an_id_can_be_written_in_upper_case() {
    let emulator = Emulator::start().unwrap();
    let body = json!({ "ticket_id": ID.to_uppercase(), "metadata": {} });
    Call::update(&body).send(emulator.address()).assert_updated();
}

#[test]
fn a_contact_number_is_a_string() {
    for value in [json!(null), json!(56_912_345_678_u64), json!(["1"]), json!({})] {
        let body = json!({ "contact_number": value, "metadata": {} });
        assert_rejected(&[(body, json!(["contact_number must be a string"]))]);
    }
}

#[test]
fn allow_closed_ticket_is_a_boolean() {
    for value in [json!(null), json!(0), json!("true"), json!([])] {
        let body = json!({ "ticket_id": ID, "metadata": {}, "allow_closed_ticket": value });
        assert_rejected(&[(body, json!(["allow_closed_ticket must be a boolean"]))]);
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    assert_rejected(&[
        (
            json!({
                "ticket_id": 1,
                "ai_contact_id": "text",
                "contact_number": null,
                "metadata": null,
                "allow_closed_ticket": "true",
            }),
            json!([
                "ticket_id must be a UUID",
                "ai_contact_id must be a UUID",
                "contact_number must be a string",
                "metadata must be an object",
                "allow_closed_ticket must be a boolean",
            ]),
        ),
        // The number of identifiers is checked last.
        (json!({ "metadata": { "a": 1 } }), json!(["each value in metadata must be a string"])),
        (json!({}), json!(["metadata must be an object"])),
    ]);
}

#[test]
fn exactly_one_identifier_is_required() {
    let none = "You must provide ticket_id, ai_contact_id, or contact_number";
    let several = "You must provide exactly one of ticket_id, ai_contact_id, or contact_number";
    let number = placeholders::CONTACT_NUMBER;
    assert_rejected(&[
        (json!({ "metadata": {} }), json!(none)),
        (json!({ "metadata": {}, "allow_closed_ticket": true }), json!(none)),
        (json!({ "metadata": {}, "Ticket_id": ID }), json!(none)),
        (json!({ "metadata": {}, "ticket_id": ID, "ai_contact_id": ID }), json!(several)),
        (json!({ "metadata": {}, "ticket_id": ID, "contact_number": number }), json!(several)),
        (json!({ "metadata": {}, "ai_contact_id": ID, "contact_number": number }), json!(several)),
        (json!({ "metadata": {}, "ticket_id": ID, "ai_contact_id": ID, "contact_number": "" }), json!(several)),
    ]);
}

#[test]
fn other_fields_are_ignored() {
    let emulator = Emulator::start().unwrap();
    let body = json!({ "ticket_id": ID, "metadata": {}, "other": null, "another": { "a": [1] } });
    Call::update(&body).send(emulator.address()).assert_updated();
}

#[test]
fn the_last_repeated_field_wins() {
    let emulator = Emulator::start().unwrap();
    let body = format!(r#"{{"ticket_id": "{ID}", "metadata": 1, "metadata": {{"a": 1, "a": "2"}}}}"#);
    Call::update_raw(body).send(emulator.address()).assert_updated();
    assert_eq!(emulator.ticket(placeholders::TICKET_ID).unwrap().metadata()["a"], "2");
}

//! Keys, numbers, bodies and metadata values are hidden in every text.

use serde_json::json;
use vambe_emulator::{Contact, Emulator, Seed, StateError, Ticket, Uuid};

use crate::support::Call;

const KEY: &str = "planted-key";
const NUMBER: &str = "+56 999 888 777";
const DIGITS: &str = "56999888777";
const VALUE: &str = "planted-value";

#[track_caller]
fn assert_hidden(text: &str) {
    for secret in [KEY, NUMBER, DIGITS, "999 888", "999888", VALUE] {
        assert!(!text.contains(secret), "{secret} is shown: {text}");
    }
}

fn seed() -> Seed {
    Seed::new(KEY).with_contact(
        Contact::new(Uuid::from_u128(1))
            .with_number(NUMBER)
            .with_ticket(Ticket::active(Uuid::from_u128(2)).with_metadata("shown-key", VALUE)),
    )
}

#[test]
fn debug_hides_secrets_and_shows_the_rest() {
    let emulator = Emulator::builder().state(seed()).start().unwrap();
    let body = json!({ "contact_number": NUMBER, "metadata": { "order_id": VALUE } });
    let call = Call::update(&body).without("x-api-key").header("X-Api-Key", KEY).header("x-forwarded", VALUE);
    call.send(emulator.address()).assert_updated();
    Call::new("GET", &format!("/path?contact_number={DIGITS}")).send(emulator.address());

    let requests = emulator.requests();
    let contacts = emulator.contacts();
    for (text, shown) in [
        (format!("{:?}", seed()), &["shown-key", "api_keys: <1 hidden>"][..]),
        (format!("{:#?}", Emulator::builder().state(seed())), &["shown-key"]),
        (format!("{emulator:?}"), &["http://127.0.0.1:"]),
        (format!("{contacts:?}"), &["shown-key", "order_id", "<hidden>", "updates: 1", "Active"]),
        (format!("{:?}", emulator.tickets()), &["order_id"]),
        (format!("{:?}", requests[0]), &["POST", "/api/public/ticket/metadata", "x-api-key", "200", "bytes>"]),
        (format!("{:?}", requests[1]), &["GET", "\"/path\"", "404"]),
        (format!("{:?}", requests[0].headers().get("x-api-key")), &["Sensitive"]),
    ] {
        assert_hidden(&text);
        for shown in shown {
            assert!(text.contains(shown), "{shown} is not in {text}");
        }
    }
    // The accessors show everything.
    assert_eq!(requests[0].headers()["x-api-key"], KEY);
    assert_eq!(contacts[0].contact_number(), Some(NUMBER));
}

#[test]
fn messages_do_not_repeat_the_request() {
    let emulator = Emulator::builder().state(seed()).start().unwrap();
    for call in [
        Call::update_raw(format!(r#"{{"{VALUE}": {NUMBER}"#)),
        Call::update(&json!([VALUE])),
        Call::update(&json!({ "ticket_id": VALUE, "ai_contact_id": NUMBER, "contact_number": [NUMBER] })),
        Call::update(&json!({ "contact_number": DIGITS, "metadata": { VALUE: [VALUE] } })),
        Call::update(&json!({ "metadata": { "a": VALUE } })),
        Call::update(&json!({ "contact_number": "999", "metadata": {} })),
        Call::new("GET", &format!("/?contact_number={DIGITS}")),
    ] {
        let response = call.without("x-api-key").header("x-api-key", KEY).send(emulator.address());
        assert!(matches!(response.status, 400 | 404), "{}", response.status);
        assert_hidden(&response.head);
        assert_hidden(&response.body);
    }
    let unknown_key = Call::update(&json!({})).without("x-api-key").header("x-api-key", VALUE);
    assert_hidden(&unknown_key.send(emulator.address()).body);
}

#[test]
fn errors_hide_secrets() {
    let again = Contact::new(Uuid::from_u128(3)).with_number(DIGITS);
    let start_error = Emulator::builder().state(seed().with_contact(again.clone())).start().unwrap_err();
    let emulator = Emulator::builder().state(seed()).start().unwrap();
    let state_error = emulator.add_contact(again).unwrap_err();
    assert!(matches!(state_error, StateError::DuplicateNumber { .. }));
    let key_error = Emulator::builder().state(seed().with_api_key(format!("{VALUE} "))).start().unwrap_err();
    for text in [
        format!("{start_error} {start_error:?}"),
        format!("{state_error} {state_error:?}"),
        format!("{key_error} {key_error:?}"),
    ] {
        assert_hidden(&text);
    }
}

//! An emulator for which every well-formed identifier exists.

use serde_json::json;
use vambe_emulator::{Emulator, Ticket, TicketStatus, Uuid, placeholders};

use crate::support::Call;

fn emulator() -> Emulator {
    Emulator::builder().any_contact().start().unwrap()
}

/// Sends an update; returns its status.
fn update(emulator: &Emulator, name: &str, value: &str) -> u16 {
    let body = json!({ name: value, "metadata": { "a": "b" } });
    Call::update(&body).send(emulator.address()).status
}

/// Returns the tickets with updates.
fn updated(emulator: &Emulator) -> Vec<Ticket> {
    emulator.tickets().into_iter().filter(|ticket| ticket.updates() > 0).collect()
}

#[test]
fn an_unknown_identifier_gets_a_contact_with_an_active_ticket() {
    for (name, value, same) in [
        ("ticket_id", "00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000A"),
        ("ai_contact_id", "00000000-0000-0000-0000-00000000000b", "00000000-0000-0000-0000-00000000000B"),
        ("contact_number", "+56 9 1111 2222", "56911112222"),
    ] {
        let emulator = emulator();
        let contacts = emulator.contacts().len();
        assert_eq!([update(&emulator, name, value), update(&emulator, name, same)], [200, 200], "{name}");
        let [ticket] = &updated(&emulator)[..] else { panic!("{name}: not one ticket") };
        assert_eq!((ticket.updates(), ticket.status()), (2, TicketStatus::Active), "{name}");
        assert_eq!(emulator.contacts().len(), contacts + 1, "{name}");
    }
}

#[test]
fn a_new_contact_has_the_identifier_of_the_request() {
    let emulator = emulator();
    update(&emulator, "ticket_id", "00000000-0000-0000-0000-00000000000a");
    assert!(emulator.ticket(Uuid::from_u128(10)).is_some());
    update(&emulator, "ai_contact_id", "00000000-0000-0000-0000-00000000000b");
    assert!(emulator.contact(Uuid::from_u128(11)).is_some());
    update(&emulator, "contact_number", "+56 9 1111 2222");
    assert_eq!(emulator.contacts().last().unwrap().contact_number(), Some("+56 9 1111 2222"));
}

#[test]
fn a_malformed_identifier_does_not_exist() {
    let emulator = emulator();
    for (name, value, status) in [
        ("contact_number", "", 404),
        ("contact_number", "+", 404),
        ("contact_number", "unknown", 404),
        ("contact_number", "+123456789012345", 200),
        ("contact_number", "+1234567890123456", 404),
        ("ticket_id", "7", 400),
    ] {
        assert_eq!(update(&emulator, name, value), status, "{value}");
    }
}

#[test]
fn known_contacts_keep_their_tickets() {
    let emulator = emulator();
    // All tickets of this contact are closed.
    assert_eq!(update(&emulator, "ai_contact_id", &placeholders::AI_CONTACT_ID.to_string()), 404);
    assert_eq!(update(&emulator, "contact_number", placeholders::CONTACT_NUMBER), 200);
    assert_eq!(updated(&emulator)[0].id(), placeholders::CONTACT_NUMBER_TICKET);
}

#[test]
fn a_reset_removes_new_contacts_and_repeats_their_ids() {
    let emulator = emulator();
    let mut rounds = Vec::new();
    for _ in 0..2 {
        assert_eq!(update(&emulator, "contact_number", "1"), 200);
        rounds.push(updated(&emulator)[0].id());
        emulator.reset();
        assert_eq!(emulator.contacts(), Emulator::start().unwrap().contacts());
    }
    assert_eq!(rounds[0], rounds[1]);
}

#[cfg(feature = "control")]
#[test]
fn a_new_seed_keeps_the_setting() {
    let emulator = Emulator::builder().any_contact().control().start().unwrap();
    let seed = json!({ "api_keys": [placeholders::API_KEY] });
    let call = Call::new("PUT", "/__emulator/seed").header("content-type", "application/json");
    assert_eq!(call.with_body(seed.to_string()).send(emulator.address()).status, 204);
    assert_eq!(update(&emulator, "contact_number", "1"), 200);
}

//! The examples of the published page, as printed.

use std::net::SocketAddr;

use vambe_emulator::{Emulator, placeholders};

use crate::support::Call;

/// The bodies of the three `curl` commands, and the ticket of the default seed that each reaches.
pub(crate) const EXAMPLES: [(&str, vambe_emulator::Uuid); 3] = [
    (
        r#"{
    "contact_number": "+56912345678",
    "metadata": {
      "order_id": "ORD-12345",
      "priority": "high"
    }
  }"#,
        placeholders::CONTACT_NUMBER_TICKET,
    ),
    (
        r#"{
    "ai_contact_id": "df980fc8-b6db-4820-bf22-2969482d106d",
    "allow_closed_ticket": true,
    "metadata": {
      "order_id": "ORD-12345",
      "refund_reason": "damaged_product"
    }
  }"#,
        placeholders::AI_CONTACT_LATEST_TICKET,
    ),
    (
        r#"{
    "ticket_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    "metadata": {
      "status": "escalated"
    }
  }"#,
        placeholders::TICKET_ID,
    ),
];

/// Repeats the constants of the crate, so that a wrong constant fails.
pub(crate) fn send_example(address: SocketAddr, body: &str) -> crate::support::Response {
    let call = Call::update_raw(body).without("x-api-key").header("x-api-key", "your_api_key_here");
    assert!(call.head().starts_with("POST /api/public/ticket/metadata HTTP/1.1\r\n"));
    call.send(address)
}

#[test]
fn each_example_updates_its_ticket_and_no_other() {
    for (body, updated) in EXAMPLES {
        let emulator = Emulator::start().unwrap();
        send_example(emulator.address(), body).assert_updated();
        for ticket in emulator.tickets() {
            assert_eq!(ticket.updates(), u64::from(ticket.id() == updated), "{body}: {ticket:?}");
        }
    }
}

#[test]
fn error_messages_match_the_page() {
    let emulator = Emulator::start().unwrap();
    for (body, status, message) in [
        (r#"{"metadata": {}}"#, 400, "You must provide ticket_id, ai_contact_id, or contact_number"),
        (
            r#"{"ai_contact_id": "df980fc8-b6db-4820-bf22-2969482d106d", "metadata": {}}"#,
            404,
            "Active ticket not found for contact",
        ),
    ] {
        send_example(emulator.address(), body).assert_rejected(status, message, body);
    }
}

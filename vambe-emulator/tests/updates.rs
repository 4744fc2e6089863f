//! Merging metadata, and counting updates.

use std::{collections::BTreeMap, thread};

use serde_json::json;
use vambe_emulator::{Emulator, placeholders};

use crate::support::{Call, valid_body};

#[test]
fn metadata_is_merged() {
    let emulator = Emulator::start().unwrap();
    let mut expected = BTreeMap::from([("status", "open"), ("team", "returns")].map(owned));
    for (metadata, updates) in [
        (&[][..], 1),
        (&[("status", "escalated"), ("order_id", "ORD-12345")], 2),
        (&[("status", "escalated")], 3),
        (&[("", ""), ("ключ", "🙂\n\"\\\u{0}")], 4),
    ] {
        let metadata: BTreeMap<_, _> = metadata.iter().copied().map(owned).collect();
        let body = json!({ "ticket_id": placeholders::TICKET_ID, "metadata": metadata });
        Call::update(&body).send(emulator.address()).assert_updated();
        expected.extend(metadata);
        let ticket = emulator.ticket(placeholders::TICKET_ID).unwrap();
        assert_eq!((ticket.metadata(), ticket.updates()), (&expected, updates));
    }
}

fn owned((key, value): (&str, &str)) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

#[test]
fn a_rejected_update_changes_nothing() {
    let emulator = Emulator::start().unwrap();
    let before = emulator.contacts();
    let id = placeholders::TICKET_ID;
    for call in [
        Call::update(&valid_body()).without("x-api-key"),
        Call::update(&valid_body()).without("content-type"),
        Call::update(&json!({ "ticket_id": id, "metadata": { "a": "b", "c": 1 } })),
        Call::update(&json!({ "ticket_id": id, "contact_number": "1", "metadata": { "a": "b" } })),
        Call::update(&json!({ "ai_contact_id": placeholders::AI_CONTACT_ID, "metadata": { "a": "b" } })),
    ] {
        assert_ne!(call.send(emulator.address()).status, 200, "{}", call.head());
    }
    assert_eq!(emulator.contacts(), before);
}

#[test]
fn no_concurrent_update_is_lost() {
    const THREADS: u64 = 8;
    const UPDATES: u64 = 25;

    let emulator = Emulator::start().unwrap();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let emulator = &emulator;
            scope.spawn(move || {
                for update in 0..UPDATES {
                    let metadata = json!({ format!("{thread}/{update}"): "done" });
                    let body = json!({ "ticket_id": placeholders::TICKET_ID, "metadata": metadata });
                    Call::update(&body).send(emulator.address()).assert_updated();
                }
            });
        }
    });
    let ticket = emulator.ticket(placeholders::TICKET_ID).unwrap();
    let done = ticket.metadata().values().filter(|value| *value == "done").count();
    assert_eq!((ticket.updates(), done), (THREADS * UPDATES, (THREADS * UPDATES) as usize));
    assert_eq!(emulator.requests().len(), done);
}

//! Seeds and their rules, and changes of a running emulator.

use serde_json::json;
use vambe_emulator::{
    Contact, Emulator, Seed, SeedError, StartError, StateError, Ticket, TicketStatus, Uuid, placeholders,
};

use crate::support::{Call, valid_body};

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Returns seeds that break a rule, with words of the error.
fn broken_seeds() -> Vec<(Seed, StateError, &'static str)> {
    let seed =
        || Seed::new("key").with_contact(Contact::new(id(1)).with_number("+56 1").with_ticket(Ticket::active(id(11))));
    let no_key: Seed = serde_json::from_str("{}").unwrap();
    vec![
        (no_key, StateError::NoApiKey, "the seed has no API key"),
        (Seed::new(""), StateError::UnusableApiKey { position: 0 }, "api_keys[0] cannot be sent"),
        (seed().with_api_key("a b"), StateError::UnusableApiKey { position: 1 }, "api_keys[1] cannot be sent"),
        (seed().with_api_key("ключ"), StateError::UnusableApiKey { position: 1 }, "visible ASCII"),
        (
            seed().with_contact(Contact::new(id(1))),
            StateError::DuplicateContact { ai_contact_id: id(1) },
            "two contacts have the ai_contact_id 00000000-0000-0000-0000-000000000001",
        ),
        (
            seed().with_contact(Contact::new(id(2)).with_number("5-6-1")),
            StateError::DuplicateNumber { first: id(1), second: id(2) },
            "have the same contact_number",
        ),
        (
            seed().with_contact(Contact::new(id(2)).with_number("+")),
            StateError::NumberWithoutDigits { ai_contact_id: id(2) },
            "has no digit",
        ),
        (
            seed().with_contact(Contact::new(id(2)).with_ticket(Ticket::closed(id(11)))),
            StateError::DuplicateTicket { id: id(11) },
            "two tickets have the id 00000000-0000-0000-0000-00000000000b",
        ),
        (
            seed().with_contact(
                Contact::new(id(2)).with_ticket(Ticket::active(id(21))).with_ticket(Ticket::active(id(22))),
            ),
            StateError::TwoActiveTickets { ai_contact_id: id(2) },
            "would have two active tickets",
        ),
    ]
}

#[test]
fn a_seed_that_breaks_a_rule_does_not_start() {
    for (seed, expected, words) in broken_seeds() {
        assert!(expected.to_string().contains(words), "{expected}");
        match Emulator::builder().state(seed).start() {
            Err(StartError::State(error)) => assert_eq!(error, expected),
            other => panic!("{expected:?}: {other:?}"),
        }
    }
}

#[test]
fn rejects_json_that_breaks_a_rule() {
    for (seed, expected, _) in broken_seeds() {
        let json = serde_json::to_string(&seed).unwrap();
        match Seed::from_json(&json) {
            Err(SeedError::State(error)) => assert_eq!(error, expected),
            other => panic!("{expected:?}: {other:?}"),
        }
    }
}

#[test]
fn json_of_another_form_is_located() {
    let contact = r#""ai_contact_id": "00000000-0000-0000-0000-000000000001""#;
    for (json, message) in [
        ("".to_owned(), "line 1, column 0: EOF while parsing a value; "),
        ("{".to_owned(), "line 1, column 1: EOF while parsing an object; "),
        (r#"{"keys": []}"#.to_owned(), "line 1, column 7: unknown field `keys`, expected `api_keys` or `contacts`; "),
        ("{\n \"contacts\": [{}]}".to_owned(), "line 2, column 16: missing field `ai_contact_id`; "),
        (r#"{"api_keys": "secret"}"#.to_owned(), "line 1, column 21: expected a sequence; "),
        (format!(r#"{{"contacts": [{{{contact}, "number": "1"}}]}}"#), "unknown field `number`, expected "),
        (format!(r#"{{"contacts": [{{{contact}, "contact_number": 5691}}]}}"#), ": expected a string; "),
        (format!(r#"{{"contacts": [{{{contact}, "tickets": [{{"status": "active"}}]}}]}}"#), ": missing field `id`; "),
        (format!(r#"{{"contacts": [{{{contact}, "tickets": [{{"status": "open"}}]}}]}}"#), "unknown variant `open`, "),
        (format!(r#"{{"contacts": [{{{contact}, "tickets": [{{"id": "1"}}]}}]}}"#), "UUID parsing failed: "),
        (format!(r#"{{"contacts": [{{{contact}, "tickets": [{{"updates": 1}}]}}]}}"#), "unknown field `updates`, "),
        (
            format!(r#"{{"contacts": [{{{contact}, "tickets": [{{"metadata": {{"a": "b", "c": 5691}}}}]}}]}}"#),
            ": expected a string; ",
        ),
        (
            format!(r#"{{"contacts": [{{{contact}, "tickets": [{{"metadata": "5691, expected 5691"}}]}}]}}"#),
            ": expected a map; ",
        ),
    ] {
        let error = Seed::from_json(&json).unwrap_err();
        assert!(matches!(error, SeedError::Json { .. }), "{json}: {error:?}");
        assert!(error.to_string().contains(message), "{json}: {error}");
        for secret in ["secret", "5691"] {
            assert!(!format!("{error} {error:?}").contains(secret), "{json}: {error:?}");
        }
    }
}

#[test]
fn the_default_seed_round_trips() {
    let json = serde_json::to_string(&Seed::default()).unwrap();
    assert_eq!(Seed::from_json(&json).unwrap(), Seed::default());
}

#[test]
fn the_default_seed_matches_the_placeholders() {
    let emulator = Emulator::start().unwrap();
    assert_eq!(emulator.api_key(), placeholders::API_KEY);
    for (contact, number, tickets) in [
        (
            placeholders::CONTACT_NUMBER_CONTACT,
            Some(placeholders::CONTACT_NUMBER),
            &[(placeholders::CONTACT_NUMBER_TICKET, TicketStatus::Active)][..],
        ),
        (
            placeholders::AI_CONTACT_ID,
            None,
            &[
                (placeholders::AI_CONTACT_EARLIER_TICKET, TicketStatus::Closed),
                (placeholders::AI_CONTACT_LATEST_TICKET, TicketStatus::Closed),
            ],
        ),
        (placeholders::TICKET_CONTACT, None, &[(placeholders::TICKET_ID, TicketStatus::Active)]),
    ] {
        let contact = emulator.contact(contact).unwrap();
        assert_eq!(contact.contact_number(), number);
        let found: Vec<_> = contact.tickets().iter().map(|ticket| (ticket.id(), ticket.status())).collect();
        assert_eq!(found, tickets);
        assert!(contact.tickets().iter().all(|ticket| !ticket.metadata().is_empty()), "a merge would not show");
    }
    assert_eq!(emulator.contacts().len(), 3);
}

#[test]
fn an_unknown_id_is_none() {
    let emulator = Emulator::start().unwrap();
    assert_eq!(emulator.ticket(id(0)), None);
    assert_eq!(emulator.contact(id(0)), None);
}

#[test]
fn the_state_can_change_while_it_runs() {
    let emulator = Emulator::builder().state(Seed::new(placeholders::API_KEY)).start().unwrap();
    let update = |allow_closed_ticket: bool| {
        let body = json!({ "contact_number": "56 1", "allow_closed_ticket": allow_closed_ticket, "metadata": {} });
        Call::update(&body).send(emulator.address()).status
    };
    let updates = |ticket| emulator.ticket(id(ticket)).unwrap().updates();

    assert_eq!(update(true), 404);
    emulator.add_contact(Contact::new(id(1)).with_number("+561").with_ticket(Ticket::active(id(11)))).unwrap();
    assert_eq!((update(false), updates(11)), (200, 1));
    emulator.close_ticket(id(11)).unwrap();
    emulator.close_ticket(id(11)).unwrap();
    assert_eq!((update(false), update(true), updates(11)), (404, 200, 2));
    emulator.add_ticket(id(1), Ticket::active(id(12))).unwrap();
    assert_eq!((update(true), updates(11), updates(12)), (200, 2, 1));
}

#[test]
fn a_change_that_breaks_a_rule_changes_nothing() {
    let emulator = Emulator::start().unwrap();
    let before = emulator.contacts();
    let taken = placeholders::TICKET_ID;
    let contact = placeholders::TICKET_CONTACT;
    for (change, expected) in [
        (emulator.add_contact(Contact::new(contact)), StateError::DuplicateContact { ai_contact_id: contact }),
        (
            // The first ticket is valid.
            emulator
                .add_contact(Contact::new(id(1)).with_ticket(Ticket::closed(id(2))).with_ticket(Ticket::closed(taken))),
            StateError::DuplicateTicket { id: taken },
        ),
        (emulator.add_ticket(id(1), Ticket::active(id(2))), StateError::UnknownContact { ai_contact_id: id(1) }),
        (emulator.add_ticket(contact, Ticket::closed(taken)), StateError::DuplicateTicket { id: taken }),
        (emulator.add_ticket(contact, Ticket::active(id(2))), StateError::TwoActiveTickets { ai_contact_id: contact }),
        (emulator.close_ticket(id(2)), StateError::UnknownTicket { id: id(2) }),
    ] {
        assert_eq!(change, Err(expected));
    }
    assert_eq!(emulator.contacts(), before);
}

#[test]
fn a_ticket_of_another_emulator_starts_without_updates() {
    let emulator = Emulator::start().unwrap();
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    let copy = emulator.contact(placeholders::TICKET_CONTACT).unwrap();
    let other = Emulator::builder().state(Seed::new("key").with_contact(copy)).start().unwrap();
    let ticket = other.ticket(placeholders::TICKET_ID).unwrap();
    assert_eq!((ticket.metadata()["status"].as_str(), ticket.updates()), ("escalated", 0));
}

#[test]
fn history_has_every_value_in_order() {
    let emulator = Emulator::start().unwrap();
    let history = || emulator.history(placeholders::TICKET_ID).unwrap();
    let seed = history();
    assert_eq!((&seed["status"][..], &seed["team"][..]), (&["open".to_owned()][..], &["returns".to_owned()][..]));
    for metadata in [
        json!({ "status": "new" }),
        json!({ "status": "new", "order": "1" }),
        json!({ "order": "2", "status": "open" }),
        json!({}),
        json!({ "status": "new" }),
    ] {
        let update = json!({ "ticket_id": placeholders::TICKET_ID, "metadata": metadata });
        Call::update(&update).send(emulator.address()).assert_updated();
    }
    assert_eq!(history()["status"], ["open", "new", "open", "new"], "an equal value is no new one");
    assert_eq!((&history()["order"][..], history().len()), (&["1".to_owned(), "2".to_owned()][..], 3));
    assert_eq!(emulator.history(id(0)), None);
    emulator.reset();
    assert_eq!(history(), seed);
}

#[test]
fn a_reset_restores_the_seed_and_keeps_the_requests() {
    let emulator = Emulator::start().unwrap();
    let before = emulator.contacts();
    Call::update(&valid_body()).send(emulator.address()).assert_updated();
    emulator.add_contact(Contact::new(id(1))).unwrap();
    emulator.close_ticket(placeholders::TICKET_ID).unwrap();
    assert_ne!(emulator.contacts(), before);

    emulator.reset();
    assert_eq!(emulator.contacts(), before);
    assert_eq!(emulator.requests().len(), 1);
}

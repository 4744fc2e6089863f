//! The ticket that a request reaches.

use serde_json::{Value, json};
use vambe_emulator::{Contact, Emulator, Seed, Ticket, Uuid};

use crate::support::Call;

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Contact 1 has the closed tickets 11 and 13 around the active 12; contact 2 has the closed 21 and
/// 22; contact 3 has none. Their numbers are 56 1, 56 2 and 56 3.
fn emulator() -> Emulator {
    let contact = |number: u128| Contact::new(id(number)).with_number(format!("+56 {number}"));
    let seed = Seed::new(vambe_emulator::placeholders::API_KEY)
        .with_contact(
            contact(1)
                .with_ticket(Ticket::closed(id(11)))
                .with_ticket(Ticket::active(id(12)))
                .with_ticket(Ticket::closed(id(13))),
        )
        .with_contact(contact(2).with_ticket(Ticket::closed(id(21))).with_ticket(Ticket::closed(id(22))))
        .with_contact(contact(3))
        .with_contact(Contact::new(id(4)).with_ticket(Ticket::active(id(41))));
    Emulator::builder().state(seed).start().unwrap()
}

#[test]
fn a_hundred_thousand_contacts_are_found_and_keep_their_order() {
    const COUNT: u128 = 100_000;
    let seed = (1..=COUNT).fold(Seed::new(vambe_emulator::placeholders::API_KEY), |seed, number| {
        let contact = Contact::new(id(number)).with_number(format!("+56 {number}"));
        seed.with_contact(contact.with_ticket(Ticket::active(id(COUNT + number))))
    });
    let emulator = Emulator::builder().state(seed).start().unwrap();
    for number in (1..=COUNT).step_by(9_999) {
        for body in [
            json!({ "ai_contact_id": id(number), "metadata": {} }),
            json!({ "contact_number": format!("56{number}"), "metadata": {} }),
            json!({ "ticket_id": id(COUNT + number), "metadata": {} }),
        ] {
            Call::update(&body).send(emulator.address()).assert_updated();
        }
        assert_eq!(emulator.ticket(id(COUNT + number)).unwrap().updates(), 3);
    }
    assert_eq!(emulator.updates(), 3 * 11);
    assert!(emulator.contacts().iter().map(|contact| contact.ai_contact_id().as_u128()).eq(1..=COUNT));
}

/// Sends the fields with metadata; returns the updated ticket, or the message of a 404.
#[track_caller]
fn outcome(mut body: Value) -> Result<u128, String> {
    let emulator = emulator();
    body["metadata"] = json!({ "a": "b" });
    let response = Call::update(&body).send(emulator.address());
    let updated: Vec<_> = emulator.tickets().into_iter().filter(|ticket| ticket.updates() > 0).collect();
    match response.status {
        200 => {
            let [ticket] = &updated[..] else { panic!("{body}: not one ticket but {updated:?}") };
            assert_eq!(ticket.metadata()["a"], "b", "{body}");
            Ok(ticket.id().as_u128())
        }
        404 => {
            assert!(updated.is_empty(), "{body}: rejected, and yet updated: {updated:?}");
            let response: Value = serde_json::from_str(&response.body).unwrap();
            Err(response["message"].as_str().unwrap().to_owned())
        }
        status => panic!("{body}: {status}"),
    }
}

#[test]
fn a_contact_targets_its_active_or_latest_closed_ticket() {
    let no_active_ticket = Err("Active ticket not found for contact");
    let no_ticket = Err("Ticket not found for contact");
    let no_contact = Err("Contact not found");
    for (contact, allow_closed_ticket, expected) in [
        (1, None, Ok(12)),
        (1, Some(false), Ok(12)),
        (1, Some(true), Ok(12)),
        (2, None, no_active_ticket),
        (2, Some(false), no_active_ticket),
        (2, Some(true), Ok(22)),
        (3, None, no_active_ticket),
        (3, Some(false), no_active_ticket),
        (3, Some(true), no_ticket),
        (9, None, no_contact),
        (9, Some(false), no_contact),
        (9, Some(true), no_contact),
    ] {
        for identifier in
            [json!({ "ai_contact_id": id(contact) }), json!({ "contact_number": format!("+56{contact}") })]
        {
            let mut body = identifier;
            if let Some(allow) = allow_closed_ticket {
                body["allow_closed_ticket"] = allow.into();
            }
            assert_eq!(outcome(body.clone()), expected.map_err(str::to_owned), "{body}");
        }
    }
}

#[test]
fn a_ticket_id_reaches_closed_tickets_too() {
    for ticket in [11, 12, 13, 21, 22] {
        for allow_closed_ticket in [false, true] {
            let body = json!({ "ticket_id": id(ticket), "allow_closed_ticket": allow_closed_ticket });
            assert_eq!(outcome(body), Ok(ticket));
        }
    }
    for unknown in [0, 1, 99] {
        assert_eq!(outcome(json!({ "ticket_id": id(unknown) })), Err("Ticket not found".to_owned()));
    }
}

#[test]
fn only_the_digits_of_a_number_are_compared() {
    for same in ["561", "+561", "+56 1", "(56) 1", "5-6-1", " 5.6/1 ", "00561".trim_start_matches('0'), "tel:561"] {
        assert_eq!(outcome(json!({ "contact_number": same })), Ok(12), "{same}");
    }
    for other in ["56", "5611", "165", "0056 1", "٥٦١", "", "+", "no digits", "\u{0}"] {
        let body = json!({ "contact_number": other, "allow_closed_ticket": true });
        assert_eq!(outcome(body), Err("Contact not found".to_owned()), "{other:?}");
    }
}

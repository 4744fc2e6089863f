//! "You must provide exactly one identifier": `TicketRef`, the `oneOf` of the document and the emulator agree.

use serde_json::{Value, json};
use vambe_api::{Client, TicketRef, raw::types::UpdateTicketMetadataRequest};
use vambe_emulator::{Emulator, placeholders as page};
use vambe_tests::{REQUEST, part, spec};

/// Returns a validator for the schema at a pointer of the document.
pub(crate) fn validator(spec: &Value, pointer: &str) -> jsonschema::Validator {
    // References start at the root, so the schema is placed next to the components.
    let schema = json!({ "allOf": [part(spec, pointer)], "components": part(spec, "/components") });
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

#[tokio::test]
async fn all_eight_combinations_are_judged_alike() {
    let spec = spec();
    let validator = validator(&spec, &format!("{REQUEST}/schema"));
    let vambe = Emulator::start().unwrap();
    let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build().unwrap();
    let identifiers = [
        ("ticket_id", json!(page::TICKET_ID)),
        ("ai_contact_id", json!(page::AI_CONTACT_ID)),
        ("contact_number", json!(page::CONTACT_NUMBER)),
    ];

    for combination in 0..8_u8 {
        let mut body = json!({ "metadata": { "status": "escalated" }, "allow_closed_ticket": true });
        for (index, (name, value)) in identifiers.iter().enumerate() {
            if combination & (1 << index) != 0 {
                body[*name] = value.clone();
            }
        }
        let exactly_one = combination.count_ones() == 1;
        let wire: UpdateTicketMetadataRequest = serde_json::from_value(body.clone()).unwrap();

        assert_eq!(validator.is_valid(&body), exactly_one, "the spec on {body}");
        let ticket = TicketRef::try_from(&wire);
        assert_eq!(ticket.is_ok(), exactly_one, "TicketRef on {body}");

        let before: u64 = vambe.tickets().iter().map(|ticket| ticket.updates()).sum();
        let answer = client.raw().update_ticket_metadata(&wire).await;
        let after: u64 = vambe.tickets().iter().map(|ticket| ticket.updates()).sum();
        assert_eq!(after - before, u64::from(exactly_one), "the emulator on {body}");
        match answer {
            Ok(_) => assert!(exactly_one, "the emulator on {body}"),
            Err(error) => {
                assert!(!exactly_one && error.is_bad_request(), "the emulator on {body}: {error}");
                let exactly = combination != 0;
                assert_eq!(error.message().unwrap().contains("exactly one"), exactly, "{error}");
            }
        }

        // The way back gives the same wire form.
        if let Ok(ticket) = ticket {
            let mut again = UpdateTicketMetadataRequest::new(ticket, wire.metadata.clone());
            again.allow_closed_ticket = Some(true);
            assert_eq!(serde_json::to_value(again).unwrap(), body);
        }
    }
}

#[test]
fn the_error_says_which_identifiers_were_given() {
    let cases = [
        (json!({}), "none of ticket_id, ai_contact_id, contact_number is given: give exactly one"),
        (
            json!({ "ticket_id": page::TICKET_ID, "contact_number": "+56912345678" }),
            "ticket_id and contact_number are given: give exactly one of ticket_id, ai_contact_id, contact_number",
        ),
    ];
    for (mut body, expected) in cases {
        body["metadata"] = json!({});
        let wire: UpdateTicketMetadataRequest = serde_json::from_value(body).unwrap();
        let error = TicketRef::try_from(&wire).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, expected);
    }
}

#[test]
fn a_wire_form_with_an_unusable_number_is_refused() {
    let body = json!({ "contact_number": "call me", "metadata": {} });
    let wire: UpdateTicketMetadataRequest = serde_json::from_value(body).unwrap();
    assert!(matches!(TicketRef::try_from(&wire), Err(vambe_api::InvalidTicketRef::ContactNumber(_))));
}

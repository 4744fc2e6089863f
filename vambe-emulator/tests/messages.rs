//! The messages of all errors, in `fixtures/messages.txt` for review.

use std::{error::Error, io};

use vambe_emulator::{Fault, FaultMix, Limit, Seed, StartError, StateError, Uuid};

use crate::support::assert_fixture;

#[test]
fn error_messages_are_current() {
    let (id, ai_contact_id, second) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    let fault = |text: &str| -> Box<dyn Error> { Box::new(text.parse::<Fault>().unwrap_err()) };
    let seed = |json: &str| -> Box<dyn Error> { Box::new(Seed::from_json(json).unwrap_err()) };
    let source = || io::Error::other("the cause");
    let errors: Vec<Box<dyn Error>> = vec![
        Box::new(StateError::NoApiKey),
        Box::new(StateError::UnusableApiKey { position: 0 }),
        Box::new(StateError::DuplicateContact { ai_contact_id }),
        Box::new(StateError::DuplicateNumber { first: ai_contact_id, second }),
        Box::new(StateError::NumberWithoutDigits { ai_contact_id }),
        Box::new(StateError::DuplicateTicket { id }),
        Box::new(StateError::TwoActiveTickets { ai_contact_id }),
        Box::new(StateError::UnknownContact { ai_contact_id }),
        Box::new(StateError::UnknownTicket { id }),
        seed("{"),
        seed(r#"{"api_keys": 1}"#),
        seed(r#"{"keys": []}"#),
        seed("{}"),
        Box::new(StartError::State(StateError::NoApiKey)),
        Box::new(StartError::Bind { address: ([127, 0, 0, 1], 8080).into(), source: source() }),
        Box::new(StartError::Thread(source())),
        fault("nonsense"),
        fault("reset-after-writ"),
        fault("status"),
        fault("redirect:200:/x"),
        fault("redirect:307:/a b"),
        Box::new("none".parse::<FaultMix>().unwrap_err()),
        Box::new("1000".parse::<Limit>().unwrap_err()),
    ];
    let mut text = String::new();
    for error in errors {
        text += &format!("{error}\n");
        if let Some(cause) = error.source() {
            text += &format!("    caused by: {cause}\n");
        }
    }
    assert_fixture("tests/fixtures/messages.txt", &text);
}

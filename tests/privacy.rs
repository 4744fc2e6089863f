//! A planted key, phone number and metadata value come out nowhere.

use std::error::Error as StdError;

use vambe_api::{Client, ContactNumber, Error, Metadata, TicketRef, raw::types::UpdateTicketMetadataRequest};
use vambe_emulator::Emulator;

use crate::server::{answering, http};

const KEY: &str = "planted-api-key";
const NUMBER: &str = "+56987654321";
const VALUE: &str = "planted-metadata-value";

/// Everything that can be printed of an error: itself and its causes, in each form.
fn texts(error: &(dyn StdError + 'static)) -> Vec<String> {
    let mut texts = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        texts.extend([format!("{error}"), format!("{error:#}"), format!("{error:?}"), format!("{error:#?}")]);
        next = error.source();
    }
    texts
}

fn check(what: &str, texts: &[String]) {
    // With and without its `+`, and as it was written.
    for planted in [KEY, &NUMBER[1..], "9 8765-4321", VALUE] {
        for text in texts {
            assert!(!text.contains(planted), "{what} shows {planted}: {text}");
        }
    }
}

fn planted() -> (TicketRef, Metadata) {
    (TicketRef::contact_number("+56 9 8765-4321").unwrap(), Metadata::from([("note", VALUE)]))
}

#[test]
fn no_type_shows_them() {
    let (ticket, metadata) = planted();
    let builder = Client::builder().api_key(KEY);
    let client = builder.clone().build().unwrap();
    let wire = UpdateTicketMetadataRequest::new(ticket.clone(), metadata.clone().into());
    let update = client.update_ticket_metadata(ticket.clone(), metadata.clone());
    let texts = [
        format!("{builder:?} {builder:#?}"),
        format!("{client:?} {client:#?} {:?}", client.raw().transport()),
        format!("{ticket:?} {ticket:#?} {metadata:?} {metadata:#?}"),
        format!("{wire:?} {wire:#?} {update:?} {update:#?}"),
    ];
    check("a type", &texts);
    for shown in ["note", "contact_number: Some([redacted])", "metadata: [redacted]"] {
        assert!(texts.iter().any(|text| text.contains(shown)), "{shown} in {texts:?}");
    }
}

#[test]
fn no_refused_input_shows_itself() {
    let errors: Vec<Box<dyn StdError>> = vec![
        Box::new(format!("{NUMBER}x").parse::<ContactNumber>().unwrap_err()),
        Box::new(TicketRef::contact_number(&format!("{NUMBER}{NUMBER}")).unwrap_err()),
        Box::new(Client::builder().api_key(format!("{KEY}\n")).build().unwrap_err()),
        Box::new(Client::builder().api_key(KEY).base_url(format!("http://{KEY}@127.0.0.1")).build().unwrap_err()),
    ];
    for error in errors {
        check("a refusal", &texts(error.as_ref()));
    }
}

#[tokio::test]
async fn no_error_shows_them_also_where_the_server_repeats_them() {
    let echo = format!(r#"{{"statusCode":400,"message":["{NUMBER} {KEY}","no {VALUE} for {}"]}}"#, &NUMBER[1..]);
    let echo_in_header = format!(
        "HTTP/1.1 404 Not Found\r\nx-echo: {KEY} {NUMBER} {VALUE}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let servers = [
        answering(http(400, "application/json", &echo)),
        answering(http(502, "text/plain", &echo)),
        answering(http(200, "application/json", &format!(r#"{{"status":"{VALUE}"}}"#))),
        answering(echo_in_header),
        answering("no HTTP"),
        "http://127.0.0.1:1".to_owned(),
    ];
    for server in servers {
        let client = Client::builder().api_key(KEY).base_url(&server).build().unwrap();
        let (ticket, metadata) = planted();
        match client.update_ticket_metadata(ticket, metadata).await {
            Ok(response) => check("a response", &[format!("{response:?} {response:#?}")]),
            Err(error) => {
                check("an error", &texts(&error));
                if let Some(whole) = error.status_error() {
                    check("an answer", &texts(whole));
                    let repeated = whole.message().is_some_and(|message| message.contains(VALUE));
                    assert_eq!(repeated, !whole.body().is_empty(), "the server's words are kept");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_emulator_s_log_does_not_show_them() {
    let vambe = Emulator::start().unwrap();
    let client = Client::builder().api_key(KEY).base_url(vambe.url()).build().unwrap();
    let (ticket, metadata) = planted();
    let error: Error = client.update_ticket_metadata(ticket, metadata).await.unwrap_err();
    check("an error", &texts(&error));
    check("the log", &[format!("{:?} {:#?} {vambe:?}", vambe.requests(), vambe.requests())]);
}

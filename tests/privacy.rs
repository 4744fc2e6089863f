//! A planted key, phone number and metadata value are shown nowhere.

use std::{
    error::Error as StdError,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
    time::Duration,
};

use tracing_subscriber::fmt::format::FmtSpan;
use vambe_api::{Client, ContactNumber, Error, Metadata, TicketRef, raw::types::UpdateTicketMetadataRequest};
use vambe_emulator::Emulator;

use crate::{
    schema::Escalate,
    server::{answering, http},
};

const KEY: &str = "planted-api-key";
const NUMBER: &str = "+56987654321";
const VALUE: &str = "planted-metadata-value";

/// Returns everything that can be printed of an error: itself and its causes, in each form.
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

/// Invariant: no deserialisation error shows a value.
#[test]
fn no_refusal_to_deserialise_shows_what_it_refuses() {
    let number = &NUMBER[1..];
    let inputs = [
        number.to_owned(),
        format!("-{number}"),
        format!("{number}.5"),
        format!("{number}000000000000"),
        format!("\"{NUMBER} {VALUE}\""),
        format!("[{number}, \"{VALUE}\"]"),
        format!("{{\"{VALUE}\" {NUMBER}"),
    ];
    let mut texts_seen = Vec::new();
    for input in &inputs {
        for field in ["ticket_id", "ai_contact_id", "contact_number", "metadata"] {
            for input in [input.clone(), format!("{{\"{field}\": {input}}}"), format!("{{\"a\": {{\"a\": {input}}}}}")]
            {
                let errors = [
                    serde_json::from_str::<ContactNumber>(&input).err(),
                    serde_json::from_str::<TicketRef>(&input).err(),
                    serde_json::from_str::<Metadata>(&input).err(),
                    // Flattened: the derive of the surrounding struct refuses anything but an object.
                    serde_json::from_str::<Escalate>(&input).err().filter(|_| input.starts_with("{\"")),
                ];
                errors.iter().flatten().for_each(|error| texts_seen.extend(texts(error)));
            }
        }
    }
    assert!(texts_seen.len() > inputs.len() * 12, "the inputs must have been refused");
    check("a refusal to deserialise", &texts_seen);
}

/// Starts to capture the logs of every crate in the process, at the most verbose level.
fn capture_logs() -> Arc<Mutex<Vec<u8>>> {
    struct Writer(Arc<Mutex<Vec<u8>>>);
    impl std::io::Write for Writer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let logs = Arc::new(Mutex::new(Vec::new()));
    let writer = Arc::clone(&logs);
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || Writer(Arc::clone(&writer)))
        .init();
    logs
}

/// Returns the text of a panic with this error.
fn panic_text(error: Error) -> String {
    let result: Result<(), _> = std::iter::once(Err(error)).collect();
    let panic = catch_unwind(AssertUnwindSafe(|| result.unwrap())).unwrap_err();
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[tokio::test]
async fn no_error_shows_them_also_where_the_server_repeats_them() {
    let echo = format!(r#"{{"statusCode":400,"message":["{NUMBER} {KEY}","no {VALUE} for {}"]}}"#, &NUMBER[1..]);
    let echo_in_header = format!(
        "HTTP/1.1 404 Not Found\r\nx-echo: {KEY} {NUMBER} {VALUE}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let logs = capture_logs();
    let drifts = Arc::new(Mutex::new(Vec::new()));
    let key_as_field = format!(r#"{{"status":"ok","{NUMBER}":1,"{VALUE}":"{KEY}"}}"#);
    let servers = [
        answering(http(200, "application/json", &key_as_field)),
        answering(http(400, "application/json", &echo)),
        answering(http(502, "text/plain", &echo)),
        answering(http(200, "application/json", &format!(r#"{{"status":"{VALUE}"}}"#))),
        answering(echo_in_header),
        answering("no HTTP"),
        "http://127.0.0.1:1".to_owned(),
    ];
    for server in servers {
        let reported = Arc::clone(&drifts);
        let client = Client::builder()
            .api_key(KEY)
            .base_url(&server)
            .on_drift(move |drift| reported.lock().unwrap().push(format!("{drift} {drift:?}")))
            .backoff(Duration::ZERO, Duration::ZERO)
            .build()
            .unwrap();
        let (ticket, metadata) = planted();
        match client.update_ticket_metadata(ticket, metadata).max_attempts(2).await {
            Ok(response) => check("a response", &[format!("{response:?} {response:#?}")]),
            Err(error) => {
                check("an error", &texts(&error));
                if let Some(whole) = error.status_error() {
                    check("an answer", &texts(whole));
                    let repeated = whole.message().is_some_and(|message| message.contains(VALUE));
                    assert_eq!(repeated, !whole.body().is_empty(), "the text of the server is kept");
                }
                check("a panic", &[panic_text(error)]);
            }
        }
    }

    let drifts = drifts.lock().unwrap();
    assert!(drifts.iter().any(|drift| drift.contains("[redacted]")), "{drifts:?}");
    check("a drift", &drifts);
    let logs = String::from_utf8(logs.lock().unwrap().clone()).unwrap();
    for logged in ["hyper_util", "vambe_api", "attempt failed", "contract drift", "http.response.status_code=400"] {
        assert!(logs.contains(logged), "the capture must have seen {logged}");
    }
    check("the log", &logs.lines().map(str::to_owned).collect::<Vec<_>>());
}

/// Invariant: no spelling of a private text is shown.
///
/// Each case is a text that a server may derive from the request, with the text that may be shown.
#[tokio::test]
async fn no_spelling_of_a_private_text_is_shown() {
    const UUID: &str = "0badcafe-e5f6-7890-abcd-ef1234567890";
    let metadata = || {
        Metadata::from([
            ("quoted", "say \"planted\" twice"),
            ("padded", "  planted pad  "),
            ("lines", "planted\nlines\tand  gaps"),
            ("accents", "Plantación Ñandú"),
            ("id", UUID),
        ])
    };
    let json_in_json = r#"say \\\"planted\\\" twice, planted\\nlines\\tand  gaps, Plantaci\\u00f3n \\u00d1and\\u00fa"#;
    let echoes = [
        json_in_json.to_owned(),
        "planted pad".to_owned(),
        "planted lines and gaps".to_owned(),
        "PLANTACIÓN ñandú".to_owned(),
        "+56 9 8765 4321, 56-9-87654321, (56) 9.8765.4321".to_owned(),
        UUID.to_owned(),
        UUID.to_uppercase(),
        KEY.to_uppercase(),
        format!("{}{KEY}", "x".repeat(490)),
        format!("{}{NUMBER}", "x".repeat(495)),
    ];
    let mut answers: Vec<String> = echoes
        .iter()
        .map(|echo| http(400, "application/json", &format!(r#"{{"statusCode": 400, "message": "no {echo}"}}"#)))
        .collect();
    answers.push(format!(
        "HTTP/1.1 307 Away\r\nlocation: https://{KEY}.example.com/{KEY}\r\n{KEY}: 1\r\nx-{}: 1\r\ncontent-length: 0\r\n\
         connection: close\r\n\r\n",
        &NUMBER[1..]
    ));
    answers.push(answers[answers.len() - 1].replace("307 Away", "200 OK"));
    for answer in answers {
        let client =
            Client::builder().api_key(KEY).base_url(answering(answer.clone())).max_attempts(1).build().unwrap();
        let ticket = TicketRef::contact_number(NUMBER).unwrap();
        let shown = match client.update_ticket_metadata(ticket, metadata()).await {
            Ok(response) => vec![format!("{response:?}")],
            Err(error) => {
                let message = error.redacted_message().unwrap_or_default().to_owned();
                assert!(message.chars().count() <= 500 && !message.contains('\n'), "{message}");
                assert!(format!("{error}").contains("[redacted]") || format!("{error}").ends_with('…'), "{error}");
                [texts(&error), texts(error.status_error().unwrap()), vec![message]].concat()
            }
        };
        for text in shown {
            // Only letters and digits count, not the text between them.
            let letters: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
            for private in ["planted", "plantaci", "andú", "5698765", "98765", "0badcafe", "abcdef1234567890"] {
                assert!(!letters.contains(private), "{private} in {text} of {answer}");
            }
        }
    }
}

#[tokio::test]
async fn an_identifier_by_the_spec_may_be_shown() {
    const ID: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
    let answer = http(404, "application/json", &format!(r#"{{"statusCode": 404, "message": "no ticket {ID}"}}"#));
    for (ticket, value, shown) in [
        (TicketRef::ticket_id(ID).unwrap(), "a", true),
        (TicketRef::ai_contact_id(ID).unwrap(), "a", true),
        (TicketRef::ticket_id(ID).unwrap(), ID, false),
    ] {
        let client = Client::builder().api_key(KEY).base_url(answering(answer.clone())).build().unwrap();
        let error = client.update_ticket_metadata(ticket, Metadata::from([("note", value)])).await.unwrap_err();
        assert_eq!(error.to_string().contains(ID), shown, "{error}");
    }
}

#[tokio::test]
async fn the_emulator_s_log_does_not_show_them() {
    let vambe = Emulator::start().unwrap();
    let client = Client::builder().api_key(KEY).base_url(vambe.url()).build().unwrap();
    let (ticket, metadata) = planted();
    let error: Error = client.update_ticket_metadata(ticket, metadata).max_attempts(2).await.unwrap_err();
    check("an error", &texts(&error));
    check("the log", &[format!("{:?} {:#?} {vambe:?}", vambe.requests(), vambe.requests())]);
}

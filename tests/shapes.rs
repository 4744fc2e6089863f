//! The code generated from the specs in `codegen/tests/specs` compiles, and sends what it should through the same transport.

use std::time::Duration;

use serde_json::json;
use vambe_api::{Client, Error, InvalidRequest, StatusCode, Uuid, parameters::InvalidParameter};

use crate::{
    TicketRef,
    server::{answering_in_turn, http},
};

use crate::generated::{
    self,
    fields::types::Thing,
    groups::types::{CloseTicket, Message, MessageChoice, ReopenTicketBody, Search, SearchChoice},
    parameters::{self, types::State},
};

const ID: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";

fn client(url: &str) -> Client {
    Client::builder().api_key("the-key").base_url(url).backoff(Duration::ZERO, Duration::ZERO).build().unwrap()
}

fn parameters_client(url: &str) -> parameters::Client {
    parameters::Client::new(client(url).raw().transport().clone())
}

/// Invariant: the expected texts of the generator compile.
#[test]
fn each_spec_of_the_generator_is_compiled_here() {
    let folder = vambe_tests::root().join("codegen/tests/specs");
    let here = vambe_tests::read("tests/generated.rs");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(name) = name.strip_suffix(".rs") {
            assert!(here.contains(&format!("codegen/tests/specs/{name}.rs\"")), "add `{name}` to tests/generated.rs");
        }
    }
}

#[tokio::test]
async fn a_get_sends_parameters_key_and_headers_and_is_retried() {
    let (url, seen) =
        answering_in_turn([http(503, "application/json", ""), http(200, "application/json", r#"{"name": "urgent"}"#)]);
    let id = Uuid::parse_str(ID).unwrap();
    let answer = parameters_client(&url)
        .get_tag(
            "+56 9/1",
            &id,
            Some(&vec![id, Uuid::nil()]),
            None,
            Some("2026-11-22"),
            State::Open,
            Some(true),
            Some("t-1"),
            "a b",
        )
        .await
        .unwrap();
    assert_eq!(answer.attempts(), 2);
    assert_eq!(answer.body().unwrap().name, "urgent");
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    for request in seen.iter() {
        let line = format!(
            "GET /contacts/%2B56%209%2F1/tags/{ID}?ids={ID}&ids={}&since=2026-11-22&state=open&verbose=true HTTP/1.1",
            Uuid::nil()
        );
        assert_eq!(request.lines().next(), Some(line.as_str()));
        for header in ["x-api-key: the-key", "x-trace: t-1", "x-tenant: a b"] {
            assert!(request.lines().any(|line| line == header), "{header} in {request}");
        }
    }
}

#[tokio::test]
async fn a_delete_is_answered_with_204_and_a_patch_without_idempotency_is_not_retried() {
    let id = Uuid::nil();
    let (url, seen) = answering_in_turn([http(204, "text/plain", "")]);
    let answer = parameters_client(&url).delete_tag("a", &id).await.unwrap();
    assert_eq!((answer.status(), answer.body()), (StatusCode::NO_CONTENT, Some(&())));
    assert!(seen.lock().unwrap().first().unwrap().starts_with("DELETE /contacts/a/tags/"));

    let (url, seen) = answering_in_turn([http(503, "text/plain", "")]);
    let tag = parameters::types::Tag { name: "private".into() };
    let error = parameters_client(&url).patch_tag("a", &id, &tag).await.unwrap_err();
    assert_eq!(
        (error.status(), error.attempts(), seen.lock().unwrap().len()),
        (Some(StatusCode::SERVICE_UNAVAILABLE), 1, 1)
    );
}

/// Invariant: a parameter that the server repeats is redacted.
#[tokio::test]
async fn parameters_that_the_server_repeats_are_hidden_and_one_that_leads_elsewhere_is_not_sent() {
    let repeated = r#"{"statusCode": 404, "message": "Cannot DELETE /contacts/%2B5691/tags: no +5691"}"#;
    let (url, _) = answering_in_turn([http(404, "application/json", repeated)]);
    let error = parameters_client(&url).delete_tag("+5691", &Uuid::nil()).await.unwrap_err();
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("5691"), "{text}");
    }
    let (url, seen) = answering_in_turn([]);
    let error = parameters_client(&url).delete_tag("..", &Uuid::nil()).await.unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(InvalidRequest::Parameter(InvalidParameter::Path))), "{error:?}");
    assert!(seen.lock().unwrap().is_empty());
}

#[test]
fn fields_are_on_the_wire_as_they_were_set() {
    let thing = json!({ "id": ID, "name": "n", "count": 1, "tags": [], "labels": {}, "note": null, "created": "now",
        "parts": [], "ratioFloat": 0.5, "state": "in-progress", "level": 2, "address": { "street": "s" },
        "prices": { "a": { "value": 1.5 } } });
    let mut read: Thing = serde_json::from_value(thing.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), thing, "also an empty list, and `null`");
    read.parts = None;
    assert!(serde_json::to_value(&read).unwrap().get("parts").is_none());
    assert!(serde_json::from_value::<Thing>(json!({ "new": true })).is_err(), "required fields are required");
    let mut more = thing;
    more["new_field"] = json!(1);
    assert!(serde_json::from_value::<Thing>(more).is_ok(), "an answer may gain a field");
}

#[test]
fn each_group_is_glued_to_its_sum_type_both_ways() {
    let ticket = TicketRef::ticket_id(ID).unwrap();
    let close = CloseTicket::new(ticket.clone());
    assert_eq!(serde_json::to_value(&close).unwrap(), json!({ "ticket_id": ID }));
    assert_eq!(TicketRef::try_from(&close).unwrap(), ticket);
    let reopen = ReopenTicketBody::new(ticket.clone(), "why".into());
    assert_eq!(serde_json::to_value(&reopen).unwrap(), json!({ "ticketId": ID, "reason": "why" }));
    assert_eq!(TicketRef::try_from(&reopen).unwrap(), ticket);

    let mut message = Message::new(MessageChoice::PlainText("private".into()), "to".into(), true);
    assert_eq!(serde_json::to_value(&message).unwrap(), json!({ "to": "to", "choice": true, "plainText": "private" }));
    let choice = MessageChoice::try_from(&message).unwrap();
    assert_eq!(format!("{choice:?}"), "MessageChoice::PlainText");
    message.media = Some(Vec::new());
    let error = MessageChoice::try_from(&message).unwrap_err();
    assert_eq!(error.to_string(), "plainText and media are given: give exactly one of plainText, template-id, media");

    let mut search = Search::new(SearchChoice::Words("a".into()), 3);
    search.state = Some(generated::groups::types::SearchState::Open);
    assert!(matches!(SearchChoice::try_from(&search), Ok(SearchChoice::Words(_))));
    (search.words, search.state) = (None, None);
    let error = SearchChoice::try_from(&search).unwrap_err();
    assert_eq!(error.to_string(), "none of words, state is given: give at least one");
}

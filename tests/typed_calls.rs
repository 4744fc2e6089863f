//! Each operation of the specs in `codegen/tests/specs` sends the same request by the typed methods of both clients.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};
use vambe_api::{Error, InvalidRequest, Metadata, Uuid};

use crate::{
    Client, TicketRef, blocking,
    generated::{
        answers, fields, groups, mixed,
        parameters::{self, types::State},
        second,
    },
    server::{answering_in_turn, http},
};

const ID: Uuid = Uuid::from_u128(0xa1b2);
const ID_TEXT: &str = "00000000-0000-0000-0000-00000000a1b2";

fn real(url: &str) -> vambe_api::Client {
    vambe_api::Client::builder().api_key("the-key").base_url(url).build().unwrap()
}

fn block_on<T>(call: impl IntoFuture<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(call.into_future())
}

/// A request as it arrived: its first line, its headers but those of any HTTP client, and its body.
#[derive(Debug, PartialEq)]
struct Sent {
    line: String,
    headers: Vec<String>,
    body: Option<Value>,
}

impl Sent {
    fn new(line: &str, headers: &[&str], body: Option<Value>) -> Self {
        let headers = headers.iter().chain(&["x-api-key: the-key"]);
        let mut headers: Vec<_> = headers.map(|header| (*header).to_owned()).collect();
        headers.extend(body.is_some().then(|| "content-type: application/json".to_owned()));
        headers.sort();
        Self { line: format!("{line} HTTP/1.1"), headers, body }
    }

    fn read(request: &str) -> Self {
        let (head, body) = request.split_once("\n\n").unwrap();
        let (line, headers) = head.split_once('\n').unwrap();
        let plumbing = ["accept:", "content-length:", "host:", "user-agent:"];
        let headers = headers.lines().filter(|header| !plumbing.iter().any(|name| header.starts_with(name)));
        let mut headers: Vec<_> = headers.map(str::to_owned).collect();
        headers.sort();
        Self { line: line.to_owned(), headers, body: serde_json::from_str(body).ok() }
    }
}

/// Makes the call that `$call` makes of either client, and returns the name of its operation.
macro_rules! assert_sent {
    ($client:ident => $call:expr, $line:expr, $headers:expr, $body:expr) => {{
        let (url, seen) = answering_in_turn([http(204, "text/plain", "")]);
        let real = real(&url);
        let operation = {
            let $client = Client::new(&real);
            let call = $call.max_attempts(1);
            let shown = format!("{call:?}");
            block_on(call).unwrap();
            shown.split('"').nth(1).unwrap().to_owned()
        };
        {
            let $client = blocking::Client::new(&real);
            $call.timeout(Duration::from_secs(300)).attempt_timeout(Duration::from_secs(300)).send().unwrap();
        }
        let seen: Vec<_> = seen.lock().unwrap().iter().map(|request| Sent::read(request)).collect();
        assert_eq!(seen, [Sent::new($line, &$headers, $body), Sent::new($line, &$headers, $body)], "{operation}");
        operation
    }};
}

fn ticket() -> TicketRef {
    TicketRef::TicketId(ID)
}

#[test]
fn each_operation_is_sent_alike_by_both_clients() {
    let mut operations = vec![
        assert_sent!(
            client => client.create_ticket("a").extra(answers::types::CreateTicketBodyExtra {
                zeta: Some("z".into()),
                alpha: None,
            }),
            "POST /tickets", [], Some(json!({ "title": "a", "extra": { "zeta": "z" } }))
        ),
        assert_sent!(client => client.list_tickets(), "GET /tickets", [], None),
        assert_sent!(client => client.list_contacts(), "GET /contacts", [], None),
        assert_sent!(
            client => client
                .put_thing("n", 1, Vec::new(), BTreeMap::new(), None)
                .day("2026-11-24")
                .ratio_float(0.5)
                .type_("t")
                .parts(Vec::new()),
            "PUT /things", [],
            Some(json!({ "name": "n", "count": 1, "tags": [], "labels": {}, "note": null, "day": "2026-11-24",
                "ratioFloat": 0.5, "type": "t", "parts": [] }))
        ),
        assert_sent!(
            client => client.close_ticket(ticket()).notify(true).watchers(Vec::new()),
            "POST /tickets/close", [], Some(json!({ "ticket_id": ID_TEXT, "notify": true, "watchers": [] }))
        ),
        assert_sent!(
            client => client.reopen_ticket(ticket(), "why"),
            "POST /tickets/reopen", [], Some(json!({ "ticketId": ID_TEXT, "reason": "why" }))
        ),
        assert_sent!(
            client => client.send_message(groups::types::MessageChoice::PlainText("hi".into()), "to", true),
            "POST /messages", [], Some(json!({ "to": "to", "choice": true, "plainText": "hi" }))
        ),
        assert_sent!(
            client => client.search(groups::types::SearchChoice::Words("a".into()), 3).state(groups::types::SearchState::Open),
            "POST /search", [], Some(json!({ "limit": 3, "words": "a", "state": "open" }))
        ),
        assert_sent!(
            client => client
                .make_a("x1".to_owned().into(), BTreeMap::from([("k".into(), "v".into())]), Some(mixed::types::ABodyQ::A))
                .ids(vec!["x2".to_owned().into(), "x3".to_owned().into()].into()),
            "POST /a/x1?ids=x2&ids=x3", [], Some(json!({ "k": "v", "q": "a" }))
        ),
        assert_sent!(client => client.make_b(Vec::new()), "POST /b", [], Some(json!([]))),
        assert_sent!(
            client => client.get_tag("+56 9/1", ID, State::Open, "a b").ids(vec![ID]).limit(3).verbose(true).x_trace("t-1"),
            &format!("GET /contacts/%2B56%209%2F1/tags/{ID_TEXT}?ids={ID_TEXT}&limit=3&state=open&verbose=true"),
            ["x-tenant: a b", "x-trace: t-1"], None
        ),
        assert_sent!(
            client => client.delete_tag("a", ID),
            &format!("DELETE /contacts/a/tags/{ID_TEXT}"), [], None
        ),
        assert_sent!(
            client => client.patch_tag("a", ID, "n"),
            &format!("PATCH /contacts/a/tags/{ID_TEXT}"), [], Some(json!({ "name": "n" }))
        ),
        assert_sent!(
            client => client.put_level(1.try_into().unwrap(), 0.5, State::Closed),
            "PUT /levels/1/0.5/closed", [], None
        ),
        assert_sent!(
            client => client.set_metadata(ticket(), [("a", "b")]),
            "POST /tickets/metadata", [], Some(json!({ "ticket_id": ID_TEXT, "metadata": { "a": "b" } }))
        ),
        assert_sent!(
            client => client
                .move_ticket("board", ticket(), "title")
                .client("c")
                .name_value("column")
                .metadata(Metadata::from([("a", "b")]))
                .timeout_value(3)
                .input_value("i")
                .type_("t"),
            "POST /boards/board/tickets?client=c", [],
            Some(json!({ "ticket_id": ID_TEXT, "ticket": "title", "name": "column", "metadata": { "a": "b" }, "timeout": 3,
                "input": "i", "type": "t" }))
        ),
    ];
    let specs = [
        answers::operations::ALL,
        fields::operations::ALL,
        groups::operations::ALL,
        mixed::operations::ALL,
        parameters::operations::ALL,
        second::operations::ALL,
    ];
    let mut all: Vec<_> = specs.into_iter().flatten().map(|operation| operation.id.to_owned()).collect();
    all.sort();
    operations.sort();
    assert_eq!(operations, all, "each operation of each spec");
}

#[test]
fn empty_metadata_is_refused_before_anything_is_sent() {
    let (url, seen) = answering_in_turn([]);
    let real = real(&url);
    let nothing: Vec<(String, String)> = Vec::new();
    let (client, blocking) = (Client::new(&real), blocking::Client::new(&real));
    let required = block_on(client.set_metadata(ticket(), nothing.clone()));
    let optional = blocking.move_ticket("board", ticket(), "title").metadata(nothing).type_("t").send();
    for error in [required.unwrap_err(), optional.unwrap_err()] {
        assert!(matches!(error, Error::InvalidRequest(InvalidRequest::Metadata(_))), "{error:?}");
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[test]
fn a_call_shows_its_operation_and_options_and_no_value() {
    let client = Client::new(&real("http://127.0.0.1:1"));
    let call = client.move_ticket("private", ticket(), "private").type_("private").max_attempts(1);
    assert_eq!(
        format!("{call:?}"),
        "Call { operation: \"move_ticket\", options: CallOptions { timeout: 60s, attempt_timeout: 15s, max_attempts: 1 }, .. }"
    );
}

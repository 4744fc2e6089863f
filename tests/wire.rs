//! The client sends exactly what the page shows.

use std::collections::BTreeMap;

use serde_json::Value;
use vambe_api::{
    Client, Metadata, Operation, Response, TicketRef,
    raw::{operations, types::UpdateTicketMetadataRequest},
};
use vambe_emulator::Emulator;
use vambe_tests::{REQUEST, examples, part, spec};

use crate::{
    one_identifier::validator,
    server::{answering_in_turn, http},
};

/// The headers that any HTTP/1.1 client adds. `accept` follows from the media type of the response in the spec.
const PLUMBING: [(&str, Option<&str>); 4] =
    [("accept", Some("application/json")), ("content-length", None), ("host", None), ("user-agent", None)];

/// Sends a wire form by the typed client.
async fn send(client: &Client, request: &UpdateTicketMetadataRequest) {
    let ticket = TicketRef::try_from(request).unwrap();
    let metadata = Metadata::try_from(request.metadata.clone()).unwrap();
    let update = client.update_ticket_metadata(ticket, metadata);
    let update = match request.allow_closed_ticket {
        Some(allow) => update.allow_closed_ticket(allow),
        None => update,
    };
    let response = update.await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn each_example_of_the_spec_is_sent_as_the_page_shows_it() {
    let spec = spec();
    let vambe = Emulator::start().unwrap();
    let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build().unwrap();
    for (name, example) in examples(&spec, &format!("{REQUEST}/examples")) {
        vambe.clear_requests();
        send(&client, &serde_json::from_value(example.clone()).unwrap()).await;

        let requests = vambe.requests();
        let [request] = requests.as_slice() else { panic!("{name}: {} requests", requests.len()) };
        assert_eq!(request.method(), "POST", "{name}");
        assert_eq!(request.path(), "/api/public/ticket/metadata", "{name}");
        assert_eq!(request.json().unwrap(), example, "{name}");

        let mut headers: BTreeMap<_, _> =
            request.headers().iter().map(|(header, value)| (header.as_str(), value.to_str().unwrap())).collect();
        assert_eq!(headers.remove("content-type"), Some("application/json"), "{name}");
        assert_eq!(headers.remove("x-api-key"), Some(vambe.api_key()), "{name}");
        for (header, value) in PLUMBING {
            let found = headers.remove(header).unwrap_or_else(|| panic!("{name}: no {header}"));
            assert!(value.is_none_or(|value| value == found), "{name}: {header}: {found}");
        }
        assert_eq!(headers, BTreeMap::new(), "{name}: headers that the page does not show");
    }
}

/// For any operation; `typed_calls` tests which typed method sends it.
#[tokio::test]
async fn each_operation_sends_its_examples_to_its_path() {
    let spec = spec();
    let mut sent = Vec::new();
    for (operation, body) in bodies_with_examples(&spec) {
        if !body.contains("/requestBody/") {
            continue;
        }
        // The values of the parameters do not matter here.
        let path = operation.path.replace(['{', '}'], "");
        for (name, example) in examples(&spec, &format!("{body}/examples")) {
            let (url, seen) = answering_in_turn([http(204, "text/plain", "")]);
            let client = Client::builder().api_key("the-key").base_url(url).build().unwrap();
            let transport = client.raw().transport();
            let request = transport.request_at(operation, &path).unwrap().json(&example).unwrap();
            let _: Response<()> = transport.send(request).await.unwrap();
            let seen = seen.lock().unwrap();
            let (head, body) = seen.first().unwrap().split_once("\n\n").unwrap();
            assert_eq!(head.lines().next().unwrap(), format!("{} {path} HTTP/1.1", operation.method), "{name}");
            assert!(head.lines().any(|line| line == "x-api-key: the-key"), "{name}: {head}");
            assert_eq!(serde_json::from_str::<Value>(body).unwrap(), example, "{name}");
        }
        sent.push(operation.id);
    }
    assert!(sent.contains(&"update_ticket_metadata"), "{sent:?}");
}

/// The bytes are those of the page too, without its white space: the fields are in its order.
#[test]
fn the_json_has_the_fields_in_the_page_s_order() {
    let cases = [
        r#"{"contact_number":"+56912345678","metadata":{"order_id":"ORD-12345","priority":"high"}}"#,
        r#"{"ai_contact_id":"df980fc8-b6db-4820-bf22-2969482d106d","allow_closed_ticket":true,"metadata":{"order_id":"ORD-12345","refund_reason":"damaged_product"}}"#,
        r#"{"ticket_id":"a1b2c3d4-e5f6-7890-abcd-ef1234567890","metadata":{"status":"escalated"}}"#,
    ];
    for case in cases {
        let request: UpdateTicketMetadataRequest = serde_json::from_str(case).unwrap();
        assert_eq!(serde_json::to_string(&request).unwrap(), case);
    }
}

#[test]
fn the_spec_has_the_page_s_server_path_and_key() {
    let spec = spec();
    assert_eq!(part(&spec, "/servers"), &serde_json::json!([{"url": "https://api.vambe.me"}]));
    assert_eq!(part(&spec, "/components/securitySchemes/api_key/in"), "header");
    assert_eq!(part(&spec, "/components/securitySchemes/api_key/name"), "x-api-key");
    assert!(part(&spec, "/paths").get(vambe_emulator::METADATA_PATH).is_some());
}

#[tokio::test]
async fn a_base_url_with_a_path_and_a_slash_is_a_prefix() {
    let vambe = Emulator::start().unwrap();
    let base_url = format!("{}/proxy/vambe/", vambe.url());
    let client = Client::builder().api_key(vambe.api_key()).base_url(base_url).build().unwrap();
    let ticket = TicketRef::contact_number("+56912345678").unwrap();
    let error = client.update_ticket_metadata(ticket, Metadata::from([("a", "b")])).await.unwrap_err();
    assert_eq!(vambe.requests()[0].path(), "/proxy/vambe/api/public/ticket/metadata");
    assert_eq!(error.message(), Some("Cannot POST /proxy/vambe/api/public/ticket/metadata"));
}

/// Invariant: an empty update is not sent.
#[tokio::test]
async fn an_empty_update_is_refused_before_anything_is_sent() {
    let vambe = Emulator::start().unwrap();
    let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build().unwrap();
    let ticket = TicketRef::contact_number("+56912345678").unwrap();
    let nothing: BTreeMap<String, String> = BTreeMap::new();
    let error = client.update_ticket_metadata(ticket, nothing).allow_closed_ticket(true).await.unwrap_err();
    assert!(matches!(error, vambe_api::Error::InvalidRequest(_)), "{error:?}");
    assert_eq!(vambe.requests().len(), 0);
}

#[tokio::test]
async fn the_user_agent_names_release_and_spec() {
    let vambe = Emulator::start().unwrap();
    let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build().unwrap();
    let ticket = TicketRef::contact_number("+56912345678").unwrap();
    client.update_ticket_metadata(ticket, Metadata::from([("a", "b")])).await.unwrap();
    let requests = vambe.requests();
    let agent = requests[0].headers()["user-agent"].to_str().unwrap();
    assert!(agent.starts_with("vambe-api/") && agent.contains(&vambe_api::raw::SPEC_SHA256[..12]), "{agent}");
}

#[tokio::test]
async fn the_app_name_ends_the_user_agent() {
    let vambe = Emulator::start().unwrap();
    let builder = || Client::builder().api_key(vambe.api_key()).base_url(vambe.url());
    let client = builder().app_name("orders-service/1.4").build().unwrap();
    let ticket = TicketRef::contact_number("+56912345678").unwrap();
    client.update_ticket_metadata(ticket, Metadata::from([("a", "b")])).await.unwrap();
    let requests = vambe.requests();
    let agents: Vec<_> =
        requests[0].headers().get_all("user-agent").iter().map(|agent| agent.to_str().unwrap()).collect();
    assert_eq!(agents.len(), 1);
    assert!(agents[0].starts_with("vambe-api/") && agents[0].ends_with(") orders-service/1.4"), "{agents:?}");
    for unusable in ["", " ", "a\r\nx-api-key: b", "pedidos-ñ", "a\0"] {
        let error = builder().app_name(unusable).build().unwrap_err();
        assert!(matches!(error, vambe_api::ConfigError::InvalidAppName), "{unusable:?}: {error:?}");
    }
}

/// The pointers of all JSON bodies that have examples, each with its operation.
fn bodies_with_examples(spec: &Value) -> Vec<(&'static Operation, String)> {
    let mut bodies = Vec::new();
    for operation in operations::ALL {
        let method = operation.method.to_string().to_lowercase();
        let at = format!("/paths/{}/{method}", operation.path.replace('/', "~1"));
        let responses = part(spec, &format!("{at}/responses")).as_object().unwrap().keys();
        bodies.extend(responses.map(|status| (operation, format!("{at}/responses/{status}"))));
        bodies.push((operation, format!("{at}/requestBody")));
    }
    let bodies = bodies.into_iter().map(|(operation, body)| (operation, format!("{body}/content/application~1json")));
    bodies.filter(|(_, body)| spec.pointer(&format!("{body}/examples")).is_some()).collect()
}

/// Guards the tests above: an example that is not valid would prove nothing.
#[test]
fn the_examples_of_the_spec_are_valid_by_its_own_schema() {
    let spec = spec();
    let bodies = bodies_with_examples(&spec);
    assert!(bodies.len() >= 4 && bodies.iter().any(|(_, body)| body == REQUEST), "{bodies:?}");
    for (_, place) in bodies {
        let validator = validator(&spec, &format!("{place}/schema"));
        for (name, example) in examples(&spec, &format!("{place}/examples")) {
            let faults: Vec<_> = validator.iter_errors(&example).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{name}: {faults:?}");
        }
    }
}

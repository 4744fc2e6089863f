//! Responses become typed results without loss.

use vambe_api::{Client, Error, Metadata, Response, TicketRef, raw::types::UpdateTicketMetadataResponse};
use vambe_emulator::Emulator;
use vambe_tests::{RESPONSES, examples, spec};

use crate::server::{answering, http};

async fn update(base_url: &str) -> Result<Response<UpdateTicketMetadataResponse>, Error> {
    let client = Client::builder().api_key("your_api_key_here").base_url(base_url).build().unwrap();
    let ticket = TicketRef::contact_number("+56912345678").unwrap();
    // `faults` tests retries.
    client.update_ticket_metadata(ticket, Metadata::from([("order_id", "ORD-12345")])).max_attempts(1).await
}

const JSON: &str = "application/json; charset=utf-8";

#[tokio::test]
async fn each_answer_of_the_page_maps_to_its_typed_result() {
    let spec = spec();
    for status in [200, 400, 401, 404] {
        for (name, example) in examples(&spec, &format!("{RESPONSES}/{status}/content/application~1json/examples")) {
            let result = update(&answering(http(status, JSON, &example.to_string()))).await;
            match (status, result) {
                (200, Ok(response)) => {
                    assert_eq!(response.status(), 200, "{name}");
                    assert_eq!(response.body().unwrap().status, example["status"], "{name}");
                }
                (_, Err(error)) => {
                    assert_eq!(error.status().unwrap(), status, "{name}");
                    assert_eq!(error.message(), example["message"].as_str(), "{name}");
                    assert_eq!(error.is_bad_request(), status == 400, "{name}");
                    assert_eq!(error.is_unauthorized(), status == 401, "{name}");
                    assert_eq!(error.is_ticket_not_found(), status == 404, "{name}");
                    assert_eq!(error.status_error().unwrap().headers()["x-request-id"], "r-1", "{name}");
                }
                (_, result) => panic!("{name}: {result:?}"),
            }
        }
    }
}

/// Invariant: any 2xx is a success.
#[tokio::test]
async fn any_2xx_is_a_success_whatever_its_body() {
    let cases = [
        (200, r#"{"status": "ok"}"#, Some("ok")),
        (200, r#"{"status": "ok", "ticket_id": "new field"}"#, Some("ok")),
        (201, r#"{"status": "ok"}"#, Some("ok")),
        (200, r#"{"status": "queued"}"#, Some("queued")),
        (200, r#"{"status": 1}"#, None),
        (200, "", None),
        (200, "<html>fine</html>", None),
        (202, "null", None),
        (204, "", None),
        (299, "{", None),
    ];
    for (status, body, expected) in cases {
        let response = update(&answering(http(status, JSON, body))).await.unwrap();
        assert_eq!(response.status(), status, "{body}");
        assert_eq!(response.body().map(|body| body.status.as_str()), expected, "{body}");
    }
}

#[tokio::test]
async fn an_error_keeps_status_headers_and_message() {
    let html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    let list = r#"{"statusCode":400,"message":["ticket_id must be a UUID","metadata must be an object"],"error":"Bad Request"}"#;
    let cases = [
        (400, JSON, list, Some("ticket_id must be a UUID; metadata must be an object")),
        (400, JSON, "", None),
        (401, JSON, r#"{"statusCode":401,"message":"Unauthorized"}"#, Some("Unauthorized")),
        (404, "text/html", "<h1>Not Found</h1>", None),
        (418, JSON, r#"{"unexpected": true}"#, None),
        (429, "text/plain", "slow down", Some("slow down")),
        (500, JSON, r#"{"statusCode":500,"message":"Internal server error"}"#, Some("Internal server error")),
        (502, "text/html", html, None),
        (503, JSON, r#"{"statusCode":503,"mess"#, None),
        (301, JSON, "", None),
    ];
    for (status, content_type, body, message) in cases {
        let error = update(&answering(http(status, content_type, body))).await.unwrap_err();
        assert_eq!(error.status().unwrap(), status, "{body}");
        assert_eq!(error.message(), message, "{body}");
        let whole = error.status_error().unwrap();
        assert_eq!(whole.body(), body.as_bytes());
        assert!(!whole.is_body_cut(), "{body}");
        assert_eq!(whole.headers()["x-request-id"], "r-1", "{body}");
        assert_eq!(error.is_unauthorized(), status == 401);
        assert!(!error.is_ticket_not_found(), "a 404 in another form is not one: {body}");
        assert!(error.to_string().contains(&status.to_string()), "{error}");
    }
}

/// Invariant: `is_ticket_not_found` holds in any encoding.
#[tokio::test]
async fn a_ticket_that_cannot_be_found_is_known_in_any_encoding() {
    let bodies: [&[u8]; 6] = [
        b"{\"statusCode\":404,\"message\":\"no ticket \xff\"}",
        b"{\"statusCode\":404,\"message\":\"no ticket para a\xf1o\"}",
        b"\xef\xbb\xbf{\"statusCode\":404,\"message\":\"no ticket\"}",
        b"{\"statusCode\":404,\"message\":\"no ticket\",\"took\":1e999}",
        b"{\"statusCode\":\"404\",\"message\":\"no ticket\"}",
        b"{\"statusCode\":404.0,\"message\":\"no ticket\"}",
    ];
    for body in bodies {
        let head = format!(
            "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let error = update(&answering([head.as_bytes(), body].concat())).await.unwrap_err();
        assert!(error.is_ticket_not_found(), "{error:?}");
        assert!(error.message().unwrap().starts_with("no ticket"), "{error:?}");
        assert_eq!(error.status_error().unwrap().body(), body);
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_costs_neither_status_nor_what_came() {
    let cut = "HTTP/1.1 404 Not Found\r\ncontent-length: 500\r\nconnection: close\r\n\r\n{\"statusCode\":404,";
    let error = update(&answering(cut)).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    let whole = error.status_error().unwrap();
    assert_eq!((whole.body(), whole.is_body_cut()), (b"{\"statusCode\":404,".as_slice(), true));

    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\nconnection: close\r\n\r\n{\"stat";
    let response = update(&answering(cut)).await.unwrap();
    assert_eq!((response.status().as_u16(), response.body().is_none()), (200, true));
}

#[tokio::test]
async fn a_body_without_end_is_cut_at_64_kib() {
    let endless = format!("HTTP/1.1 500 Error\r\nconnection: close\r\n\r\n{}", "x".repeat(1 << 20));
    let error = update(&answering(endless)).await.unwrap_err();
    let whole = error.status_error().unwrap();
    assert_eq!((whole.status().as_u16(), whole.body().len(), whole.is_body_cut()), (500, 64 * 1024, true));
}

#[tokio::test]
async fn what_is_no_http_answer_is_an_interrupted_exchange() {
    for answer in ["", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 "] {
        let error = update(&answering(answer)).await.unwrap_err();
        assert!(matches!(error, Error::Interrupted(_)), "{answer:?}: {error:?}");
        assert_eq!(error.status(), None);
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_a_failed_connection() {
    // It keeps the port, which another test could otherwise take.
    let vambe = Emulator::start().unwrap();
    vambe.refuse_connections();
    let error = update(vambe.url()).await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)) && !error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn a_key_that_the_server_does_not_know_is_unauthorized() {
    let vambe = Emulator::start().unwrap();
    let client = Client::builder().api_key("another").base_url(vambe.url()).build().unwrap();
    let ticket = TicketRef::contact_number("+56912345678").unwrap();
    let error = client.update_ticket_metadata(ticket, Metadata::from([("a", "b")])).await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(error.to_string(), "the server answered 401 Unauthorized: Unauthorized (check the API key)");
}

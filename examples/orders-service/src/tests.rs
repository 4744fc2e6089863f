//! The service as its callers see it: against the emulator, against a script, and without a client.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header::RETRY_AFTER},
    response::IntoResponse as _,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use tracing_subscriber::fmt::MakeWriter;
use vambe_api::{
    Client, ClientBuilder,
    testing::{Reply, Script, no_slot},
};
use vambe_emulator::{Emulator, placeholders as page};

use crate::{
    accounts::Accounts,
    answer::Failure,
    app::{App, router},
    metrics::Metrics,
};

/// Returns the folder of the API keys of two accounts.
fn keys(chile: &str, peru: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_key(folder.path(), "chile", chile);
    write_key(folder.path(), "peru", peru);
    folder
}

fn write_key(folder: &Path, account: &str, key: &str) {
    fs::write(folder.join(account), format!("{key}\n")).unwrap();
}

fn app(builder: ClientBuilder) -> App {
    app_of(&keys("key-chile", "key-peru"), builder).0
}

fn app_of(keys: &tempfile::TempDir, builder: ClientBuilder) -> (App, Accounts) {
    // Before the first event: `tracing` remembers for each of them whether anybody wants it.
    LazyLock::force(&LOGS);
    let metrics = Metrics::default();
    let accounts = Accounts::new(builder.observer(metrics.clone()));
    accounts.load(keys.path()).unwrap();
    (App::new(accounts.clone(), metrics), accounts)
}

fn order(number: &str) -> Value {
    json!({ "contact_number": number, "priority": "high", "refund_reason": "damaged" })
}

/// Sends a request to the service. Returns the status and the body of its answer.
async fn send(app: &App, method: &str, path: &str, body: &Value) -> (StatusCode, String) {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let request = request.body(Body::from(body.to_string())).unwrap();
    let answer = router(app.clone()).oneshot(request).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn an_order_is_set_on_the_ticket() {
    let vambe = Emulator::start().unwrap();
    let keys = keys(vambe.api_key(), "unknown");
    let (app, _) = app_of(&keys, Client::builder().base_url(vambe.url()));

    let (status, _) = send(&app, "PUT", "/chile/orders/12345", &order(page::CONTACT_NUMBER)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let ticket = vambe.ticket(page::CONTACT_NUMBER_TICKET).unwrap();
    assert_eq!(ticket.metadata()["order_id"], "12345");
    assert_eq!(ticket.metadata()["priority"], "high");

    let (status, body) = send(&app, "PUT", "/chile/orders/12345", &order("+1 555 0100 200")).await;
    assert_eq!((status, &*body), (StatusCode::NOT_FOUND, r#"{"error":"no_ticket"}"#));
}

#[tokio::test]
async fn an_invalid_request_sends_nothing() {
    let script = Script::new([]);
    let app = app(Client::builder().script(&script));
    let cases = [
        ("/chile/orders/1", json!({ "priority": "high" }), StatusCode::UNPROCESSABLE_ENTITY),
        ("/chile/orders/1", order("912345678"), StatusCode::UNPROCESSABLE_ENTITY),
        ("/chile/orders/one", order(page::CONTACT_NUMBER), StatusCode::BAD_REQUEST),
        ("/mars/orders/1", order(page::CONTACT_NUMBER), StatusCode::NOT_FOUND),
    ];
    for (path, body, expected) in cases {
        assert_eq!(send(&app, "PUT", path, &body).await.0, expected, "{path} {body}");
    }
    assert!(script.requests().is_empty());
}

#[test]
fn each_error_has_its_answer() {
    let refused = |status: u16| Reply::error(StatusCode::from_u16(status).unwrap(), "refused");
    let wait = Duration::from_secs(7);
    let cases = [
        (refused(404).into_error(), 404, None),
        (Reply::status(StatusCode::NOT_FOUND).into_error(), 500, None),
        (refused(401).into_error(), 500, None),
        (refused(429).retry_after(wait).into_error(), 503, Some("7")),
        (no_slot(Some(wait)), 503, Some("7")),
        (refused(500).into_error(), 502, None),
        (Reply::lost().into_error(), 502, None),
        (Reply::refused().into_error(), 502, None),
        (Reply::silent().into_error(), 504, None),
    ];
    for (error, status, retry_after) in cases {
        let text = error.to_string();
        let answer = Failure::from(error).into_response();
        assert_eq!(answer.status().as_u16(), status, "{text}");
        let header = answer.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap());
        assert_eq!(header, retry_after, "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_outage_is_not_seen_by_the_caller() {
    let outage = Reply::status(StatusCode::SERVICE_UNAVAILABLE);
    let script = Script::new([outage, Reply::silent(), Reply::ok()]);
    let app = app(Client::builder().script(&script));
    let (status, _) = send(&app, "PUT", "/chile/orders/1", &order(page::CONTACT_NUMBER)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let sent: Value = script.requests()[2].json().unwrap();
    assert_eq!(sent["metadata"], json!({ "order_id": "1", "priority": "high", "refund_reason": "damaged" }));
}

#[tokio::test(start_paused = true)]
async fn each_account_has_its_key_and_a_rotated_one_is_read() {
    let script = Script::from_fn(|request| match request.has_api_key("key-chile-2") {
        true => Reply::ok(),
        false => Reply::error(StatusCode::UNAUTHORIZED, "Unauthorized"),
    });
    let keys = keys("key-chile-1", "key-peru");
    let (app, accounts) = app_of(&keys, Client::builder().script(&script));
    let set = async |account: &str| send(&app, "PUT", &format!("/{account}/orders/1"), &order("+56912345678")).await.0;
    assert_eq!(set("chile").await, StatusCode::INTERNAL_SERVER_ERROR);

    write_key(keys.path(), "chile", "key-chile-2");
    accounts.load(keys.path()).unwrap();
    assert_eq!(set("chile").await, StatusCode::NO_CONTENT);
    assert_eq!(set("peru").await, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(script.requests()[2].has_api_key("key-peru"));
}

#[tokio::test(start_paused = true)]
async fn logs_and_metrics_have_the_error_and_no_private_value() {
    let refusal = Reply::error(StatusCode::BAD_REQUEST, "damaged is no reason for +56912345678");
    let app = app(Client::builder().script(&Script::new([Reply::ok(), refusal])));
    for order_id in [9_000_001, 9_000_002] {
        send(&app, "PUT", &format!("/chile/orders/{order_id}"), &order(page::CONTACT_NUMBER)).await;
    }
    let (_, metrics) = send(&app, "GET", "/metrics", &Value::Null).await;
    assert!(
        metrics.contains("http_client_request_duration_seconds_count{account=\"chile\",error_type=\"400\"} 1"),
        "{metrics}"
    );

    // The lines of all tests.
    let logs = LOGS.text();
    let lines: Vec<Value> = logs.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let failure = lines.iter().find(|line| line["fields"]["order_id"] == 9_000_002).unwrap();
    assert_eq!(failure["fields"]["message"], "order not set");
    assert_eq!(failure["fields"]["delivery"], "Rejected");
    for private in ["56912345678", "damaged", "key-chile"] {
        assert!(!logs.contains(private) && !metrics.contains(private), "{logs}{metrics}");
    }
}

static LOGS: LazyLock<Logs> = LazyLock::new(|| {
    let logs = Logs::default();
    tracing_subscriber::fmt().json().with_writer(logs.clone()).init();
    logs
});

/// Keeps everything that is logged.
#[derive(Clone, Default)]
struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

//! The service with its database, a worker, and the emulator in the place of Vambe.

use std::{
    io::{self, Write},
    num::NonZeroU32,
    sync::Mutex,
    time::Duration,
};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use serde_json::{Value, json};
use tokio_postgres::NoTls;
use tower::ServiceExt as _;
use tracing_subscriber::fmt::format::FmtSpan;
use vambe_emulator::{Emulator, placeholders as page};
use vambe_queue::{Admin, QuotaLimit, Worker};
use vambe_test_postgres::Cluster;

use crate::app::{App, router};

const SCHEMA: &str = include_str!("../schema.sql");
const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// The service, logged in with the role of the schema.
struct Service {
    cluster: Cluster,
    admin: Admin,
    app: App,
}

impl Service {
    async fn start() -> Self {
        // The first test sets it for all.
        let _ =
            tracing_subscriber::fmt().with_span_events(FmtSpan::CLOSE).with_ansi(false).with_writer(|| Logs).try_init();
        let cluster = Cluster::start(&[]).unwrap();
        let admin = Admin::connect(&cluster.url()).await.unwrap();
        admin.migrate().await.unwrap();
        let limit = QuotaLimit::new(NonZeroU32::new(1_000).unwrap(), Duration::from_secs(3600));
        admin.set_quota("vambe", limit).await.unwrap();
        connect(&cluster.url()).await.batch_execute(SCHEMA).await.unwrap();
        let app = App::new(connect(&cluster.url_of("outbox_service", "postgres")).await);
        Self { cluster, admin, app }
    }

    async fn put(&self, order_id: i64, body: &Value) -> StatusCode {
        let request = Request::builder().method("PUT").uri(format!("/orders/{order_id}"));
        let request = request.header("content-type", "application/json").header("traceparent", TRACE);
        let request = request.body(Body::from(body.to_string())).unwrap();
        router(self.app.clone()).oneshot(request).await.unwrap().status()
    }

    async fn pending(&self) -> u64 {
        self.admin.queue_status().await.unwrap().pending
    }

    /// Runs a worker until nothing is pending.
    async fn drain(&self, vambe: &Emulator) {
        let client = vambe_api::Client::builder().api_key(vambe.api_key()).base_url(vambe.url());
        let worker = Worker::new(client, &self.cluster.url(), "vambe").unwrap();
        let drained = async {
            while self.pending().await > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        worker.run_until(drained).await.unwrap();
    }
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn order(product: &str) -> Value {
    json!({ "contact_number": page::CONTACT_NUMBER, "product": product })
}

#[tokio::test]
async fn a_stored_order_reaches_its_ticket_and_no_other_does() {
    let service = Service::start().await;
    let vambe = Emulator::start().unwrap();

    // Its update was enqueued before the commit failed.
    assert_eq!(service.put(1, &order("unicorn")).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(service.pending().await, 0);
    assert_eq!(service.put(2, &order("lamp")).await, StatusCode::ACCEPTED);
    assert_eq!(service.put(2, &order("lamp")).await, StatusCode::ACCEPTED);
    assert_eq!(service.pending().await, 1, "the repeated request enqueues nothing");

    service.drain(&vambe).await;
    assert_eq!(vambe.requests().len(), 1);
    let ticket = vambe.ticket(page::CONTACT_NUMBER_TICKET).unwrap();
    assert_eq!(ticket.metadata()["order_id"], "2");
    assert_eq!(ticket.metadata()["product"], "lamp");

    // The line of the worker's span, in the logs of all tests.
    let logs = String::from_utf8(LOGS.lock().unwrap().clone()).unwrap();
    let sent = logs.lines().find(|line| line.contains("vambe.queue.update") && line.contains("order/2")).unwrap();
    assert!(sent.contains(TRACE), "{sent}");
    assert!(!logs.contains("lamp") && !logs.contains(page::CONTACT_NUMBER), "{logs}");
}

#[tokio::test]
async fn an_invalid_order_stores_nothing() {
    let service = Service::start().await;
    let bodies = [order("la\0mp"), json!({ "contact_number": "912345678", "product": "lamp" })];
    for body in bodies {
        assert_eq!(service.put(1, &body).await, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    assert_eq!(service.pending().await, 0);
}

#[tokio::test]
async fn a_database_that_is_away_can_be_tried_again() {
    let service = Service::start().await;
    service.cluster.stop(vambe_test_postgres::Shutdown::Immediate).unwrap();
    assert_eq!(service.put(1, &order("lamp")).await, StatusCode::SERVICE_UNAVAILABLE);
}

static LOGS: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Keeps everything that is logged, with a line for each span that ends.
struct Logs;

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGS.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

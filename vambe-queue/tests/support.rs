//! Shared parts of the tests: a database with a quota, an emulator with tickets, and workers.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use tokio::{sync::oneshot, task::JoinHandle};
use tokio_postgres::NoTls;
use vambe_api::{Client, Metadata, TicketRef};
use vambe_emulator::{Contact, Emulator, Seed, Ticket, Uuid};
use vambe_queue::{Admin, Enqueue, QuotaLimit, Worker, WorkerReport};
use vambe_test_postgres::Cluster;

/// The limit for an event to happen on a machine under heavy load.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);

/// The first ticket of [`emulator`].
pub(crate) const TICKET: &str = "00000000-0000-0000-0000-000000000001";

pub(crate) fn limit(requests: u32, period: Duration) -> QuotaLimit {
    QuotaLimit::new(NonZeroU32::new(requests).unwrap(), period)
}

pub(crate) fn hourly(requests: u32) -> QuotaLimit {
    limit(requests, Duration::from_secs(3600))
}

/// Creates a database with a quota `q`.
pub(crate) async fn database(cluster: &Cluster, name: &str, limit: QuotaLimit) -> (String, Admin) {
    let url = cluster.create_database(name).unwrap();
    let admin = Admin::connect(&url).await.unwrap();
    admin.migrate().await.unwrap();
    admin.set_quota("q", limit).await.unwrap();
    (url, admin)
}

pub(crate) async fn sql(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Starts an emulator with this many tickets, numbered from 1.
pub(crate) fn emulator(tickets: u128) -> Emulator {
    Emulator::builder().state(seed(tickets)).start().unwrap()
}

/// Creates this many tickets, numbered from 1.
pub(crate) fn seed(tickets: u128) -> Seed {
    let contact = |n| Contact::new(Uuid::from_u128(n << 64)).with_ticket(Ticket::active(Uuid::from_u128(n)));
    (1..=tickets).fold(Seed::new("key"), |seed, n| seed.with_contact(contact(n)))
}

pub(crate) fn ticket(n: u128) -> TicketRef {
    TicketRef::TicketId(Uuid::from_u128(n))
}

pub(crate) fn update<const N: usize>(n: u128, pairs: [(&str, &str); N]) -> Enqueue {
    Enqueue::new(ticket(n), Metadata::from(pairs)).unwrap()
}

/// Enqueues an update in a transaction of its own, and returns its number.
pub(crate) async fn enqueue(sql: &tokio_postgres::Client, update: &Enqueue) -> i64 {
    sql.query_one(Enqueue::SQL, &[&update.json()]).await.unwrap().get(0)
}

/// Creates a worker that looks often.
pub(crate) fn worker(url: &str, vambe: &Emulator) -> Worker {
    let client = Client::builder().api_key("key").base_url(vambe.url());
    let worker = Worker::new(client, url, "q").unwrap().poll_interval(Duration::from_millis(20));
    worker.max_in_flight(NonZeroUsize::new(4).unwrap())
}

/// A worker that runs in the background.
pub(crate) struct Running {
    stop: oneshot::Sender<()>,
    run: JoinHandle<WorkerReport>,
}

impl Running {
    pub(crate) fn start(url: &str, vambe: &Emulator) -> Self {
        Self::run(worker(url, vambe))
    }

    pub(crate) fn run(worker: Worker) -> Self {
        let (stop, stopped) = oneshot::channel();
        let run = async move {
            let stopped = async move { stopped.await.unwrap_or(()) };
            worker.run_until(stopped).await.unwrap()
        };
        Self { stop, run: tokio::spawn(run) }
    }

    /// Stops it, and returns its report.
    pub(crate) async fn stop(self) -> WorkerReport {
        self.stop.send(()).unwrap();
        self.run.await.unwrap()
    }

    /// Ends it in the middle of what it does.
    pub(crate) async fn kill(self) {
        self.run.abort();
        assert!(self.run.await.unwrap_err().is_cancelled());
    }
}

/// Waits until a query returns true.
pub(crate) async fn until(sql: &tokio_postgres::Client, query: &str) {
    let is_true = async {
        while !sql.query_one(query, &[]).await.unwrap().get::<_, bool>(0) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, is_true).await.is_ok(), "this was false for minutes: {query}");
}

/// Waits until nothing is pending.
pub(crate) async fn until_drained(sql: &tokio_postgres::Client) {
    until(sql, "select not exists (select from vambe.pending)").await;
}

//! A database, a server with a limit, and workers that are processes.

use std::{
    env,
    num::NonZeroU32,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio_postgres::Client;
use vambe_emulator::{Emulator, Limit};
use vambe_queue::Admin;
use vambe_test_postgres::Cluster;

use super::{
    judge,
    services::{Committed, Services},
};
use crate::support::{PATIENCE, database, limit, seed, sql};

/// The number of tickets that services name.
pub(crate) const TICKETS: u128 = 40;

/// The limit of the server and of the quota.
pub(crate) const REQUESTS: u32 = 80;
const PERIOD: Duration = Duration::from_secs(4);

/// A request may arrive this much later after its grant than another one. It is long, so that a busy machine exceeds no limit.
const MARGIN: Duration = Duration::from_secs(3);

/// Waits for an event.
pub(crate) async fn until(event: &str, mut has_happened: impl AsyncFnMut() -> bool) {
    let happens = async {
        while !has_happened().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, happens).await.is_ok(), "this did not happen within minutes: {event}");
}

pub(crate) struct Fleet {
    pub(crate) vambe: Arc<Emulator>,
    /// The URL by which services, tests and, if not said otherwise, workers connect.
    pub(crate) url: String,
    pub(crate) admin: Admin,
    workers: Vec<Worker>,
}

/// The process of a worker, and the URLs that it starts with.
struct Worker {
    process: Child,
    database: String,
    server: String,
}

impl Worker {
    fn start(database: String, server: String) -> Self {
        // Next to the test, in the folder of the examples.
        let test = env::current_exe().unwrap();
        let program = test.parent().and_then(|deps| deps.parent()).unwrap().join("examples/queue_worker");
        assert!(program.exists(), "build the worker with `cargo build --package vambe-queue --examples`");
        let mut command = Command::new(program);
        command.arg("q").env_clear().env("VAMBE_API_KEY", "key");
        command.env("VAMBE_BASE_URL", &server).env("VAMBE_QUEUE_URL", &database);
        Self { process: command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap(), database, server }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Fleet {
    /// Creates a database with leases of this length, and starts a server with a limit.
    pub(crate) async fn new(cluster: &Cluster, name: &str, lease: Duration) -> Self {
        let (url, admin) = database(cluster, name, limit(REQUESTS, PERIOD).margin(MARGIN)).await;
        // A lease of a minute would make the tests slow. Nobody waits for a back-off or an outage either.
        let hurry = format!(
            "create function hurry() returns trigger language plpgsql as $$ begin
                if new.lease is distinct from old.lease and new.lease is not null then
                    new.due_at := clock_timestamp() + interval '{} ms';
                elsif new.lease is null and new.last_reason is not null and new.due_at < 'infinity' then
                    new.due_at := clock_timestamp();
                end if; return new; end $$;
            create trigger hurry before update on vambe.lane for each row execute function hurry();
            create function forgive() returns trigger language plpgsql as $$ begin
                new.paused_until := null; new.unanswered := 0; new.pauses := 0; return new; end $$;
            create trigger forgive before update on vambe.quota for each row execute function forgive()",
            lease.as_millis()
        );
        sql(&url).await.batch_execute(&hurry).await.unwrap();
        let limit = Limit::new(NonZeroU32::new(REQUESTS).unwrap(), PERIOD);
        // One more than the services have.
        let vambe = Emulator::builder().state(seed(TICKETS + 1)).limit(limit).start().unwrap();
        Self { vambe: Arc::new(vambe), url, admin, workers: Vec::new() }
    }

    pub(crate) async fn sql(&self) -> Client {
        sql(&self.url).await
    }

    /// Starts workers, and waits until they run.
    pub(crate) async fn start_workers(&mut self, count: usize) {
        for _ in 0..count {
            self.start_worker();
        }
        self.until_workers_run().await;
    }

    /// Waits until all workers have connected, since one that cannot connect at its start ends; and for the first window.
    ///
    /// It is full: requests are sent as fast as the workers can. Later ones may not be, since slots are lost with a worker.
    pub(crate) async fn until_workers_run(&self) {
        let (sql, count) = (self.sql().await, self.workers.len() as i64);
        let statement = "select count(*) = $1 from vambe.worker";
        until("all workers run", async || sql.query_one(statement, &[&count]).await.unwrap().get(0)).await;
        let requests = u64::from(REQUESTS);
        until("the first window ends", async || self.vambe.total_requests() >= requests).await;
    }

    pub(crate) fn start_worker(&mut self) {
        self.workers.push(Worker::start(self.url.clone(), self.vambe.url().to_owned()));
    }

    /// Starts a worker that reaches the database and the server by these URLs.
    pub(crate) fn start_worker_by(&mut self, database: &str, server: &str) {
        self.workers.push(Worker::start(database.to_owned(), server.to_owned()));
    }

    /// Sends a signal to a worker.
    pub(crate) fn signal(&self, worker: usize, signal: Signal) {
        self.workers[worker].signal(signal);
    }

    /// Kills a worker by SIGKILL, and starts another one in its place.
    pub(crate) fn replace_worker(&mut self, worker: usize) {
        let killed = &mut self.workers[worker];
        killed.process.kill().unwrap();
        assert_eq!(killed.process.wait().unwrap().code(), None, "the worker ended by itself");
        *killed = Worker::start(killed.database.clone(), killed.server.clone());
    }

    /// Kills a worker by SIGKILL.
    pub(crate) fn kill_worker(&mut self, worker: usize) {
        drop(self.workers.remove(worker));
    }

    /// Ends a worker as Ctrl-C does, and returns its report.
    pub(crate) fn stop_worker(&mut self, worker: usize) -> String {
        let mut worker = self.workers.remove(worker);
        worker.signal(Signal::INT);
        assert!(worker.process.wait().unwrap().success());
        std::io::read_to_string(worker.process.stdout.take().unwrap()).unwrap()
    }

    /// Waits until this many more requests have arrived at the server.
    pub(crate) async fn until_more_requests(&self, more: u64) {
        let target = self.vambe.total_requests() + more;
        until("further requests arrive", async || self.vambe.total_requests() >= target).await;
    }

    /// Waits until nothing is pending.
    pub(crate) async fn until_drained(&self) {
        let sql = self.sql().await;
        let statement = "select not exists (select from vambe.pending)";
        until("nothing is pending", async || sql.query_one(statement, &[]).await.unwrap().get(0)).await;
    }

    /// Ends the services, lets the workers send the rest, and judges the run.
    pub(crate) async fn finish(self, services: Services) {
        let committed = self.finish_services(services).await;
        judge::delivery(&self, &committed).await;
        judge::limit(&self.vambe);
    }

    /// Ends the services, and lets the workers send the rest.
    pub(crate) async fn finish_services(&self, services: Services) -> Vec<Committed> {
        let committed = services.finish().await;
        self.until_drained().await;
        committed
    }
}

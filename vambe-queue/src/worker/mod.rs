//! A worker: takes updates from the queue, sends them, and records their outcomes.

mod clock;
mod run;
mod settlement;
mod slots;
mod store;
mod taken;

use std::{
    future::Future,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use vambe_api::{ClientBuilder, ConfigError};

use self::{run::Run, slots::Slots, store::Store};
use crate::{Error, target::Target};

/// The version of the schema that a worker needs.
const SCHEMA: i32 = 2;

/// The time for which a worker owns an update. It is far above the longest time from asking for it to the end of the attempt.
const LEASE: Duration = Duration::from_secs(60);

/// The default limit for an attempt, as in `vambe-api`. With the 5 s in which a slot is used, it is well below the lease.
const ATTEMPT: Duration = Duration::from_secs(15);

/// Takes updates from the queue and sends them, on any number of hosts.
///
/// # What holds
///
/// - The updates of a ticket, as one of its identifiers names it, are sent in the order of their commits, one at a time over all
///   workers. An update that is retried holds the later ones of its ticket, and no other ticket.
/// - Each committed update is sent at least once, or becomes a dead letter with a reason. It may be sent twice, for example if a
///   worker dies; setting the same values again changes nothing.
/// - A worker that stopped for longer than its lease of 60 s records nothing with it. It sends nothing either, unless it stopped in the
///   moment in which it began to send.
/// - Each request takes a slot of the [quota](crate::Quota), in the same transaction as its update if they are in one database.
///
/// # Outcomes
///
/// | attempt | update | its followers |
/// |---|---|---|
/// | 2xx | applied | continue |
/// | 404 in the documented form | dead letter `not_found` | continue |
/// | other 4xx, and all answers that a retry does not change | dead letter `rejected` | continue |
/// | 408, 500, 502, 503, 504, time-out, lost connection | sent again after 1 s, doubled up to 10 min | wait |
/// | 401, 403 | sent again; a 401 or ten 403 in a row close the quota | wait |
/// | no connection, 429 | sent again, not counted; the quota pauses all workers | wait |
/// | not applied until it expires | dead letter `expired` | continue |
///
/// # Example
///
/// ```no_run
/// use vambe_api::Client;
/// use vambe_queue::Worker;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder().api_key("your_api_key_here");
/// let worker = Worker::new(client, "postgres://worker@db.example.com/vambe", "vambe")?;
/// let report = worker.run_until(async { tokio::signal::ctrl_c().await.unwrap_or(()) }).await?;
/// println!("{} updates applied", report.applied);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Worker {
    client: ClientBuilder,
    target: Target,
    quota: String,
    quota_target: Option<Target>,
    name: String,
    max_in_flight: NonZeroUsize,
    poll: Duration,
    stats: WorkerStats,
}

/// The numbers of a worker's run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerReport {
    /// Requests that were applied; one may carry several updates.
    pub applied: u64,
    /// Requests that made dead letters, or were split into single updates.
    pub rejected: u64,
    /// Attempts after which the update is sent again.
    pub retried: u64,
    /// Attempts that sent nothing, such as without a connection, or that a `429` answered.
    pub not_sent: u64,
    /// Outcomes that changed nothing, since the lease had ended: the update was sent, or is sent, by another worker too.
    pub lease_lost: u64,
}

/// The numbers of a worker while it runs. Clones show the same.
#[derive(Clone, Debug, Default)]
pub struct WorkerStats(Arc<Mutex<WorkerReport>>);

impl WorkerStats {
    /// Returns the numbers until now.
    pub fn report(&self) -> WorkerReport {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, count: impl FnOnce(&mut WorkerReport)) {
        count(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The error of a worker that cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// The client could not be built.
    #[error("could not build the client")]
    Client(#[source] ConfigError),
    /// The queue cannot be used.
    #[error("cannot use the queue")]
    Queue(#[source] Error),
}

impl Worker {
    /// Creates a worker for a queue and a quota in one database, such as `postgres://worker@host/database`.
    ///
    /// The worker replaces the client's shared limit by the quota, and its time-outs and number of attempts by its own: an attempt
    /// ends after 15 s, and the queue retries.
    ///
    /// # Errors
    ///
    /// Fails if the URL is invalid.
    pub fn new(client: ClientBuilder, url: &str, quota: impl Into<String>) -> Result<Self, Error> {
        let target = Target::parse(url)?;
        let name = format!("{:016x}", fastrand::u64(..));
        let max_in_flight = const { NonZeroUsize::new(8).expect("8 is not 0") };
        Ok(Self {
            client,
            target,
            quota: quota.into(),
            quota_target: None,
            name,
            max_in_flight,
            poll: Duration::from_millis(800),
            stats: WorkerStats::default(),
        })
    }

    /// Takes the slots from a quota in another database, so that the queues of several databases share one limit. An update that
    /// another worker takes at the same moment wastes a slot.
    ///
    /// # Errors
    ///
    /// Fails if the URL is invalid.
    pub fn quota_database(mut self, url: &str) -> Result<Self, Error> {
        self.quota_target = Some(Target::parse(url)?);
        Ok(self)
    }

    /// Names the worker, for the database's records; a random name by default. It should be unique.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets how many requests the worker sends at once; 8 by default.
    #[must_use]
    pub fn max_in_flight(mut self, requests: NonZeroUsize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Sets the mean time between two looks at an empty queue; 800 ms by default. Each wait differs by up to half of it.
    #[must_use]
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.poll = interval;
        self
    }

    /// Returns the numbers of the run, to read them while the worker runs.
    pub fn stats(&self) -> WorkerStats {
        self.stats.clone()
    }

    /// Runs until `stop` is ready; then takes no more, waits for what is in flight, and records it.
    ///
    /// While the database is away, it connects again and again. A refused API key, a pause and a full quota are waited for too.
    ///
    /// # Errors
    ///
    /// Fails if the client cannot be built, or the queue cannot be used at the start.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> Result<WorkerReport, WorkerError> {
        let slots = Arc::new(Slots::new());
        let client = self.client.shared_limit(Arc::clone(&slots)).build().map_err(WorkerError::Client)?;
        let store = Store::connect(self.target, &self.name, &self.quota, self.quota_target).await;
        let store = store.map_err(WorkerError::Queue)?;
        let run = Run { client, store, slots, max_in_flight: self.max_in_flight, poll: self.poll, stats: self.stats };
        Ok(run.until(stop).await)
    }
}

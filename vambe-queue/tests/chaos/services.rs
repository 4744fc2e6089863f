//! Services that enqueue while workers send.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::task::JoinSet;
use tokio_postgres::{Client, Error, NoTls};
use vambe_emulator::Emulator;
use vambe_queue::Enqueue;

use super::fleet::{Fleet, REQUESTS, TICKETS, until};
use crate::support::{PATIENCE, update};

const SERVICES: u64 = 2;

/// The number of updates that services are ahead of the workers: more than a window has requests.
const AHEAD: u64 = REQUESTS as u64 * 5 / 4;

/// An update that was committed.
#[derive(Clone, Debug)]
pub(crate) struct Committed {
    pub(crate) seq: i64,
    pub(crate) ticket: u128,
    pub(crate) key: &'static str,
    /// It is unique.
    pub(crate) value: String,
}

/// Services in the background, which enqueue on and on.
pub(crate) struct Services {
    tasks: JoinSet<Vec<Committed>>,
    shared: Arc<Shared>,
}

struct Shared {
    url: String,
    vambe: Arc<Emulator>,
    committed: AtomicU64,
    is_stopping: AtomicBool,
}

impl Services {
    /// Starts services, and waits until they are ahead, so that the first window will be full.
    pub(crate) async fn start(fleet: &Fleet) -> Self {
        let shared = Arc::new(Shared {
            url: fleet.url.clone(),
            vambe: Arc::clone(&fleet.vambe),
            committed: AtomicU64::new(0),
            is_stopping: AtomicBool::new(false),
        });
        let mut tasks = JoinSet::new();
        for service in 0..SERVICES {
            tasks.spawn(Arc::clone(&shared).enqueue(service));
        }
        until("the services are ahead", async || shared.is_ahead()).await;
        Self { tasks, shared }
    }

    /// Ends the services, and returns what they have committed.
    pub(crate) async fn finish(self) -> Vec<Committed> {
        self.shared.is_stopping.store(true, SeqCst);
        tokio::time::timeout(PATIENCE, self.tasks.join_all()).await.unwrap().concat()
    }
}

impl Shared {
    fn is_ahead(&self) -> bool {
        self.committed.load(SeqCst) >= self.vambe.updates() + AHEAD
    }

    async fn enqueue(self: Arc<Self>, service: u64) -> Vec<Committed> {
        let mut random = fastrand::Rng::with_seed(service);
        let mut connection = None;
        let mut all = Vec::new();
        for n in 0.. {
            while self.is_ahead() && !self.is_stopping.load(SeqCst) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            if self.is_stopping.load(SeqCst) {
                break;
            }
            let (ticket, key, commits) = (random.u128(1..=TICKETS), ["a", "b"][random.usize(..2)], random.u8(..5) > 0);
            let value = format!("{service}/{n}");
            // With a reference, a transaction whose outcome is unknown can be repeated.
            let update = update(ticket, [(key, &*value)]).reference(&*value);
            let seq = loop {
                match transaction(&mut connection, &self.url, &update, commits).await {
                    Ok(seq) => break seq,
                    Err(_) => connection = None,
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            };
            if commits {
                self.committed.fetch_add(1, SeqCst);
                all.push(Committed { seq, ticket, key, value });
            }
        }
        all
    }
}

/// Enqueues an update in a transaction of a service.
async fn transaction(
    connection: &mut Option<Client>,
    url: &str,
    update: &Enqueue,
    commits: bool,
) -> Result<i64, Error> {
    let client = match connection {
        Some(client) => client,
        None => {
            let (client, io) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(io);
            connection.insert(client)
        }
    };
    client.batch_execute("begin").await?;
    let seq = client.query_one(Enqueue::SQL, &[&update.json()]).await?.get(0);
    client.batch_execute(if commits { "commit" } else { "rollback" }).await?;
    Ok(seq)
}

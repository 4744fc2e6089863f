//! Workers and calls with a shared limit, against the server of the other parts.

use std::{
    future::pending,
    time::{Duration, Instant},
};

use tokio::{task::JoinSet, time::sleep};
use vambe_api::{Client, ClientBuilder, Metadata, TicketRef};
use vambe_benches::Failure;
use vambe_queue::{Quota, Worker};

use super::database::Database;
use crate::{process::Server, table::Samples};

pub(super) const PLAIN: &str = "without a shared limit";
const SHARED: &str = "with a shared limit";

fn client(server: &Server) -> ClientBuilder {
    Client::builder().api_key("any").base_url(&server.url)
}

/// Starts workers, which end when the set is dropped.
fn start(database: &Database, server: &Server, workers: usize) -> Result<JoinSet<()>, Failure> {
    let mut running = JoinSet::new();
    for _ in 0..workers {
        let worker = Worker::new(client(server), &database.url, "q")?;
        running.spawn(async move {
            let _ = worker.run_until(pending()).await;
        });
    }
    Ok(running)
}

/// Returns the queries a second of workers that have nothing to do.
pub(super) async fn idle(database: &Database, server: &Server, workers: usize, time: Duration) -> Result<f64, Failure> {
    let _running = start(database, server, workers)?;
    while database.number("select count(*) from vambe.worker").await? < workers as f64 {
        sleep(Duration::from_millis(100)).await;
    }
    // The server's counts are up to ten seconds late.
    let count = "select xact_commit from pg_stat_database where datname = 'queue'";
    sleep(Duration::from_secs(10)).await;
    let (start, before) = (Instant::now(), database.number(count).await?);
    sleep(time).await;
    Ok((database.number(count).await? - before) / start.elapsed().as_secs_f64())
}

/// Returns the median time from enqueuing an update to recording that a worker has sent it.
pub(super) async fn pickup(database: &Database, server: &Server, workers: usize) -> Result<f64, Failure> {
    database.clear().await?;
    let _running = start(database, server, workers)?;
    for n in 0..25 {
        // Far more than the time between two looks, so that the update comes at any time between them.
        sleep(Duration::from_secs_f64(0.5 + 2.0 * fastrand::f64())).await;
        let update =
            format!(r#"{{"ticket_id": "00000000-0000-0000-0000-{n:012}", "metadata": {{"order_id": "ORD-1"}}}}"#);
        database.enqueue(&update).await?;
    }
    while database.number("select count(*) from vambe.pending").await? > 0.0 {
        sleep(Duration::from_millis(20)).await;
    }
    let time = "extract(epoch from settled_at - enqueued_at)";
    database.number(&format!("select percentile_cont(0.5) within group (order by {time}) from vambe.settled")).await
}

/// Returns the updates a second that workers send.
pub(super) async fn sent(database: &Database, server: &Server, workers: usize, time: Duration) -> Result<f64, Failure> {
    // More than they can send.
    database.fill(u32::try_from(time.as_secs() * 5_000)?).await?;
    let _running = start(database, server, workers)?;
    let count = "select count(*) from vambe.settled";
    while database.number(count).await? < 100.0 {
        sleep(Duration::from_millis(10)).await;
    }
    let (start, before) = (Instant::now(), database.number(count).await?);
    sleep(time).await;
    Ok((database.number(count).await? - before) / start.elapsed().as_secs_f64())
}

/// Returns the time of a call with and without a shared limit, in turns.
pub(super) async fn calls(database: &Database, server: &Server) -> Result<Samples, Failure> {
    const CALLS: u32 = 500;
    let plain = client(server).build()?;
    let shared = client(server).shared_limit(Quota::connect(&database.url, "q").await?).build()?;
    let mut samples = Samples::default();
    for _ in 0..5 {
        for (name, client) in [(PLAIN, &plain), (SHARED, &shared)] {
            let start = Instant::now();
            for _ in 0..CALLS {
                let ticket = TicketRef::ticket_id("00000000-0000-0000-0000-000000000001")?;
                client.update_ticket_metadata(ticket, Metadata::from([("order_id", "ORD-1")])).await?;
            }
            samples.push(name, start.elapsed().as_secs_f64() * 1e3 / f64::from(CALLS));
        }
    }
    Ok(samples)
}

//! A disk of the database that is full.
//!
//! The test limits the size of files instead, since PostgreSQL treats both alike, and any user can set a limit.

use std::time::Duration;

use vambe_queue::Enqueue;
use vambe_test_postgres::Cluster;

use super::{
    fleet::{Fleet, until},
    services::Services,
};
use crate::support::{sql, update};

/// The size of a segment of the log: with this limit it can be written, and tables cannot grow further.
const SEGMENT: u64 = 1024 * 1024;

/// Limits the size of the files that the server can write.
async fn limit_files(fleet: &Fleet, cluster: &Cluster, bytes: u64) {
    let rows = fleet.sql().await.query("select pid from pg_stat_activity", &[]).await.unwrap();
    cluster.limit_files(&rows.iter().map(|row| row.get(0)).collect::<Vec<i32>>(), bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing() {
    let cluster = Cluster::start(&[]).unwrap();
    let mut fleet = Fleet::new(&cluster, "disk", Duration::from_secs(10)).await;
    let services = Services::start(&fleet).await;
    fleet.start_workers(3).await;

    // Tables that are full: a service gets an error, and workers continue.
    limit_files(&fleet, &cluster, SEGMENT).await;
    let service = sql(&fleet.url).await;
    service.batch_execute("begin").await.unwrap();
    let mut random = fastrand::Rng::with_seed(1);
    until("a table cannot grow", async || {
        let value: String = (0..50_000).map(|_| random.alphanumeric()).collect();
        let result = service.query_one(Enqueue::SQL, &[&update(1, [("a", &*value)]).json()]).await;
        let error = result.err().map(|error| error.as_db_error().unwrap().message().to_owned());
        error.is_some_and(|error| {
            assert!(error.starts_with("could not extend file"), "{error}");
            true
        })
    })
    .await;
    drop(service);
    fleet.until_more_requests(20).await;

    // The log is full: the server ends.
    limit_files(&fleet, &cluster, SEGMENT / 16).await;
    until("the server ends", async || {
        let log = cluster.log().unwrap();
        log.contains("PANIC") && !cluster.folder().join("data/postmaster.pid").exists()
    })
    .await;
    cluster.resume().unwrap();
    fleet.finish(services).await;
}

//! Upgrades of the schema while services and workers run.

use vambe_api::SharedLimit as _;
use vambe_queue::{Admin, Error, Quota, Worker, WorkerError};
use vambe_test_postgres::Cluster;

use crate::support::{Running, database, emulator, enqueue, hourly, sql, until_drained, update, worker};

#[tokio::test]
async fn a_quota_goes_on_while_the_queue_is_added() {
    let cluster = Cluster::shared().unwrap();
    let url = cluster.create_database("first_version").unwrap();
    let first = &vambe_queue::migrations()[0];
    sql(&url).await.batch_execute(first).await.unwrap();
    let admin = Admin::connect(&url).await.unwrap();
    admin.set_quota("q", hourly(10)).await.unwrap();
    let quota = Quota::connect(&url, "q").await.unwrap();
    quota.take().await.unwrap();
    assert!(matches!(admin.check().await, Err(Error::NotMigrated { needed: 2 })));
    let worker: Worker = worker(&url, &emulator(1));
    let result = worker.run_until(std::future::ready(())).await;
    assert!(matches!(result, Err(WorkerError::Queue(Error::NotMigrated { needed: 2 }))), "{result:?}");

    admin.migrate().await.unwrap();
    quota.take().await.unwrap();
    assert_eq!(admin.quotas().await.unwrap()[0].used, 2);
}

#[tokio::test]
async fn a_worker_goes_on_with_a_newer_schema() {
    // A later version adds things, as it must not take any away.
    const LATER: &str = "begin; insert into vambe.migration (version, sha256) values (1000, '');
        alter table vambe.lane add column later text; alter table vambe.settled add column later text;
        create table vambe.later (later text); commit";
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "later_version", hourly(100)).await;
    let (sql, vambe) = (sql(&url).await, emulator(2));
    let running = Running::start(&url, &vambe);
    enqueue(&sql, &update(1, [("a", "1")])).await;
    until_drained(&sql).await;
    sql.batch_execute(LATER).await.unwrap();
    for started in [running, Running::start(&url, &vambe)] {
        enqueue(&sql, &update(1, [("a", "2")])).await;
        enqueue(&sql, &update(3, [("a", "3")])).await;
        until_drained(&sql).await;
        let report = started.stop().await;
        assert_eq!(report.lease_lost, 0, "{report:?}");
    }
    let status = admin.queue_status().await.unwrap();
    assert_eq!((status.applied_last_hour, status.dead_not_found), (3, 2));
    // An older program changes nothing of it.
    admin.migrate().await.unwrap();
    admin.check().await.unwrap();
}

//! Crashes of the database server, and the promotion of its standby.

use std::time::Duration;

use vambe_test_postgres::{Cluster, Shutdown};

use super::{
    fleet::{Fleet, until},
    services::Services,
};

const RESTARTS: u32 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn crashes_of_the_database_lose_nothing() {
    let cluster = Cluster::start(&[]).unwrap();
    let mut fleet = Fleet::new(&cluster, "restarts", Duration::from_secs(10)).await;
    let services = Services::start(&fleet).await;
    fleet.start_workers(3).await;
    let mut random = fastrand::Rng::with_seed(20);
    for _ in 0..RESTARTS {
        fleet.until_more_requests(random.u64(1..=8)).await;
        cluster.stop(Shutdown::Immediate).unwrap();
        cluster.resume().unwrap();
    }
    fleet.finish(services).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promoted_synchronous_standby_has_everything() {
    let primary = Cluster::start(&[]).unwrap();
    let mut fleet = Fleet::new(&primary, "promotion", Duration::from_secs(10)).await;
    let standby = primary.standby().unwrap();
    let sql = fleet.sql().await;
    sql.batch_execute("alter system set synchronous_standby_names = '*'").await.unwrap();
    sql.batch_execute("select pg_reload_conf()").await.unwrap();
    let statement = "select exists (select from pg_stat_replication where sync_state = 'sync')";
    until("the standby is synchronous", async || sql.query_one(statement, &[]).await.unwrap().get(0)).await;

    fleet.url = format!(
        "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/promotion?target_session_attrs=read-write",
        primary.port(),
        standby.port()
    );
    let services = Services::start(&fleet).await;
    fleet.start_workers(3).await;
    fleet.until_more_requests(20).await;
    primary.stop(Shutdown::Immediate).unwrap();
    standby.promote().unwrap();
    fleet.finish(services).await;
}

//! Crashes of the database server, and the promotion of its standby.

use std::time::Duration;

use vambe_test_postgres::{Cluster, Shutdown};

use super::{
    fleet::{Fleet, until},
    proxy::{Link, Proxy},
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

    // Workers try the primary first, by a network that will be silent.
    let proxy = Proxy::start(primary.port()).await;
    let url = |first, second| {
        format!("postgres://postgres@127.0.0.1:{first},127.0.0.1:{second}/promotion?target_session_attrs=read-write")
    };
    fleet.url = url(standby.port(), primary.port());
    let services = Services::start(&fleet).await;
    for _ in 0..3 {
        let server = fleet.vambe.url().to_owned();
        fleet.start_worker_by(&url(proxy.port(), standby.port()), &server);
    }
    fleet.until_workers_run().await;
    fleet.until_more_requests(20).await;
    // The machine is gone, and refuses no connection.
    proxy.set(Link::Silent);
    primary.stop(Shutdown::Immediate).unwrap();
    standby.promote().unwrap();
    fleet.finish(services).await;
}

//! A worker that stands still for longer than its lease, as in a suspended machine.

use std::time::Duration;

use rustix::process::Signal;
use tokio_postgres::Client;
use vambe_test_postgres::Cluster;

use super::{
    fleet::{Fleet, until},
    judge,
    services::Committed,
};
use crate::support::{enqueue, update};

/// Longer than the 5 s in which a worker begins to send.
const LEASE: Duration = Duration::from_secs(10);

async fn commit(sql: &Client, value: &str) -> Committed {
    let seq = enqueue(sql, &update(1, [("a", value)])).await;
    Committed { seq, ticket: 1, key: "a", value: value.to_owned() }
}

async fn is(sql: &Client, statement: &str) -> bool {
    sql.query_one(statement, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stopped_before_it_sent_sends_nothing() {
    let cluster = Cluster::shared().unwrap();
    let mut fleet = Fleet::new(&cluster, "stopped_before", LEASE).await;
    let (sql, gate) = (fleet.sql().await, fleet.sql().await);
    let wait = "create function wait() returns trigger language plpgsql as $$ begin
            if new.lease is not null then perform pg_advisory_xact_lock(1); end if; return new; end $$;
        create trigger wait before update on vambe.lane for each row execute function wait()";
    sql.batch_execute(wait).await.unwrap();
    let mut committed = vec![commit(&sql, "1").await, commit(&sql, "2").await];
    fleet.start_worker();
    // The worker waits for a lock up to 2 s. On a busy machine, it may have given up before the gate opens.
    let waits = "select exists (select from pg_locks where locktype = 'advisory' and not granted and objid = 1
            and database = (select oid from pg_database where datname = current_database()))";
    let ended = "select not exists (select from pg_stat_activity where query like '%vambe.take%' and state = 'active'
            and datname = current_database() and pid <> pg_backend_pid())";
    until("the worker stands still with a lease that it does not know of", async || {
        gate.batch_execute("select pg_advisory_lock(1)").await.unwrap();
        until("the worker takes the update", async || is(&sql, waits).await).await;
        fleet.signal(0, Signal::STOP);
        gate.batch_execute("select pg_advisory_unlock(1)").await.unwrap();
        until("its statement ends", async || is(&sql, ended).await).await;
        let has_lease = is(&sql, "select lease is not null from vambe.lane").await;
        if !has_lease {
            fleet.signal(0, Signal::CONT);
        }
        has_lease
    })
    .await;
    sql.batch_execute("drop trigger wait on vambe.lane").await.unwrap();

    fleet.start_worker();
    fleet.until_drained().await;
    fleet.kill_worker(1);
    fleet.signal(0, Signal::CONT);
    committed.push(commit(&sql, "3").await);
    fleet.until_drained().await;
    assert_eq!(fleet.vambe.total_requests(), 3, "the first worker has sent the third update only");
    judge::delivery(&fleet, &committed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stopped_after_it_sent_records_nothing() {
    let cluster = Cluster::shared().unwrap();
    let mut fleet = Fleet::new(&cluster, "stopped_after", LEASE).await;
    let sql = fleet.sql().await;
    let committed = [commit(&sql, "1").await, commit(&sql, "2").await];
    // The answer arrives while the worker stands still.
    fleet.vambe.inject("latency:5s".parse().unwrap());
    fleet.start_worker();
    fleet.until_more_requests(1).await;
    fleet.signal(0, Signal::STOP);
    fleet.start_worker();
    fleet.until_drained().await;
    fleet.signal(0, Signal::CONT);
    let report = fleet.stop_worker(0);
    assert!(report.contains("lease_lost: 1"), "{report}");
    assert_eq!(fleet.vambe.total_requests(), 3, "the first update was sent twice");
    judge::delivery(&fleet, &committed).await;
}

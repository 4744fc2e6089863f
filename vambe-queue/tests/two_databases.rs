//! Queues in several databases that share the quota of another one.

use vambe_emulator::Emulator;
use vambe_queue::{Admin, Error, WorkerError};
use vambe_test_postgres::{Cluster, Shutdown};

use crate::support::{Running, database, emulator, enqueue, hourly, seed, sql, until, until_drained, update, worker};

/// Creates a database with a queue and without a quota.
async fn queue(cluster: &Cluster, name: &str) -> (String, tokio_postgres::Client) {
    let url = cluster.create_database(name).unwrap();
    Admin::connect(&url).await.unwrap().migrate().await.unwrap();
    let sql = sql(&url).await;
    (url, sql)
}

#[tokio::test]
async fn the_queues_of_two_databases_share_one_limit() {
    let cluster = Cluster::shared().unwrap();
    let (quota, _admin) = database(&cluster, "their_quota", hourly(12)).await;
    let quota_sql = sql(&quota).await;
    quota_sql.batch_execute("alter database their_quota set track_functions = 'pl'").await.unwrap();
    let vambe = Emulator::builder().state(seed(20)).limit("12/h".parse().unwrap()).start().unwrap();
    let (mut queues, mut workers) = (Vec::new(), Vec::new());
    for (name, first) in [("queue_a", 1), ("queue_b", 11)] {
        let (url, sql) = queue(&cluster, name).await;
        for n in first..first + 10 {
            enqueue(&sql, &update(n, [("a", "1")])).await;
        }
        workers.push(Running::run(worker(&url, &vambe).quota_database(&quota).unwrap()));
        queues.push(sql);
    }
    // They ask again after the window is full.
    let asked = "select coalesce(sum(calls), 0) >= 20 from pg_stat_user_functions where funcname = 'quota_take'";
    until(&quota_sql, asked).await;
    let mut applied = 0;
    for worker in workers {
        applied += worker.stop().await.applied;
    }
    assert_eq!((applied, vambe.peak_requests(), vambe.refused_requests()), (12, Some(12), 0));
    let mut pending = 0;
    for sql in &queues {
        pending += sql.query_one("select count(*) from vambe.pending", &[]).await.unwrap().get::<_, i64>(0);
    }
    assert_eq!(pending, 8);
}

#[tokio::test]
async fn without_the_database_of_its_quota_nothing_is_sent() {
    let cluster = Cluster::shared().unwrap();
    let away = Cluster::start(&[]).unwrap();
    let (quota, _admin) = database(&away, "q", hourly(100)).await;
    let (url, sql) = queue(&cluster, "quota_away").await;
    sql.batch_execute("alter database quota_away set track_functions = 'pl'").await.unwrap();
    let vambe = emulator(2);
    let worker = Running::run(worker(&url, &vambe).quota_database(&quota).unwrap());
    enqueue(&sql, &update(1, [("a", "1")])).await;
    until_drained(&sql).await;
    away.stop(Shutdown::Immediate).unwrap();
    enqueue(&sql, &update(2, [("a", "1")])).await;
    // It looks again and again, and takes nothing.
    let looks = "from pg_stat_user_functions where funcname = 'take'";
    let before: i64 =
        sql.query_one(&format!("select coalesce(sum(calls), 0)::bigint {looks}"), &[]).await.unwrap().get(0);
    until(&sql, &format!("select coalesce(sum(calls), 0) >= {} {looks}", before + 10)).await;
    let leases = "select count(*) from vambe.lane where lease is not null";
    assert_eq!(sql.query_one(leases, &[]).await.unwrap().get::<_, i64>(0), 0);
    assert_eq!(vambe.requests().len(), 1);
    away.resume().unwrap();
    until_drained(&sql).await;
    assert_eq!(worker.stop().await.applied, 2);
}

#[tokio::test]
async fn a_look_takes_nothing() {
    let cluster = Cluster::shared().unwrap();
    let (_url, sql) = queue(&cluster, "look").await;
    let look = async || {
        let statement = "select reason from vambe.take('w', null, '1 min', p_only_look => true)";
        sql.query_one(statement, &[]).await.unwrap().get::<_, String>(0)
    };
    assert_eq!(look().await, "empty");
    enqueue(&sql, &update(1, [("a", "1")])).await;
    for _ in 0..2 {
        assert_eq!(look().await, "ready");
    }
    let leases = "select count(*) from vambe.lane where lease is not null";
    assert_eq!(sql.query_one(leases, &[]).await.unwrap().get::<_, i64>(0), 0);
    // A transaction that is open or rolled back has nothing to send.
    sql.batch_execute("delete from vambe.pending").await.unwrap();
    assert_eq!(look().await, "empty");
}

#[tokio::test]
async fn a_worker_needs_the_quota_where_it_is_said_to_be() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "with_quota", hourly(1)).await;
    let (other, _sql) = queue(&cluster, "without_quota").await;
    let vambe = emulator(1);
    let worker = worker(&url, &vambe).quota_database(&other).unwrap();
    let result = worker.run_until(std::future::ready(())).await;
    assert!(matches!(result, Err(WorkerError::Queue(Error::NoQuota))), "{result:?}");
}

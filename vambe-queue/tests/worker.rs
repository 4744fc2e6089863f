//! Workers against the emulator.

use std::collections::BTreeMap;

use vambe_emulator::{Fault, FaultMix, StatusCode, Uuid};
use vambe_queue::{Admin, Error, Worker, WorkerError};
use vambe_test_postgres::Cluster;

use crate::support::{Running, database, emulator, enqueue, hourly, limit, sql, until, until_drained, update};

/// Invariant: whatever the server does, the last value of each ticket is the last one enqueued, and the applied ones are in order.
#[tokio::test]
async fn workers_apply_everything_in_order_whatever_the_server_does() {
    const TICKETS: u128 = 6;
    const UPDATES: usize = 8;
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "workers", hourly(1_000_000)).await;
    let (sql, vambe) = (sql(&url).await, emulator(TICKETS));
    vambe.fault_mix(
        FaultMix::seeded(7)
            .with(Fault::none(), 6)
            .with(Fault::status(StatusCode::SERVICE_UNAVAILABLE), 1)
            .with(Fault::reset_before_write(), 1)
            .with(Fault::reset_after_write(), 1),
    );
    // Nobody waits for a back-off of seconds or an outage.
    let hurry = "create function hurry() returns trigger language plpgsql as $$ begin
            if new.lease is null and new.due_at < 'infinity' then new.due_at := clock_timestamp(); end if; return new; end $$;
        create trigger hurry before update on vambe.lane for each row execute function hurry();
        create function forgive() returns trigger language plpgsql as $$ begin
            new.paused_until := null; new.unanswered := 0; new.pauses := 0; return new; end $$;
        create trigger forgive before update on vambe.quota for each row execute function forgive()";
    sql.batch_execute(hurry).await.unwrap();
    let workers = [Running::start(&url, &vambe), Running::start(&url, &vambe), Running::start(&url, &vambe)];
    for value in 0..UPDATES {
        for n in 1..=TICKETS {
            enqueue(&sql, &update(n, [("a", &value.to_string())])).await;
        }
    }
    until_drained(&sql).await;
    let mut applied = 0;
    for worker in workers {
        let report = worker.stop().await;
        assert_eq!((report.rejected, report.lease_lost), (0, 0), "{report:?}");
        applied += report.applied;
    }
    assert_eq!(applied, 48);
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    for request in vambe.requests().iter().filter(|request| request.applied().is_some()) {
        let body = request.json().unwrap();
        let value = body["metadata"]["a"].as_str().unwrap().parse().unwrap();
        let before = last.insert(body["ticket_id"].to_string(), value);
        assert!(before.is_none_or(|before| before == value || before + 1 == value), "{before:?}, then {value}");
    }
    for n in 1..=TICKETS {
        assert_eq!(vambe.ticket(Uuid::from_u128(n)).unwrap().metadata()["a"], "7");
    }
    let status = admin.queue_status().await.unwrap();
    assert_eq!((status.pending, status.tickets, status.applied_last_hour, status.workers), (0, 0, 48, 0));
}

#[tokio::test]
async fn each_answer_has_its_outcome() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "outcomes", hourly(1_000)).await;
    let sql = sql(&url).await;
    // (fault, dead letter, or the state of the lane: attempts that count, and whether it may have been applied)
    let cases = [
        ("422", Some(("rejected", false)), (0, false)),
        ("501", Some(("rejected", true)), (0, false)),
        ("308", Some(("rejected", false)), (0, false)),
        ("408", None, (1, false)),
        ("503", None, (1, true)),
        ("reset-before-write", None, (1, true)),
        ("401", None, (1, false)),
        ("403", None, (1, false)),
        ("429:retry-after=60", None, (0, false)),
    ];
    for (fault, dead, lane) in cases {
        sql.batch_execute("truncate vambe.pending, vambe.lane, vambe.dead; select vambe.quota_resume('q')")
            .await
            .unwrap();
        let vambe = emulator(1);
        vambe.inject(fault.parse().unwrap());
        enqueue(&sql, &update(1, [("a", "secret")])).await;
        let worker = Running::start(&url, &vambe);
        until(
            &sql,
            "select exists (select from vambe.dead) or exists (select from vambe.lane where last_reason is not null)",
        )
        .await;
        worker.stop().await;
        let row = sql.query_opt("select kind, maybe_applied, reason from vambe.dead", &[]).await.unwrap();
        let found = row.as_ref().map(|row| (row.get::<_, &str>(0), row.get::<_, bool>(1)));
        assert_eq!(found, dead, "{fault}");
        if dead.is_none() {
            let statement = "select attempts, maybe_applied_to > 0, last_reason from vambe.lane";
            let row = sql.query_one(statement, &[]).await.unwrap();
            assert_eq!((row.get::<_, i32>(0), row.get::<_, bool>(1)), lane, "{fault}");
            assert!(!row.get::<_, &str>(2).contains("secret"), "{fault}");
        }
    }
    sql.batch_execute("truncate vambe.pending, vambe.lane, vambe.dead; select vambe.quota_resume('q')").await.unwrap();
    let vambe = emulator(1);
    enqueue(&sql, &update(2, [("a", "1")])).await;
    let worker = Running::start(&url, &vambe);
    until(&sql, "select exists (select from vambe.dead where kind = 'not_found' and status = 404)").await;
    assert_eq!(worker.stop().await.rejected, 1);
}

#[tokio::test]
async fn a_killed_worker_loses_nothing() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "killed", hourly(1_000)).await;
    let (sql, vambe) = (sql(&url).await, emulator(1));
    for value in ["1", "2", "3"] {
        enqueue(&sql, &update(1, [("a", value)])).await;
    }
    vambe.inject("latency:600s".parse().unwrap());
    let worker = Running::start(&url, &vambe);
    until(&sql, "select exists (select from vambe.lane where lease is not null)").await;
    worker.kill().await;
    // The lease ends.
    sql.batch_execute("update vambe.lane set due_at = clock_timestamp()").await.unwrap();
    vambe.clear_faults();
    let worker = Running::start(&url, &vambe);
    until_drained(&sql).await;
    let report = worker.stop().await;
    assert_eq!(report.applied, 3);
    assert_eq!(vambe.ticket(Uuid::from_u128(1)).unwrap().metadata()["a"], "3");
}

#[tokio::test]
async fn a_stopped_worker_finishes_what_is_in_flight() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "stopped", hourly(1_000)).await;
    let (sql, vambe) = (sql(&url).await, emulator(1));
    vambe.inject("latency:200ms".parse().unwrap());
    enqueue(&sql, &update(1, [("a", "1")])).await;
    enqueue(&sql, &update(1, [("a", "2")])).await;
    let worker = Running::start(&url, &vambe);
    until(&sql, "select exists (select from vambe.lane where lease is not null)").await;
    let report = worker.stop().await;
    assert_eq!(report.applied, 1);
    let pending: i64 = sql.query_one("select count(*) from vambe.pending", &[]).await.unwrap().get(0);
    assert_eq!(pending, 1);
}

#[tokio::test]
async fn workers_share_the_quota() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "shared", hourly(5)).await;
    let (sql, vambe) = (sql(&url).await, emulator(9));
    for n in 1..=9 {
        enqueue(&sql, &update(n, [("a", "1")])).await;
    }
    let workers = [Running::start(&url, &vambe), Running::start(&url, &vambe)];
    until(&sql, "select count(*) = 4 from vambe.pending").await;
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(vambe.requests().len(), 5);
    assert_eq!(admin.quotas().await.unwrap()[0].used, 5);
    admin.set_quota("q", limit(1_000, std::time::Duration::from_secs(1))).await.unwrap();
    let worker = Running::start(&url, &vambe);
    until_drained(&sql).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_refused_key_stops_all_workers_until_it_is_resumed() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "refused_key", hourly(1_000)).await;
    let (sql, vambe) = (sql(&url).await, emulator(2));
    vambe.inject(Fault::status(StatusCode::UNAUTHORIZED));
    enqueue(&sql, &update(1, [("a", "1")])).await;
    let worker = Running::start(&url, &vambe);
    until(&sql, "select key_refused_at is not null from vambe.quota").await;
    worker.stop().await;
    let sent = vambe.requests().len();
    assert_eq!(sent, 1);
    admin.resume_quota("q").await.unwrap();
    let worker = Running::start(&url, &vambe);
    until_drained(&sql).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_worker_needs_the_queue_and_the_quota() {
    let cluster = Cluster::shared().unwrap();
    let url = cluster.create_database("no_queue").unwrap();
    let start = async || {
        let client = vambe_api::Client::builder().api_key("key");
        Worker::new(client, &url, "q").unwrap().run_until(std::future::ready(())).await
    };
    assert!(matches!(start().await, Err(WorkerError::Queue(Error::NotMigrated { needed: 2 }))));
    Admin::connect(&url).await.unwrap().migrate().await.unwrap();
    assert!(matches!(start().await, Err(WorkerError::Queue(Error::NoQuota))));
    let client = vambe_api::Client::builder();
    assert!(matches!(Worker::new(client, "no URL", "q"), Err(Error::Url(_))));
}

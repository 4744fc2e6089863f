//! Order per ticket, leases and fencing, as the SQL functions keep them.

use std::time::Duration;

use tokio_postgres::Client;
use vambe_test_postgres::Cluster;

use crate::support::{database, enqueue, hourly, sql, ticket, until, update};

/// The update that a worker takes: its number, lane, lease, metadata, attempt, and whether it may have been applied.
type Taken = (i64, Vec<u8>, i64, String, i32, bool);

async fn take(sql: &Client) -> Option<Taken> {
    let statement =
        "select seq, lane, lease, metadata::text, attempts, maybe_applied from vambe.take('w', 'q', '1 min')";
    let row = sql.query_one(statement, &[]).await.unwrap();
    Some((row.get::<_, Option<i64>>(0)?, row.get(1), row.get(2), row.get(3), row.get(4), row.get(5)))
}

async fn settle(sql: &Client, taken: &Taken, outcome: &str) -> bool {
    let statement = "select vambe.settle($1, $2, $3, p_maybe_applied => $3 = 'retry')";
    sql.query_one(statement, &[&taken.1, &taken.2, &outcome]).await.unwrap().get(0)
}

#[tokio::test]
async fn numbers_follow_the_commits_of_a_ticket() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "commits", hourly(10)).await;
    let (early, late, other) = (sql(&url).await, sql(&url).await, sql(&url).await);
    early.batch_execute("begin").await.unwrap();
    let first = enqueue(&early, &update(1, [("a", "first")])).await;
    let second = tokio::spawn(async move { enqueue(&late, &update(1, [("a", "second")])).await });
    // The second waits for the lane's lock, without a number.
    until(&other, "select exists (select from pg_locks where locktype = 'advisory' and not granted)").await;
    let elsewhere = enqueue(&other, &update(2, [("a", "1")])).await;
    assert_eq!(elsewhere, first + 1, "another ticket does not wait");
    assert_eq!(take(&other).await.unwrap().0, elsewhere);
    early.batch_execute("commit").await.unwrap();
    assert_eq!(second.await.unwrap(), elsewhere + 1);
    assert_eq!(take(&other).await.unwrap().0, first);
}

#[tokio::test]
async fn an_update_that_is_being_taken_is_not_taken_twice() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "taken_twice", hourly(10)).await;
    let (one, other) = (sql(&url).await, sql(&url).await);
    enqueue(&one, &update(1, [("a", "1")])).await;
    one.batch_execute("begin").await.unwrap();
    // Without the quota, for whose row the other one would wait.
    let statement = "select seq is not null from vambe.take('w', null, '1 min')";
    assert!(one.query_one(statement, &[]).await.unwrap().get::<_, bool>(0));
    assert!(!other.query_one(statement, &[]).await.unwrap().get::<_, bool>(0), "it neither takes it nor waits");
    one.batch_execute("commit").await.unwrap();
    assert!(!other.query_one(statement, &[]).await.unwrap().get::<_, bool>(0));
}

#[tokio::test]
async fn a_rolled_back_update_is_never_taken() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "rollback", hourly(10)).await;
    let (service, worker) = (sql(&url).await, sql(&url).await);
    service.batch_execute("begin").await.unwrap();
    enqueue(&service, &update(1, [("a", "1")])).await;
    assert_eq!(take(&worker).await, None);
    service.batch_execute("rollback").await.unwrap();
    assert_eq!(take(&worker).await, None);
}

#[tokio::test]
async fn a_retried_update_holds_the_later_ones_of_its_ticket() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "heads", hourly(10)).await;
    let sql = sql(&url).await;
    let first = enqueue(&sql, &update(1, [("a", "1")])).await;
    let second = enqueue(&sql, &update(1, [("a", "2")])).await;
    let other = enqueue(&sql, &update(2, [("a", "1")])).await;
    let taken = take(&sql).await.unwrap();
    assert_eq!(taken.0, first);
    assert_eq!(take(&sql).await.unwrap().0, other, "one update of a ticket is out");
    assert!(settle(&sql, &taken, "retry").await);
    let again = take(&sql).await.unwrap();
    assert_eq!((again.0, again.4, again.5), (first, 2, true));
    assert!(settle(&sql, &again, "applied").await);
    let next = take(&sql).await.unwrap();
    assert_eq!((next.0, next.4, next.5), (second, 1, false));
}

#[tokio::test]
async fn an_attempt_that_sent_nothing_is_not_counted() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "uncounted", hourly(10)).await;
    let sql = sql(&url).await;
    enqueue(&sql, &update(1, [("a", "1")])).await;
    let taken = take(&sql).await.unwrap();
    assert!(settle(&sql, &taken, "not_sent").await);
    let again = take(&sql).await.unwrap();
    assert_eq!((again.0, again.4, again.5), (taken.0, 1, false));
}

#[tokio::test]
async fn a_worker_without_its_lease_changes_nothing() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "leases", hourly(100)).await;
    let sql = sql(&url).await;
    for (n, outcome) in (1..).zip(["applied", "rejected", "not_found", "retry", "not_sent"]) {
        enqueue(&sql, &update(n, [("a", "1")])).await;
        enqueue(&sql, &update(n, [("a", "2")])).await;
        let stale = take(&sql).await.unwrap();
        sql.batch_execute("update vambe.lane set due_at = now() where lease is not null").await.unwrap();
        let fresh = take(&sql).await.unwrap();
        assert_eq!((fresh.0, fresh.4, fresh.5), (stale.0, 2, true), "the first holder may have sent it");
        assert!(!settle(&sql, &stale, outcome).await, "{outcome}");
        assert_eq!(take(&sql).await, None, "{outcome}: the followers still wait");
        assert!(settle(&sql, &fresh, "applied").await);
        let next = take(&sql).await.unwrap();
        assert!(settle(&sql, &next, "applied").await);
    }
}

#[tokio::test]
async fn joined_updates_are_sent_one_by_one_after_a_rejection() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "joined", hourly(100)).await;
    let sql = sql(&url).await;
    let pairs = [("a", "1"), ("b", "1"), ("a", "3"), ("c", "4")];
    let mut seqs = Vec::new();
    for (n, pair) in pairs.into_iter().enumerate() {
        let update = update(1, [pair]);
        seqs.push(enqueue(&sql, &if n < 3 { update.may_join() } else { update }).await);
    }
    let joined = take(&sql).await.unwrap();
    assert_eq!((joined.0, &*joined.3), (seqs[0], r#"{"a": "3", "b": "1"}"#));
    assert!(settle(&sql, &joined, "rejected").await);
    for (seq, outcome) in seqs.iter().zip(["applied", "rejected", "applied", "applied"]) {
        let single = take(&sql).await.unwrap();
        assert_eq!((single.0, single.4, single.5), (*seq, 1, false));
        assert!(settle(&sql, &single, outcome).await);
    }
    let (first, second) = (update(1, [("a", "5")]).may_join(), update(1, [("a", "6")]).may_join());
    let (head, tail) = (enqueue(&sql, &first).await, enqueue(&sql, &second).await);
    let joined = take(&sql).await.unwrap();
    assert!(settle(&sql, &joined, "applied").await);
    let applied = "select array_agg(seq order by seq) from vambe.settled where seq >= $1 and outcome = 'applied'";
    assert_eq!(sql.query_one(applied, &[&head]).await.unwrap().get::<_, Vec<i64>>(0), [head, tail]);
}

#[tokio::test]
async fn an_expired_update_is_not_sent() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "expired", hourly(10)).await;
    let sql = sql(&url).await;
    enqueue(&sql, &update(1, [("a", "1")]).expires_in(Duration::ZERO)).await;
    let next = enqueue(&sql, &update(1, [("a", "2")])).await;
    assert_eq!(take(&sql).await.unwrap().0, next);
    assert_eq!(admin.queue_status().await.unwrap().dead_expired, 1);
}

#[tokio::test]
async fn a_held_ticket_waits_until_it_is_released() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "held", hourly(100)).await;
    let sql = sql(&url).await;
    assert!(!admin.release(&ticket(1)).await.unwrap());
    admin.hold(&ticket(1), "asked by support").await.unwrap();
    enqueue(&sql, &update(1, [("a", "1")])).await;
    assert_eq!(take(&sql).await, None);
    assert_eq!(admin.queued(Some("held"), 0, 10).await.unwrap().len(), 1);
    assert!(admin.release(&ticket(1)).await.unwrap());
    let taken = take(&sql).await.unwrap();
    // On hold while it is out: it is finished, and its followers wait.
    enqueue(&sql, &update(1, [("a", "2")])).await;
    admin.hold(&ticket(1), "asked by support").await.unwrap();
    assert!(settle(&sql, &taken, "applied").await);
    assert_eq!(take(&sql).await, None);
    assert!(admin.release(&ticket(1)).await.unwrap());
    assert!(take(&sql).await.is_some());
}

#[tokio::test]
async fn an_open_transaction_of_a_service_stops_no_worker() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "open", hourly(100)).await;
    let (service, worker) = (sql(&url).await, sql(&url).await);
    enqueue(&worker, &update(1, [("a", "1")])).await;
    service.batch_execute("begin").await.unwrap();
    enqueue(&service, &update(1, [("a", "2")])).await;
    let taken = take(&worker).await.unwrap();
    assert!(settle(&worker, &taken, "applied").await);
    assert_eq!(take(&worker).await, None);
    service.batch_execute("commit").await.unwrap();
    until(&worker, "select seq is not null from vambe.take('w', 'q', '1 min')").await;
}

//! Dead letters, pauses and retention.

use std::time::Duration;

use tokio_postgres::Client;
use vambe_queue::DeadLetters;
use vambe_test_postgres::Cluster;

use crate::support::{database, enqueue, hourly, sql, update};

/// Takes the next update and records this outcome.
async fn attempt(sql: &Client, outcome: &str) -> i64 {
    let statement = "select seq, vambe.settle(lane, lease, $1, p_maybe_applied => $1 = 'retry') \
                     from vambe.take('w', 'q', '1 min')";
    let row = sql.query_one(statement, &[&outcome]).await.unwrap();
    assert!(row.get::<_, bool>(1));
    row.get(0)
}

#[tokio::test]
async fn a_dead_letter_comes_back_without_undoing_newer_values() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "dead", hourly(100)).await;
    let sql = sql(&url).await;
    let dead = enqueue(&sql, &update(1, [("a", "old"), ("b", "old")]).reference("order/1")).await;
    enqueue(&sql, &update(1, [("a", "new")])).await;
    let later = enqueue(&sql, &update(1, [("b", "newer")])).await;
    assert_eq!(attempt(&sql, "rejected").await, dead);
    attempt(&sql, "applied").await;

    let retried = admin.retry_dead(&DeadLetters::default().seq(dead)).await.unwrap();
    let [retried] = &*retried else { panic!("{retried:?}") };
    assert_eq!((retried.seq, &*retried.result, &*retried.left_out), (dead, "queued", &["a".to_owned()][..]));
    assert_eq!(retried.reference.as_deref(), Some("order/1"));
    // It has its old place, before what is pending.
    let pending = "select metadata::text from vambe.pending order by seq";
    let rows = sql.query(pending, &[]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.get(0)).collect::<Vec<&str>>(), [r#"{"b": "old"}"#, r#"{"b": "newer"}"#]);
    assert_eq!([attempt(&sql, "applied").await, attempt(&sql, "applied").await], [dead, later]);
}

#[tokio::test]
async fn a_dead_letter_of_which_no_key_is_left_is_superseded() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "superseded", hourly(100)).await;
    let sql = sql(&url).await;
    enqueue(&sql, &update(1, [("a", "old")])).await;
    attempt(&sql, "not_found").await;
    enqueue(&sql, &update(1, [("a", "new")])).await;
    attempt(&sql, "applied").await;
    let retried = admin.retry_dead(&DeadLetters::default()).await.unwrap();
    assert_eq!(&*retried[0].result, "superseded");
    assert_eq!(admin.queue_status().await.unwrap().pending, 0);
}

#[tokio::test]
async fn a_dead_letter_that_may_have_been_applied_stays_so() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "maybe", hourly(100)).await;
    let sql = sql(&url).await;
    for (n, has_follower) in [(1, false), (2, true)] {
        let dead = enqueue(&sql, &update(n, [("a", "old")])).await;
        if has_follower {
            enqueue(&sql, &update(n, [("b", "new")])).await;
        }
        assert_eq!([attempt(&sql, "retry").await, attempt(&sql, "rejected").await], [dead; 2]);
        assert_eq!(&*admin.retry_dead(&DeadLetters::default().seq(dead)).await.unwrap()[0].result, "queued");
        assert_eq!(attempt(&sql, "rejected").await, dead);
        let statement = "select maybe_applied from vambe.dead where seq = $1";
        assert!(sql.query_one(statement, &[&dead]).await.unwrap().get::<_, bool>(0), "{has_follower}");
    }
}

#[tokio::test]
async fn a_dead_letter_waits_while_its_ticket_is_busy() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "busy_dead", hourly(100)).await;
    let sql = sql(&url).await;
    enqueue(&sql, &update(1, [("a", "old")])).await;
    attempt(&sql, "rejected").await;
    enqueue(&sql, &update(1, [("a", "new")])).await;
    attempt(&sql, "retry").await;
    assert_eq!(&*admin.retry_dead(&DeadLetters::default()).await.unwrap()[0].result, "busy");
    attempt(&sql, "applied").await;
    assert_eq!(&*admin.retry_dead(&DeadLetters::default()).await.unwrap()[0].result, "superseded");
}

#[tokio::test]
async fn dead_letters_are_selected_and_dropped() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "dropped", hourly(100)).await;
    let sql = sql(&url).await;
    for (n, outcome) in [(1, "rejected"), (2, "not_found"), (3, "rejected")] {
        enqueue(&sql, &update(n, [("a", "1")])).await;
        attempt(&sql, outcome).await;
    }
    let old = DeadLetters::default().older_than(Duration::from_secs(60));
    assert_eq!(admin.drop_dead(&old).await.unwrap(), 0);
    assert_eq!(admin.drop_dead(&DeadLetters::default().kind("rejected")).await.unwrap(), 2);
    let dead = admin.queued(Some("dead"), 0, 10).await.unwrap();
    assert_eq!(dead.iter().map(|letter| &*letter.state).collect::<Vec<_>>(), ["not_found"]);
}

#[tokio::test]
async fn a_paused_queue_gives_nothing() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "paused", hourly(100)).await;
    let sql = sql(&url).await;
    enqueue(&sql, &update(1, [("a", "1")])).await;
    admin.pause_queue("maintenance").await.unwrap();
    assert_eq!(admin.queue_status().await.unwrap().pause_reason.as_deref(), Some("maintenance"));
    let reason: String = sql.query_one("select reason from vambe.take('w', 'q', '1 min')", &[]).await.unwrap().get(0);
    assert_eq!(reason, "paused");
    admin.resume_queue().await.unwrap();
    attempt(&sql, "applied").await;
}

#[tokio::test]
async fn old_records_are_removed_and_what_a_dead_letter_needs_is_kept() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "clean", hourly(100)).await;
    let sql = sql(&url).await;
    for (n, outcomes) in [(1, &["rejected", "applied"][..]), (2, &["applied"])] {
        for outcome in outcomes {
            enqueue(&sql, &update(n, [("a", "1")]).reference(format!("{n}/{outcome}"))).await;
            attempt(&sql, outcome).await;
        }
    }
    let clean = async || sql.query_one("select vambe.clean('0')", &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(clean().await, 3, "two references, and the key of the ticket without a dead letter");
    assert_eq!(clean().await, 0);
    assert_eq!(&*admin.retry_dead(&DeadLetters::default()).await.unwrap()[0].result, "superseded");
    assert_eq!(clean().await, 2);
}

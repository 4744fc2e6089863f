//! The updates that services may enqueue, and those that the database refuses.

use std::time::Duration;

use tokio_postgres::error::SqlState;
use vambe_queue::{Admin, Enqueue, Error};
use vambe_test_postgres::Cluster;

use crate::support::{database, enqueue, hourly, sql, update};

#[tokio::test]
async fn refuses_what_is_not_an_update() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "invalid", hourly(10)).await;
    let sql = sql(&url).await;
    let ticket = r#""ticket_id":"a1b2c3d4-e5f6-7890-abcd-ef1234567890""#;
    let identifier = "the ticket is not named by exactly one identifier";
    let cases = [
        ("[]".to_owned(), "the update is not a JSON object"),
        (r#"{"metadata":{"a":"1"}}"#.to_owned(), identifier),
        (format!(r#"{{{ticket},"contact_number":"+56912345678","metadata":{{"a":"1"}}}}"#), identifier),
        (r#"{"ticket_id":"secret","metadata":{"a":"1"}}"#.to_owned(), "the ticket_id is invalid"),
        (r#"{"contact_number":"56912345678","metadata":{"a":"1"}}"#.to_owned(), "the contact_number is invalid"),
        (r#"{"contact_number":null,"metadata":{"a":"1"}}"#.to_owned(), "the member contact_number has the wrong type"),
        (format!("{{{ticket}}}"), "the metadata is not an object with at least one key"),
        (format!(r#"{{{ticket},"metadata":{{}}}}"#), "the metadata is not an object with at least one key"),
        (format!(r#"{{{ticket},"metadata":{{"a":1}}}}"#), "a value of the metadata is not a string"),
        (
            format!(r#"{{{ticket},"metadata":{{"a":"1"}},"may_jion":true}}"#),
            "the update has an unknown member may_jion",
        ),
        (format!(r#"{{{ticket},"metadata":{{"a":"1"}},"may_join":"yes"}}"#), "the member may_join has the wrong type"),
    ];
    for (json, expected) in cases {
        let error = sql.execute(Enqueue::SQL, &[&json]).await.unwrap_err();
        let error = error.as_db_error().unwrap();
        assert_eq!((error.message(), error.code()), (expected, &SqlState::INVALID_PARAMETER_VALUE), "{json}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}

#[tokio::test]
async fn a_known_reference_is_enqueued_once() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "reference", hourly(10)).await;
    let sql = sql(&url).await;
    let named = update(1, [("a", "1")]).reference("order/1");
    sql.batch_execute("begin").await.unwrap();
    enqueue(&sql, &named).await;
    sql.batch_execute("rollback").await.unwrap();
    let first = enqueue(&sql, &named).await;
    assert_eq!(enqueue(&sql, &named).await, first);
    let pending: i64 = sql.query_one("select count(*) from vambe.pending", &[]).await.unwrap().get(0);
    assert_eq!(pending, 1);
}

#[tokio::test]
async fn a_ticket_has_at_most_a_thousand_pending_updates() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "pressure", hourly(10)).await;
    let sql = sql(&url).await;
    let json = update(1, [("a", "1")]).json();
    let many = "select count(vambe.enqueue($1::text::jsonb)) from generate_series(1, 1000)";
    assert_eq!(sql.query_one(many, &[&json]).await.unwrap().get::<_, i64>(0), 1000);
    let error = sql.execute(Enqueue::SQL, &[&json]).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::PROGRAM_LIMIT_EXCEEDED));
    enqueue(&sql, &update(2, [("a", "1")])).await;
}

#[tokio::test]
async fn a_service_enqueues_and_reads_nothing() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "services", hourly(10)).await;
    let owner = sql(&url).await;
    owner.batch_execute("create role orders login in role vambe_enqueue").await.unwrap();
    let url = cluster.url_of("orders", "services");
    let service = sql(&url).await;
    enqueue(&service, &update(1, [("a", "1")]).expires_in(Duration::from_secs(60))).await;
    for statement in [
        "select * from vambe.pending",
        "select * from vambe.queue",
        "select vambe.lane_of('{\"ticket_id\": \"a1b2c3d4-e5f6-7890-abcd-ef1234567890\"}')",
        "select * from vambe.take('w', 'q', '1 min')",
        "select vambe.settle('', 1, 'applied')",
        "select * from vambe.dead_retry()",
        "select * from vambe.queue_status()",
        "select * from vambe.quota_take('q')",
    ] {
        let error = service.batch_execute(statement).await.unwrap_err();
        assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{statement}");
    }
    assert!(matches!(Admin::connect(&url).await.unwrap().queue_status().await, Err(Error::Database(_))));
}

#[tokio::test]
async fn a_contact_number_is_only_in_its_update() {
    let cluster = Cluster::shared().unwrap();
    let (url, admin) = database(&cluster, "private", hourly(10)).await;
    let sql = sql(&url).await;
    let update = r#"{"contact_number":"+56912345678","metadata":{"a":"secret"},"source":"orders"}"#;
    sql.execute(Enqueue::SQL, &[&update]).await.unwrap();
    let lane = "select (vambe.lane_of('{\"contact_number\": \"+56912345678\"}') = lane) and not exists (
        select from vambe.queue where lane = sha256('contact_number:+56912345678')) from vambe.lane";
    assert!(sql.query_one(lane, &[]).await.unwrap().get::<_, bool>(0), "the lane is a salted hash");
    let seen = format!("{:?} {:?}", admin.queue_status().await.unwrap(), admin.queued(None, 0, 10).await.unwrap());
    assert!(seen.contains("contact_number") && seen.contains("orders"), "{seen}");
    assert!(!seen.contains("56912345678") && !seen.contains("secret"), "{seen}");
}

//! The roles: what their members can do, and what they cannot.

use vambe_api::Metadata;
use vambe_queue::{Admin, DeadLetters, Enqueue};
use vambe_test_postgres::Cluster;

use crate::support::{Running, database, emulator, enqueue, hourly, sql, ticket, until_drained, update};

#[tokio::test]
async fn each_role_can_do_its_work_and_no_more() {
    let cluster = Cluster::shared().unwrap();
    let (url, owner) = database(&cluster, "all_roles", hourly(100)).await;
    let superuser = sql(&url).await;
    for role in ["enqueue", "worker", "admin"] {
        let create = format!("create role a_{role} login in role vambe_{role}");
        superuser.batch_execute(&create).await.unwrap();
    }
    let [service, worker, person] =
        ["enqueue", "worker", "admin"].map(|role| cluster.url_of(&format!("a_{role}"), "all_roles"));
    let vambe = emulator(1);
    let as_service = sql(&service).await;
    for n in [1, 2] {
        enqueue(&as_service, &update(n, [("a", "1")])).await;
    }
    let running = Running::start(&worker, &vambe);
    until_drained(&superuser).await;
    let report = running.stop().await;
    assert_eq!((report.applied, report.rejected), (1, 1));

    let admin = Admin::connect(&person).await.unwrap();
    admin.set_quota("q", hourly(200)).await.unwrap();
    admin.resume_quota("q").await.unwrap();
    admin.pause_queue("maintenance").await.unwrap();
    admin.resume_queue().await.unwrap();
    admin.hold(&ticket(1), "reason").await.unwrap();
    assert!(admin.release(&ticket(1)).await.unwrap());
    assert_eq!(admin.queued(None, 0, 10).await.unwrap().len(), 1);
    assert_eq!(admin.update(1).await.unwrap().unwrap().state, "applied");
    assert_eq!(admin.retry_dead(&DeadLetters::default()).await.unwrap().len(), 1);
    assert_eq!(admin.drop_dead(&DeadLetters::default()).await.unwrap(), 0);
    assert_eq!(admin.queue_status().await.unwrap().pending, 1);
    assert_eq!(admin.quotas().await.unwrap(), owner.quotas().await.unwrap());
    admin.check().await.unwrap();
    enqueue(&sql(&person).await, &Enqueue::new(ticket(1), Metadata::from([("a", "2")])).unwrap()).await;

    let take = "select vambe.take('w', 'q', '1 min')";
    let cases = [
        (&service, &[take, "select vambe.queue_status()", "select * from vambe.reference"][..]),
        (&worker, &["select vambe.enqueue('{}')", "select vambe.queue_list()", "select vambe.pause(null)"]),
        (&person, &["select * from vambe.pending", "delete from vambe.dead", "create table vambe.other ()"]),
    ];
    for (url, statements) in cases {
        let sql = sql(url).await;
        for statement in statements {
            let error = sql.batch_execute(statement).await.unwrap_err();
            assert_eq!(error.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{statement}");
        }
    }
}

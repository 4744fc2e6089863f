//! The quota and the queue through PgBouncer in transaction mode, with fewer connections than users.

use std::collections::BTreeMap;

use tokio_postgres::types::Type;
use vambe_api::{Client, Metadata};
use vambe_queue::{Admin, Enqueue, Quota};
use vambe_test_postgres::{Cluster, PgBouncer};

use crate::support::{Running, emulator, hourly, sql, ticket, until_drained, update};

#[tokio::test]
async fn everything_works_through_pgbouncer() {
    const CONNECTIONS: u16 = 3;
    let cluster = Cluster::shared().unwrap();
    let direct = cluster.create_database("pooled").unwrap();
    let bouncer = PgBouncer::start(&cluster, CONNECTIONS).unwrap();
    let url = bouncer.url_of("pooled");
    let admin = Admin::connect(&url).await.unwrap();
    admin.migrate().await.unwrap();
    admin.set_quota("q", hourly(1_000)).await.unwrap();
    let vambe = emulator(4);
    let workers = [Running::start(&url, &vambe), Running::start(&url, &vambe)];
    let mut services = Vec::new();
    for service in 0..4 {
        let mut sql = sql(&url).await;
        services.push(tokio::spawn(async move {
            for n in 0..10 {
                let name = format!("{service}/{n}");
                let update = update(n % 4 + 1, [("a", &name)]).reference(name);
                let transaction = sql.transaction().await.unwrap();
                transaction.query_typed(Enqueue::SQL, &[(&update.json(), Type::TEXT)]).await.unwrap();
                transaction.commit().await.unwrap();
            }
        }));
    }
    let quota = Quota::connect(&url, "q").await.unwrap();
    let client = Client::builder().api_key("key").base_url(vambe.url()).shared_limit(quota).build().unwrap();
    client.update_ticket_metadata(ticket(1), Metadata::from([("direct", "1")])).await.unwrap();
    for service in services {
        service.await.unwrap();
    }
    let sql = sql(&direct).await;
    until_drained(&sql).await;
    let pool = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    // Other tests use other databases of the server.
    let locks = "select count(*) from pg_locks where locktype = 'advisory'
                 and database = (select oid from pg_database where datname = current_database())";
    let count = async |query| sql.query_one(query, &[]).await.unwrap().get::<_, i64>(0);
    assert!(count(pool).await <= CONNECTIONS.into(), "10 users share them");
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(count(locks).await, 0);

    // For each ticket, the updates were sent in the order of their commits.
    let mut committed: BTreeMap<Vec<u8>, Vec<String>> = BTreeMap::new();
    for row in sql.query("select lane, reference from vambe.settled order by seq", &[]).await.unwrap() {
        committed.entry(row.get(0)).or_default().push(row.get(1));
    }
    let mut sent: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for request in vambe.requests() {
        let body = request.json().unwrap();
        if let Some(value) = body["metadata"]["a"].as_str() {
            sent.entry(body["ticket_id"].to_string()).or_default().push(value.to_owned());
        }
    }
    let mut committed: Vec<_> = committed.into_values().collect();
    let mut sent: Vec<_> = sent.into_values().collect();
    committed.sort();
    sent.sort();
    // An attempt that timed out is repeated.
    sent.iter_mut().for_each(Vec::dedup);
    assert_eq!(sent, committed);
}

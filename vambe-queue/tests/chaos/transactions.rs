//! Transactions of services that stay open, or that wait for each other.

use std::time::Duration;

use tokio_postgres::{Client, Error, error::SqlState};
use vambe_queue::Enqueue;
use vambe_test_postgres::Cluster;

use super::{
    fleet::{Fleet, TICKETS},
    judge,
    services::{Committed, Services},
};
use crate::support::{enqueue, update};

const LEASE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_stays_open_delays_its_ticket_only() {
    let cluster = Cluster::shared().unwrap();
    let mut fleet = Fleet::new(&cluster, "stays_open", LEASE).await;
    let (service, ticket) = (fleet.sql().await, TICKETS + 1);
    service.batch_execute("begin").await.unwrap();
    let seq = enqueue(&service, &update(ticket, [("a", "open")])).await;
    let services = Services::start(&fleet).await;
    fleet.start_workers(2).await;
    let mut committed = fleet.finish_services(services).await;
    judge::delivery(&fleet, &committed).await;
    judge::limit(&fleet.vambe);

    // As after many minutes: workers mostly look at tickets that have become due since the last one.
    let minutes = "update vambe.lane set due_at = due_at - interval '10 min'; commit";
    service.batch_execute(minutes).await.unwrap();
    fleet.until_drained().await;
    committed.push(Committed { seq, ticket, key: "a", value: "open".to_owned() });
    judge::delivery(&fleet, &committed).await;
}

/// Enqueues an update, and then another one in the same transaction, on which two services agree not.
async fn second(service: &Client, update: &Enqueue) -> Result<i64, Error> {
    let seq = service.query_one(Enqueue::SQL, &[&update.json()]).await?.get(0);
    service.batch_execute("commit").await?;
    Ok(seq)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_transactions_in_opposite_order_lose_nothing() {
    let cluster = Cluster::shared().unwrap();
    let mut fleet = Fleet::new(&cluster, "opposite", LEASE).await;
    let services = [fleet.sql().await, fleet.sql().await];
    let tickets: [[u128; 2]; 2] = [[1, 2], [2, 1]];
    let value = |service: usize, ticket: u128| format!("{service}/{ticket}");
    let updates = [0, 1].map(|service| {
        tickets[service].map(|ticket| {
            let value = value(service, ticket);
            update(ticket, [("a", &*value)]).reference(&*value)
        })
    });
    for (service, updates) in services.iter().zip(&updates) {
        service.batch_execute("begin").await.unwrap();
        enqueue(service, &updates[0]).await;
    }
    let (one, other) = tokio::join!(second(&services[0], &updates[0][1]), second(&services[1], &updates[1][1]));
    let loser = match (&one, &other) {
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => {
            assert_eq!(error.code(), Some(&SqlState::T_R_DEADLOCK_DETECTED));
            usize::from(other.is_err())
        }
        results => panic!("one of them has to fail: {results:?}"),
    };
    // It repeats its transaction.
    services[loser].batch_execute("rollback; begin").await.unwrap();
    enqueue(&services[loser], &updates[loser][0]).await;
    second(&services[loser], &updates[loser][1]).await.unwrap();

    let mut committed = Vec::new();
    for row in fleet.sql().await.query("select reference, seq from vambe.reference", &[]).await.unwrap() {
        let (value, seq): (String, i64) = (row.get(0), row.get(1));
        let ticket = value.rsplit('/').next().unwrap().parse().unwrap();
        committed.push(Committed { seq, ticket, key: "a", value });
    }
    assert_eq!(committed.len(), 4);
    fleet.start_worker();
    fleet.until_drained().await;
    judge::delivery(&fleet, &committed).await;
}

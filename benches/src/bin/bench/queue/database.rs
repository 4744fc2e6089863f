//! The database of the measurement, and the queues that are hard to search.

use std::{num::NonZeroU32, time::Duration};

use tokio_postgres::{Client, NoTls};
use vambe_benches::Failure;
use vambe_queue::{Admin, QuotaLimit};
use vambe_test_postgres::Cluster;

/// A server with one database, which has a queue and a quota `q` that is never full.
pub(super) struct Database {
    pub(super) url: String,
    sql: Client,
    _cluster: Cluster,
}

impl Database {
    pub(super) async fn start() -> Result<Self, Failure> {
        let cluster = Cluster::start(&[("max_connections", "150")])?;
        let url = cluster.create_database("queue")?;
        let admin = Admin::connect(&url).await?;
        admin.migrate().await?;
        let requests = NonZeroU32::new(1_000_000).ok_or("a limit of zero")?;
        admin.set_quota("q", QuotaLimit::new(requests, Duration::from_secs(60))).await?;
        let sql = connect(&url).await?;
        Ok(Self { url, sql, _cluster: cluster })
    }

    pub(super) async fn clear(&self) -> Result<(), Failure> {
        let statement =
            "truncate vambe.pending, vambe.lane, vambe.settled, vambe.key_seq, vambe.reference, vambe.quota_grant";
        Ok(self.sql.batch_execute(statement).await?)
    }

    /// Fills the queue with updates of as many tickets, all due.
    pub(super) async fn fill(&self, updates: u32) -> Result<(), Failure> {
        self.clear().await?;
        self.add(&format!("generate_series(1, {updates}) ticket, generate_series(1, 1) update"), "null").await?;
        self.due("clock_timestamp() - interval '1 min'").await
    }

    /// Fills the queue with 1,000 tickets of 1,000 updates, which are sent again in the next ten minutes, and ten tickets that are due.
    pub(super) async fn fill_stuck(&self) -> Result<(), Failure> {
        self.clear().await?;
        self.add("generate_series(1, 1000) ticket, generate_series(1, 1000) update", "'stuck'").await?;
        self.due("clock_timestamp() + random() * interval '10 min'").await?;
        self.add("generate_series(1001, 1010) ticket, generate_series(1, 10000) update", "null").await?;
        self.due("clock_timestamp()").await
    }

    /// Leaves what a snapshot keeps of an hour in which this many updates were sent, and fills the queue with as many. The snapshot
    /// is open as long as the client that is returned.
    pub(super) async fn fill_under_a_snapshot(&self, updates: u32) -> Result<Client, Failure> {
        self.clear().await?;
        let snapshot = connect(&self.url).await?;
        snapshot.batch_execute("begin isolation level repeatable read; select count(*) from vambe.lane").await?;
        self.add(&format!("generate_series(1, {updates}) ticket, generate_series(1, 1) update"), "null").await?;
        // They became due in the course of the hour, were taken, and are gone.
        self.due("clock_timestamp() - interval '1 h' + random() * interval '1 h'").await?;
        let sent = "update vambe.lane set due_at = due_at + interval '1 min', lease = 1;
                    delete from vambe.lane; delete from vambe.pending";
        self.sql.batch_execute(sent).await?;
        self.add(&format!("generate_series(1, {updates}) ticket, generate_series(1, 1) update"), "null").await?;
        self.due("clock_timestamp()").await?;
        Ok(snapshot)
    }

    /// Enqueues updates by one statement, since a million calls would take minutes.
    async fn add(&self, series: &str, reference: &str) -> Result<(), Failure> {
        let statement = format!(
            "insert into vambe.pending (seq, lane, ticket, metadata, allow_closed_ticket, may_join, reference, expires_at)
             select nextval('vambe.update_seq'), sha256(ticket::text::bytea),
                    jsonb_build_object('ticket_id', lpad(to_hex(ticket), 32, '0')::uuid),
                    '{{\"order_id\": \"ORD-1\", \"priority\": \"high\"}}', false, false, {reference}, now() + interval '3 days'
               from {series} order by update"
        );
        Ok(self.sql.batch_execute(&statement).await?)
    }

    /// Makes the tickets that have none yet due at this time.
    async fn due(&self, time: &str) -> Result<(), Failure> {
        let statement = format!(
            "insert into vambe.lane (lane, due_at) select lane, {time} from (select distinct lane from vambe.pending) l
             on conflict do nothing"
        );
        self.sql.batch_execute(&statement).await?;
        // As autovacuum does sooner or later.
        self.sql.batch_execute("vacuum analyze vambe.pending").await?;
        Ok(self.sql.batch_execute("vacuum analyze vambe.lane").await?)
    }

    /// Returns a number from the database.
    pub(super) async fn number(&self, statement: &str) -> Result<f64, Failure> {
        Ok(self.sql.query_one(&format!("select ({statement})::float8"), &[]).await?.try_get(0)?)
    }

    pub(super) async fn enqueue(&self, update: &str) -> Result<(), Failure> {
        self.sql.execute("select vambe.enqueue($1::text::jsonb)", &[&update]).await?;
        Ok(())
    }
}

async fn connect(url: &str) -> Result<Client, Failure> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

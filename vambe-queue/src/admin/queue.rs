//! The state of the queue, and what a person does with dead letters, holds and pauses.

use std::time::Duration;

use tokio_postgres::{Row, types::Type};
use vambe_api::TicketRef;

use super::Admin;
use crate::{
    Error,
    database::{Parameter, seconds},
};

/// The state of the queue.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueueStatus {
    /// Updates that are not finished.
    pub pending: u64,
    /// Tickets with such updates.
    pub tickets: u64,
    /// The age of the oldest one.
    pub oldest: Option<Duration>,
    /// Tickets with an update that a worker sends now.
    pub in_flight: u64,
    /// Tickets with an update that failed and is sent again.
    pub retrying: u64,
    /// Tickets on hold.
    pub held: u64,
    /// Dead letters that the server rejected.
    pub dead_rejected: u64,
    /// Dead letters whose ticket does not exist.
    pub dead_not_found: u64,
    /// Dead letters that were not applied in time.
    pub dead_expired: u64,
    /// Updates that were applied in the last hour.
    pub applied_last_hour: u64,
    /// Workers that were seen in the last minute.
    pub workers: u64,
    /// The reason of a pause.
    pub pause_reason: Option<String>,
    /// The services that enqueue, by their names.
    pub sources: Vec<SourceStatus>,
}

/// The updates of one service.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SourceStatus {
    /// Its name; `None` for updates without one.
    pub source: Option<String>,
    /// Updates that are not finished.
    pub pending: u64,
    /// The age of the oldest one.
    pub oldest: Option<Duration>,
    /// Dead letters.
    pub dead: u64,
}

/// A selection of dead letters; all by default.
#[derive(Clone, Debug, Default)]
pub struct DeadLetters {
    seq: Option<i64>,
    kind: Option<String>,
    older_than: Option<Duration>,
}

impl DeadLetters {
    /// Selects one by its number.
    #[must_use]
    pub fn seq(mut self, seq: i64) -> Self {
        self.seq = Some(seq);
        self
    }

    /// Selects one kind: `rejected`, `not_found` or `expired`.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// Selects those that died longer ago.
    #[must_use]
    pub fn older_than(mut self, age: Duration) -> Self {
        self.older_than = Some(age);
        self
    }
}

/// The result of sending a dead letter again.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Retried {
    /// Its number, which it keeps.
    pub seq: i64,
    /// Its reference.
    pub reference: Option<String>,
    /// `queued`; `superseded` if a later update has set all its keys; or `busy` if its ticket has an update under way, or one that
    /// may have been applied, so that it has to be tried again later.
    pub result: String,
    /// The keys that are left out, since a later update has set them.
    pub left_out: Vec<String>,
}

impl Admin {
    /// Returns the state of the queue.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used.
    pub async fn queue_status(&self) -> Result<QueueStatus, Error> {
        let rows = self.query("select * from vambe.queue_status()", &[]).await?;
        let sources = self.query("select * from vambe.queue_sources()", &[]).await?;
        let row = rows.first().ok_or_else(|| Error::Database("the database has no state of the queue".into()))?;
        Ok(QueueStatus {
            pending: count(row, "pending"),
            tickets: count(row, "tickets"),
            oldest: row.get::<_, Option<f64>>("oldest_s").map(seconds),
            in_flight: count(row, "in_flight"),
            retrying: count(row, "retrying"),
            held: count(row, "held"),
            dead_rejected: count(row, "dead_rejected"),
            dead_not_found: count(row, "dead_not_found"),
            dead_expired: count(row, "dead_expired"),
            applied_last_hour: count(row, "applied_last_hour"),
            workers: count(row, "workers"),
            pause_reason: row.get("pause_reason"),
            sources: sources
                .iter()
                .map(|row| SourceStatus {
                    source: row.get("source"),
                    pending: count(row, "pending"),
                    oldest: row.get::<_, Option<f64>>("oldest_s").map(seconds),
                    dead: count(row, "dead"),
                })
                .collect(),
        })
    }

    /// Returns dead letters to their places in the order of their tickets, so that they are sent again. Keys that a later update has
    /// set meanwhile are left out: no newer value is undone. One call looks at the 1,000 oldest.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used.
    pub async fn retry_dead(&self, letters: &DeadLetters) -> Result<Vec<Retried>, Error> {
        let statement = format!("select seq, reference, result, left_out from vambe.dead_retry({SELECTION})");
        let rows = self.dead(&statement, letters).await?;
        let retried = |row: &Row| Retried {
            seq: row.get("seq"),
            reference: row.get("reference"),
            result: row.get("result"),
            left_out: row.get("left_out"),
        };
        Ok(rows.iter().map(retried).collect())
    }

    /// Drops dead letters for good, and returns their number.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used.
    pub async fn drop_dead(&self, letters: &DeadLetters) -> Result<u64, Error> {
        let rows = self.dead(&format!("select vambe.dead_drop({SELECTION}) as dropped"), letters).await?;
        Ok(rows.first().map_or(0, |row| count(row, "dropped")))
    }

    /// Holds the updates of a ticket, as this identifier names it, until [`release`](Self::release). One under way is finished.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used.
    pub async fn hold(&self, ticket: &TicketRef, reason: &str) -> Result<(), Error> {
        let statement = "select vambe.hold($1::text::jsonb, $2)";
        self.query(statement, &[(&json(ticket)?, Type::TEXT), (&reason, Type::TEXT)]).await?;
        Ok(())
    }

    /// Releases a held ticket. Returns `false` if it was not on hold.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used.
    pub async fn release(&self, ticket: &TicketRef) -> Result<bool, Error> {
        let statement = "select vambe.release($1::text::jsonb)";
        let rows = self.query(statement, &[(&json(ticket)?, Type::TEXT)]).await?;
        Ok(rows.first().is_some_and(|row| row.get(0)))
    }

    /// Pauses all workers until [`resume_queue`](Self::resume_queue). Services may continue to enqueue.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used.
    pub async fn pause_queue(&self, reason: &str) -> Result<(), Error> {
        self.query("select vambe.pause($1)", &[(&reason, Type::TEXT)]).await?;
        Ok(())
    }

    /// Ends a pause of the queue.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used.
    pub async fn resume_queue(&self) -> Result<(), Error> {
        self.query("select vambe.pause(null)", &[]).await?;
        Ok(())
    }

    async fn dead(&self, statement: &str, letters: &DeadLetters) -> Result<Vec<Row>, Error> {
        let age = letters.older_than.map(|age| age.as_secs_f64());
        let parameters: [Parameter<'_>; 3] =
            [(&letters.seq, Type::INT8), (&letters.kind, Type::TEXT), (&age, Type::FLOAT8)];
        self.query(statement, &parameters).await
    }
}

/// The arguments for a selection of dead letters.
const SELECTION: &str = "$1, $2, clock_timestamp() - make_interval(secs => $3)";

fn count(row: &Row, column: &str) -> u64 {
    u64::try_from(row.get::<_, i64>(column)).unwrap_or(0)
}

fn json(ticket: &TicketRef) -> Result<String, Error> {
    serde_json::to_string(ticket).map_err(|error| Error::Database(error.into()))
}

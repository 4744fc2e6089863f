//! Showing single updates of the queue.

use std::time::Duration;

use tokio_postgres::{Row, types::Type};

use super::Admin;
use crate::{
    Error,
    database::{Parameter, seconds},
};

/// An update, without its identifier and values.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Queued {
    /// Its number, in the order of the commits for its ticket.
    pub seq: i64,
    /// `pending`, `in_flight`, `retrying` or `held`; the kind of a dead letter: `rejected`, `not_found` or `expired`; or `applied`,
    /// `superseded` or `dropped` if it is finished.
    pub state: String,
    /// Its reference.
    pub reference: Option<String>,
    /// The service that enqueued it.
    pub source: Option<String>,
    /// The kind of its identifier, e.g. `ticket_id`; `None` if it is finished.
    pub identifier: Option<String>,
    /// The keys of its metadata.
    pub keys: Vec<String>,
    /// Attempts that reached the server.
    pub attempts: u32,
    /// The HTTP status of the last answer.
    pub status: Option<u16>,
    /// The reason of the last failure, without private values.
    pub reason: Option<String>,
    /// The time since it was enqueued.
    pub age: Duration,
    /// The time until it is sent; `None` if it is on hold, dead or finished.
    pub due_in: Option<Duration>,
}

impl Queued {
    fn from_row(row: &Row) -> Self {
        Self {
            seq: row.get("seq"),
            state: row.get("state"),
            reference: row.get("reference"),
            source: row.get("source"),
            identifier: row.get("identifier"),
            keys: row.get("keys"),
            attempts: u32::try_from(row.get::<_, i32>("attempts")).unwrap_or(0),
            status: row.get::<_, Option<i16>>("status").and_then(|status| u16::try_from(status).ok()),
            reason: row.get("reason"),
            age: seconds(row.get("age_s")),
            due_in: row.get::<_, Option<f64>>("due_in_s").map(seconds),
        }
    }
}

impl Admin {
    /// Returns up to `limit` pending updates and dead letters with a number above `after`, in the order of their numbers. `state` is
    /// one of [`Queued::state`], or `dead` for all dead letters.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used.
    pub async fn queued(&self, state: Option<&str>, after: i64, limit: u32) -> Result<Vec<Queued>, Error> {
        let limit = i64::from(limit.min(i32::MAX.unsigned_abs()));
        let parameters: [Parameter<'_>; 3] = [(&state, Type::TEXT), (&after, Type::INT8), (&limit, Type::INT8)];
        let rows = self.query("select * from vambe.queue_list($1, $2, $3::bigint::integer)", &parameters).await?;
        Ok(rows.iter().map(Queued::from_row).collect())
    }

    /// Returns the update with a number, also if it is finished; `None` if the queue does not know it, or no longer.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used.
    pub async fn update(&self, seq: i64) -> Result<Option<Queued>, Error> {
        let rows = self.query("select * from vambe.queue_show($1)", &[(&seq, Type::INT8)]).await?;
        Ok(rows.first().map(Queued::from_row))
    }

    /// Returns the update with a reference, also if it is finished; `None` if the queue does not know it, or no longer.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used.
    pub async fn update_by_reference(&self, reference: &str) -> Result<Option<Queued>, Error> {
        let statement = "select * from vambe.queue_show(null, $1)";
        let rows = self.query(statement, &[(&reference, Type::TEXT)]).await?;
        Ok(rows.first().map(Queued::from_row))
    }
}

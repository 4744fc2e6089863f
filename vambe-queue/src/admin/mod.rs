//! The tasks of the owner of the database: setting it up, and changing and showing quotas and the queue.

mod enqueue;
mod queue;
mod queued;
mod quotas;

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use tokio_postgres::{Client, Row, error::SqlState};

pub use queue::{DeadLetters, QueueStatus, Retried, SourceStatus};
pub use queued::Queued;
pub use quotas::QuotaStatus;

use crate::{
    Error,
    database::{self, Away, Parameter},
    migrations,
    target::Target,
};

/// The limit for a statement.
const TIME_OUT: Duration = Duration::from_secs(60);

/// A connection of the schema's owner, or of a member of the role `vambe_admin`.
#[derive(Debug)]
pub struct Admin {
    client: Arc<Client>,
}

impl Admin {
    /// Connects to a database, such as `postgres://owner@host/database`. It must be called within a tokio runtime.
    ///
    /// # Errors
    ///
    /// Fails if the URL is invalid or the database cannot be reached.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        Ok(Self { client: database::connect(&Target::parse(url)?).await? })
    }

    /// Creates the schema `vambe` with its roles `vambe_enqueue`, `vambe_worker` and `vambe_admin`, or upgrades it. Repeating it
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// Fails if the user may not create schemas and roles, or if another text of a version is applied.
    pub async fn migrate(&self) -> Result<(), Error> {
        migrations::apply(&self.client).await
    }

    /// Checks that the database has the newest version of the schema.
    ///
    /// # Errors
    ///
    /// [`Error::NotMigrated`] if a version is missing, and [`Error::OtherMigration`] if one was applied from another text.
    pub async fn check(&self) -> Result<(), Error> {
        migrations::check(&self.client).await
    }

    async fn query(&self, statement: &str, parameters: &[Parameter<'_>]) -> Result<Vec<Row>, Error> {
        self.try_query(statement, parameters).await?.map_err(of_statement)
    }

    /// Runs a statement, and returns the database's error separately. A person may wait longer than a call.
    async fn try_query(
        &self,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Result<Vec<Row>, tokio_postgres::Error>, Error> {
        let rows = timeout(TIME_OUT, self.client.query_typed(statement, parameters)).await;
        rows.map_err(|_| Error::Database("the database did not answer within 60 s".into()))
    }
}

/// Converts the error of a statement. Without the schema or a function of it, the database has to be migrated.
fn of_statement(error: tokio_postgres::Error) -> Error {
    match error.code() {
        Some(code) if [SqlState::INVALID_SCHEMA_NAME, SqlState::UNDEFINED_FUNCTION].contains(code) => {
            Error::NotMigrated { needed: migrations::NEWEST }
        }
        _ => Away::from(error).into(),
    }
}

//! A connection to the database.
//!
//! Only unnamed statements are used: PgBouncer in transaction mode needs that.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use tokio_postgres::{
    Client, Config, NoTls, Row,
    types::{ToSql, Type},
};

/// The time after which the database counts as away. It is below the 5 s within which a slot is used.
const TIME_OUT: Duration = Duration::from_secs(4);

/// The reason why the database did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Away {
    #[error("the database did not answer within 4 s")]
    TimedOut,
    #[error(transparent)]
    Postgres(#[from] tokio_postgres::Error),
}

/// Connects within the time-out. The connection ends when the client is dropped.
pub(crate) async fn connect(config: &Config) -> Result<Arc<Client>, Away> {
    let (client, connection) = timeout(TIME_OUT, config.connect(NoTls)).await.map_err(|_| Away::TimedOut)??;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(error = &error as &dyn std::error::Error, "lost the connection to the database");
        }
    });
    Ok(Arc::new(client))
}

/// Runs one statement within the time-out.
pub(crate) async fn query(
    client: &Client,
    statement: &str,
    parameters: &[(&(dyn ToSql + Sync), Type)],
) -> Result<Vec<Row>, Away> {
    Ok(timeout(TIME_OUT, client.query_typed(statement, parameters)).await.map_err(|_| Away::TimedOut)??)
}

//! A connection to the database.
//!
//! Only unnamed statements are used: PgBouncer in transaction mode needs that.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, timeout},
};
use tokio_postgres::{
    Client, NoTls, Row,
    config::{LoadBalanceHosts, TargetSessionAttrs},
    types::{ToSql, Type},
};

use crate::target::Target;

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
pub(crate) async fn connect(target: &Target) -> Result<Arc<Client>, Away> {
    let config = &target.config;
    let connect = async {
        Ok::<_, Away>(match &target.tls {
            None => run(config.connect(NoTls).await?),
            Some(tls) => run(config.connect(tls.clone()).await?),
        })
    };
    timeout(TIME_OUT, connect).await.map_err(|_| Away::TimedOut)?
}

/// Runs a connection in the background.
fn run<S, T>((client, connection): (Client, tokio_postgres::Connection<S, T>)) -> Arc<Client>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(error = &error as &dyn std::error::Error, "lost the connection to the database");
        }
    });
    Arc::new(client)
}

/// A parameter of a statement, with its type.
pub(crate) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// Runs one statement within the time-out.
pub(crate) async fn query(client: &Client, statement: &str, parameters: &[Parameter<'_>]) -> Result<Vec<Row>, Away> {
    Ok(timeout(TIME_OUT, client.query_typed(statement, parameters)).await.map_err(|_| Away::TimedOut)??)
}

/// The time after a failed connection in which no other is tried, so that callers fail fast while the database is away.
const RECONNECT_AFTER: Duration = Duration::from_millis(500);

/// A connection that is made again after it was lost.
pub(crate) struct Connection {
    target: Target,
    client: Option<Arc<Client>>,
    failed_at: Option<Instant>,
}

impl Connection {
    pub(crate) fn new(mut target: Target) -> Self {
        // The driver has one time-out for all hosts. In a new order each time, a host that is silent hides no other for long.
        if target.config.get_target_session_attrs() == TargetSessionAttrs::ReadWrite {
            target.config.load_balance_hosts(LoadBalanceHosts::Random);
        }
        Self { target, client: None, failed_at: None }
    }

    /// Returns the connection, or a new one. `None` if there is none, which is logged when an attempt fails.
    pub(crate) async fn client(&mut self) -> Option<Arc<Client>> {
        self.client = self.client.take().filter(|client| !client.is_closed());
        if self.client.is_none() && self.failed_at.is_none_or(|at| at.elapsed() >= RECONNECT_AFTER) {
            match connect(&self.target).await {
                Ok(client) => (self.client, self.failed_at) = (Some(client), None),
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "could not connect to the database");
                    self.failed_at = Some(Instant::now());
                }
            }
        }
        self.client.clone()
    }

    /// Connects for the first time.
    pub(crate) async fn connect(&mut self) -> Result<Arc<Client>, Away> {
        let client = connect(&self.target).await?;
        self.client = Some(Arc::clone(&client));
        Ok(client)
    }

    /// Drops a connection that does not work, which ends it.
    pub(crate) fn discard(&mut self, broken: &Arc<Client>) {
        self.client = self.client.take().filter(|client| !Arc::ptr_eq(client, broken));
    }
}

/// Converts seconds of the database. Negative ones are zero, and ones without end are the longest duration.
pub(crate) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}

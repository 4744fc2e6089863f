//! The statements of a worker, on two connections: one that waits for the quota, and one for the rest.

use std::{sync::Arc, time::Duration};

use tokio::sync::Mutex;
use tokio_postgres::{Client, Row, error::SqlState, types::Type};
use vambe_api::Seen;

use super::{
    LEASE, SCHEMA,
    clock::Time,
    settlement::Settlement,
    taken::{Answer, COLUMNS, Taken},
};
use crate::{
    Error,
    database::{self, Away, Connection, Parameter},
    migrations, quota,
    target::Target,
};

/// The wait if others keep the quota's row locked for too long.
const BUSY: Duration = Duration::from_millis(100);

/// The time between two looks at all tickets, and not only at those that became due since the last one.
const FULL_LOOK: Duration = Duration::from_secs(5);

/// A commit may be this much later than the time at which its ticket is due. A later one is found by the next full look.
const LATE: f64 = 10.0;

pub(super) struct Store {
    name: String,
    quota: String,
    takes: Mutex<Takes>,
    others: Mutex<Connection>,
}

struct Takes {
    connection: Connection,
    /// The due time of the last update, in seconds since the epoch.
    last_due: Option<f64>,
    full_look: Option<Time>,
}

impl Store {
    pub(super) async fn connect(target: Target, name: &str, quota: &str) -> Result<Self, Error> {
        let (mut takes, mut others) = (Connection::new(target.clone()), Connection::new(target));
        let client = takes.connect().await?;
        migrations::require(&client, SCHEMA).await?;
        quota::require(&client, quota).await?;
        others.connect().await?;
        let takes = Takes { connection: takes, last_due: None, full_look: None };
        Ok(Self {
            name: name.to_owned(),
            quota: quota.to_owned(),
            takes: Mutex::new(takes),
            others: Mutex::new(others),
        })
    }

    /// Asks for an update. `None` if the database is away, which is logged.
    ///
    /// The future must not be dropped: the database may have granted an update.
    pub(super) async fn take(&self) -> Option<Answer> {
        let mut takes = self.takes.lock().await;
        let client = takes.connection.client().await?;
        let asked_at = Time::now();
        // The index keeps the dead entries of earlier turns as long as a snapshot is open somewhere, so most looks skip them.
        let is_full = takes.full_look.is_none_or(|at| at.elapsed() >= FULL_LOOK);
        let since = takes.last_due.filter(|_| !is_full).map(|due| due - LATE);
        let statement = format!(
            "select {COLUMNS} from vambe.take($1, $2, make_interval(secs => $3), coalesce(to_timestamp($4), '-infinity'))"
        );
        let lease = LEASE.as_secs_f64();
        let parameters: [Parameter<'_>; 4] =
            [(&self.name, Type::TEXT), (&self.quota, Type::TEXT), (&lease, Type::FLOAT8), (&since, Type::FLOAT8)];
        let rows = match database::query(&client, &statement, &parameters).await {
            Err(Away::Postgres(error)) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                return Some(Answer::Wait(BUSY));
            }
            Err(error) => {
                warn(&error);
                takes.connection.discard(&client);
                return None;
            }
            Ok(rows) => rows,
        };
        if is_full {
            takes.full_look = Some(asked_at);
        }
        let answer = rows.first().map(|row| Answer::from_row(row, asked_at));
        if let Some(Answer::Update(_, due)) = &answer {
            takes.last_due = Some(takes.last_due.map_or(*due, |last| last.max(*due)));
        }
        answer
    }

    /// Records an outcome. Returns `true` if the lease was still the worker's; `None` if the database is away.
    pub(super) async fn settle(&self, taken: &Taken, settlement: &Settlement) -> Option<bool> {
        let (delay, status) = (settlement.delay.as_secs_f64(), settlement.status.map(i32::from));
        let statement = "select vambe.settle($1, $2, $3, make_interval(secs => $4), $5, $6, $7)";
        let parameters: [Parameter<'_>; 7] = [
            (&taken.lane, Type::BYTEA),
            (&taken.lease, Type::INT8),
            (&settlement.outcome, Type::TEXT),
            (&delay, Type::FLOAT8),
            (&status, Type::INT4),
            (&settlement.reason, Type::TEXT),
            (&settlement.maybe_applied, Type::BOOL),
        ];
        let rows = self.other(async |client| database::query(client, statement, &parameters).await).await?;
        rows.first().map(|row| row.get(0))
    }

    /// Reports the result of an attempt to the quota. A report that is lost does no harm; the next attempt shows the same.
    pub(super) async fn report(&self, slot: u64, seen: Seen) {
        self.other(async |client| quota::report(client, &self.quota, slot, seen).await.map(|()| Vec::new())).await;
    }

    /// Says that the worker is alive; `None` if it has ended.
    pub(super) async fn seen(&self, in_flight: Option<i32>) {
        let statement = "select vambe.worker_seen($1, $2, $3)";
        let version = env!("CARGO_PKG_VERSION");
        let parameters: [Parameter<'_>; 3] =
            [(&self.name, Type::TEXT), (&version, Type::TEXT), (&in_flight, Type::INT4)];
        self.other(async |client| database::query(client, statement, &parameters).await).await;
    }

    /// Deletes old records.
    pub(super) async fn clean(&self) {
        self.other(async |client| database::query(client, "select vambe.clean()", &[]).await).await;
    }

    /// Runs a statement on the second connection. The statements of several attempts are pipelined.
    async fn other(&self, run: impl AsyncFnOnce(&Client) -> Result<Vec<Row>, Away>) -> Option<Vec<Row>> {
        let client: Arc<Client> = self.others.lock().await.client().await?;
        match run(&client).await {
            Ok(rows) => Some(rows),
            Err(error) => {
                warn(&error);
                self.others.lock().await.discard(&client);
                None
            }
        }
    }
}

fn warn(error: &Away) {
    tracing::warn!(error = error as &dyn std::error::Error, "the queue's database cannot be used");
}

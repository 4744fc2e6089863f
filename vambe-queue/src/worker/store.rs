//! The statements of a worker, on two connections: one that waits for the quota, and one for the rest. A quota in another database
//! has a third.

use std::{sync::Arc, time::Duration};

use tokio::sync::Mutex;
use tokio_postgres::{Client, error::SqlState, types::Type};
use vambe_api::{NotGranted, Seen};

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

/// The shortest and the longest time between two looks at all tickets, and not only at those that became due since the last one.
const FULL_LOOK: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(60));

/// A commit may be this much later than the time at which its ticket is due. A later one is found by the next full look.
const LATE: f64 = 10.0;

pub(super) struct Store {
    name: String,
    quota: String,
    takes: Mutex<Takes>,
    others: Mutex<Connection>,
    /// The database of the quota, if it is another one.
    elsewhere: Option<Mutex<Connection>>,
}

struct Takes {
    connection: Connection,
    /// The due time of the last update, in seconds since the epoch.
    last_due: Option<f64>,
    /// The last look at all tickets, and the time until the next one.
    full_look: Option<(Time, Duration)>,
}

impl Store {
    pub(super) async fn connect(
        target: Target,
        name: &str,
        quota: &str,
        elsewhere: Option<Target>,
    ) -> Result<Self, Error> {
        let (mut takes, mut others) = (Connection::new(target.clone()), Connection::new(target));
        let client = takes.connect().await?;
        migrations::require(&client, SCHEMA).await?;
        others.connect().await?;
        let elsewhere = match elsewhere {
            None => {
                quota::require(&client, quota).await?;
                None
            }
            Some(target) => {
                let mut connection = Connection::new(target);
                let client = connection.connect().await?;
                migrations::require(&client, quota::SCHEMA).await?;
                quota::require(&client, quota).await?;
                Some(Mutex::new(connection))
            }
        };
        let takes = Takes { connection: takes, last_due: None, full_look: None };
        Ok(Self {
            name: name.to_owned(),
            quota: quota.to_owned(),
            takes: Mutex::new(takes),
            others: Mutex::new(others),
            elsewhere,
        })
    }

    /// Asks for an update. `None` if the database is away, which is logged.
    ///
    /// The future must not be dropped: the database may have granted an update.
    pub(super) async fn take(&self) -> Option<Answer> {
        let mut takes = self.takes.lock().await;
        let asked_at = Time::now();
        // The index keeps the dead entries of earlier turns as long as a snapshot is open somewhere, so most looks skip them.
        let is_full = takes.full_look.is_none_or(|(at, wait)| at.elapsed() >= wait);
        let since = takes.last_due.filter(|_| !is_full).map(|due| due - LATE);
        let answer = match &self.elsewhere {
            None => takes.ask(&self.name, Some(&self.quota), since, false).await,
            Some(elsewhere) => self.take_with_slot_from(elsewhere, &mut takes, since).await,
        }?;
        if is_full {
            takes.full_look = Some((asked_at, until_full_look(asked_at.elapsed())));
        }
        if let Answer::Update(_, due) = &answer {
            takes.last_due = Some(takes.last_due.map_or(*due, |last| last.max(*due)));
        }
        Some(answer)
    }

    /// Looks for an update, takes a slot in the other database, and then the update. If another worker was faster, the slot counts
    /// all the same.
    async fn take_with_slot_from(
        &self,
        elsewhere: &Mutex<Connection>,
        takes: &mut Takes,
        since: Option<f64>,
    ) -> Option<Answer> {
        match takes.ask(&self.name, None, since, true).await? {
            Answer::Ready => {}
            answer => return Some(answer),
        }
        let asked_at = Time::now();
        let granted = run(elsewhere, async |client| quota::grant(client, &self.quota).await).await?;
        let slot = match granted {
            Ok(slot) => slot,
            Err(NotGranted::Wait(wait)) => return Some(Answer::Wait(wait)),
            Err(NotGranted::KeyRefused) => return Some(Answer::KEY_REFUSED),
            Err(_) => return None,
        };
        let mut answer = takes.ask(&self.name, None, since, false).await?;
        if let Answer::Update(taken, _) = &mut answer {
            // The lease is younger than the slot.
            (taken.slot, taken.asked_at) = (slot, asked_at);
        }
        Some(answer)
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
        let rows = run(&self.others, async |client| database::query(client, statement, &parameters).await).await?;
        rows.first().map(|row| row.get(0))
    }

    /// Reports the result of an attempt to the quota. A report that is lost does no harm; the next attempt shows the same.
    pub(super) async fn report(&self, slot: u64, seen: Seen) {
        let connection = self.elsewhere.as_ref().unwrap_or(&self.others);
        run(connection, async |client| quota::report(client, &self.quota, slot, seen).await).await;
    }

    /// Says that the worker is alive; `None` if it has ended.
    pub(super) async fn seen(&self, in_flight: Option<i32>) {
        let statement = "select vambe.worker_seen($1, $2, $3)";
        let version = env!("CARGO_PKG_VERSION");
        let parameters: [Parameter<'_>; 3] =
            [(&self.name, Type::TEXT), (&version, Type::TEXT), (&in_flight, Type::INT4)];
        run(&self.others, async |client| database::query(client, statement, &parameters).await).await;
    }

    /// Deletes old records.
    pub(super) async fn clean(&self) {
        run(&self.others, async |client| database::query(client, "select vambe.clean()", &[]).await).await;
    }
}

impl Takes {
    /// Asks the database for an update of a ticket that became due after `since`.
    async fn ask(&mut self, name: &str, quota: Option<&str>, since: Option<f64>, only_look: bool) -> Option<Answer> {
        let client = self.connection.client().await?;
        let asked_at = Time::now();
        let statement = format!(
            "select {COLUMNS} from vambe.take($1, $2, make_interval(secs => $3), coalesce(to_timestamp($4), '-infinity'), $5)"
        );
        let lease = LEASE.as_secs_f64();
        let parameters: [Parameter<'_>; 5] = [
            (&name, Type::TEXT),
            (&quota, Type::TEXT),
            (&lease, Type::FLOAT8),
            (&since, Type::FLOAT8),
            (&only_look, Type::BOOL),
        ];
        match database::query(&client, &statement, &parameters).await {
            Ok(rows) => rows.first().map(|row| Answer::from_row(row, asked_at)),
            Err(Away::Postgres(error)) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                Some(Answer::Wait(BUSY))
            }
            Err(error) => {
                warn(&error);
                self.connection.discard(&client);
                None
            }
        }
    }
}

/// Returns the time until the next look at all tickets after one that took this long. While a snapshot is open for an hour, such a look
/// takes a second, and has to stay a small part of the work.
fn until_full_look(took: Duration) -> Duration {
    took.saturating_mul(20).clamp(FULL_LOOK.0, FULL_LOOK.1)
}

/// Runs a statement on a connection that several attempts share, which pipelines their statements. `None` if the database is away.
async fn run<T>(connection: &Mutex<Connection>, run: impl AsyncFnOnce(&Client) -> Result<T, Away>) -> Option<T> {
    let client: Arc<Client> = connection.lock().await.client().await?;
    match run(&client).await {
        Ok(result) => Some(result),
        Err(error) => {
            warn(&error);
            connection.lock().await.discard(&client);
            None
        }
    }
}

fn warn(error: &Away) {
    tracing::warn!(error = error as &dyn std::error::Error, "the database of the queue or of its quota cannot be used");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_looks_at_all_tickets_are_rare() {
        for (took, expected) in [(0.001, 5.0), (0.5, 10.0), (1.0, 20.0), (600.0, 60.0)] {
            let wait = until_full_look(Duration::from_secs_f64(took));
            assert_eq!(wait.as_secs_f64(), expected, "{took}");
        }
    }
}

//! A quota in PostgreSQL, as the shared limit of a client.

use std::{sync::Arc, thread, time::Duration};

use tokio::sync::{mpsc, oneshot};
use tokio_postgres::{Client, error::SqlState, types::Type};
use vambe_api::{NotGranted, Seen, SharedLimit, TakeSlot};

use crate::{
    Error,
    database::{self, Away, Connection, Parameter, seconds},
    migrations,
    target::Target,
};

/// The wait if others keep the quota's row locked for too long.
const BUSY: Duration = Duration::from_millis(100);

/// The version of the schema that a quota needs.
pub(crate) const SCHEMA: i32 = 1;

/// A request limit that all hosts share, in a PostgreSQL database. Clone an [`Arc`] of it to share it between clients.
///
/// It has a thread of its own, so that it works in every runtime and with blocking clients, and reconnects by itself. A result that
/// cannot be reported because the database is away is lost; the next attempt shows the same.
#[derive(Debug)]
pub struct Quota {
    requests: mpsc::UnboundedSender<Request>,
}

#[derive(Debug)]
enum Request {
    Take(oneshot::Sender<Result<u64, NotGranted>>),
    Report(u64, Seen),
}

impl Quota {
    /// Connects to a database, such as `postgres://service@host/database`, and uses its quota `name`.
    ///
    /// # Errors
    ///
    /// Fails if the URL is invalid, the database cannot be used, or it has no such quota.
    pub async fn connect(url: &str, name: &str) -> Result<Self, Error> {
        let target = Target::parse(url)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Thread)?;
        let (requests, received) = mpsc::unbounded_channel();
        let (checked, result) = oneshot::channel();
        let mut server = Server { connection: Connection::new(target), name: name.into() };
        let serve = move || {
            runtime.block_on(async move {
                let result = server.check().await;
                let is_usable = result.is_ok();
                // The caller may have gone.
                if checked.send(result).is_ok() && is_usable {
                    server.serve(received).await;
                }
            });
        };
        thread::Builder::new().name("vambe-quota".to_owned()).spawn(serve).map_err(Error::Thread)?;
        // The thread ends without a result only if a library panics.
        result.await.unwrap_or(Err(Error::Database("the thread of the quota has ended".into())))?;
        Ok(Self { requests })
    }
}

impl SharedLimit for Quota {
    fn take(&self) -> TakeSlot<'_> {
        Box::pin(async {
            let (sender, slot) = oneshot::channel();
            // If the thread has ended, the sender is dropped, and the slot is unavailable.
            let _ = self.requests.send(Request::Take(sender));
            slot.await.unwrap_or(Err(NotGranted::Unavailable))
        })
    }

    fn report(&self, slot: u64, seen: Seen) {
        // An answer is reported only if the grant asked for it: see `grant`.
        if seen != Seen::Answered || slot & 1 == 1 {
            let _ = self.requests.send(Request::Report(slot >> 1, seen));
        }
    }
}

/// The side of the thread.
struct Server {
    connection: Connection,
    name: Arc<str>,
}

impl Server {
    /// Checks that the database has the quota.
    async fn check(&mut self) -> Result<(), Error> {
        let client = self.connection.connect().await?;
        migrations::require(&client, SCHEMA).await?;
        require(&client, &self.name).await
    }

    async fn serve(mut self, mut requests: mpsc::UnboundedReceiver<Request>) {
        let (broken, mut is_broken) = mpsc::unbounded_channel();
        while let Some(request) = requests.recv().await {
            while let Ok(client) = is_broken.try_recv() {
                self.connection.discard(&client);
            }
            // The caller has gone, for example since the database was away for longer than its deadline.
            if matches!(&request, Request::Take(sender) if sender.is_closed()) {
                continue;
            }
            let Some(client) = self.connection.client().await else {
                if let Request::Take(sender) = request {
                    let _ = sender.send(Err(NotGranted::Unavailable));
                }
                continue;
            };
            let (name, broken) = (Arc::clone(&self.name), broken.clone());
            // The statements are pipelined on one connection.
            tokio::spawn(async move {
                let result = match request {
                    Request::Take(sender) => grant(&client, &name).await.map(|slot| {
                        let _ = sender.send(slot);
                    }),
                    Request::Report(slot, seen) => report(&client, &name, slot, seen).await,
                };
                if let Err(error) = result {
                    tracing::warn!(error = &error as &dyn std::error::Error, "the quota's database cannot be used");
                    let _ = broken.send(client);
                }
            });
        }
    }
}

/// Checks that the database has the quota.
pub(crate) async fn require(client: &Client, name: &str) -> Result<(), Error> {
    let statement = "select exists (select from vambe.quota_status() q where q.name = $1)";
    let exists = database::query(client, statement, &[(&name, Type::TEXT)]).await?;
    if exists.first().is_some_and(|row| row.get(0)) { Ok(()) } else { Err(Error::NoQuota) }
}

/// Asks for a slot. Its number has a lowest bit of 1 if the database wants to know of an answer, which spares a statement per
/// request while everything is fine.
pub(crate) async fn grant(client: &Client, name: &str) -> Result<Result<u64, NotGranted>, Away> {
    let statement =
        "select slot, extract(epoch from wait)::float8, reason, coalesce(troubled, false) from vambe.quota_take($1)";
    let rows = match database::query(client, statement, &[(&name, Type::TEXT)]).await {
        Err(Away::Postgres(error)) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
            return Ok(Err(NotGranted::Wait(BUSY)));
        }
        rows => rows?,
    };
    let Some(row) = rows.first() else { return Ok(Err(NotGranted::Unavailable)) };
    let (slot, wait, reason): (Option<i64>, Option<f64>, Option<&str>) = (row.get(0), row.get(1), row.get(2));
    Ok(match (slot.and_then(|slot| u64::try_from(slot).ok()), wait) {
        (Some(slot), _) => Ok(slot << 1 | u64::from(row.get::<_, bool>(3))),
        (None, Some(wait)) => Err(NotGranted::Wait(seconds(wait))),
        (None, None) if reason == Some("key_refused") => Err(NotGranted::KeyRefused),
        (None, None) => Err(NotGranted::Unavailable),
    })
}

/// Reports the result of the attempt with a slot.
pub(crate) async fn report(client: &Client, name: &str, slot: u64, seen: Seen) -> Result<(), Away> {
    let (what, retry_after) = match seen {
        Seen::TooMany(wait) => ("too_many", wait),
        Seen::Unauthorized => ("unauthorized", None),
        Seen::Forbidden => ("forbidden", None),
        Seen::NoAnswer | Seen::NotSent => ("no_answer", None),
        _ => ("answered", None),
    };
    let slot = i64::try_from(slot).unwrap_or(i64::MAX);
    // The database bounds it too; a value of decades would not be an interval.
    let retry_after = retry_after.map(|wait| wait.min(Duration::from_secs(3600)).as_secs_f64());
    let statement = "select vambe.quota_report($1, $2, $3, make_interval(secs => $4))";
    let parameters: [Parameter<'_>; 4] =
        [(&name, Type::TEXT), (&slot, Type::INT8), (&what, Type::TEXT), (&retry_after, Type::FLOAT8)];
    database::query(client, statement, &parameters).await?;
    Ok(())
}

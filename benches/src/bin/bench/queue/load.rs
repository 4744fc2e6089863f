//! A load of statements: several connections that each run one after the other.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls, Statement, types::Type};
use vambe_benches::Failure;
use vambe_queue::Enqueue;

/// A worker looks at all tickets this often, less often if such a look takes long, and otherwise at those that became due after the last
/// one, less a delay.
const FULL_LOOK: Duration = Duration::from_secs(5);
const LATE: f64 = 10.0;

/// The thing that a connection does again and again.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    /// Enqueues an update of another ticket each time, with a reference.
    Enqueue,
    /// Enqueues an update of the same ticket.
    EnqueueForOne,
    /// Takes an update and settles it, as a worker does; `skips` leaves out the tickets that were due before the last one.
    TakeAndSettle { skips: bool },
    /// Takes a slot of the quota.
    Grant,
}

/// The times of the actions in seconds, and the time of all.
pub(super) struct Load {
    times: Vec<f64>,
    total: Duration,
}

impl Load {
    pub(super) fn rate(&self) -> f64 {
        self.times.len() as f64 / self.total.as_secs_f64()
    }

    pub(super) fn times(&self) -> &[f64] {
        &self.times
    }
}

/// Runs an action on several connections for a time.
pub(super) async fn run(url: &str, connections: usize, action: Action, time: Duration) -> Result<Load, Failure> {
    measure(url, connections, action, move |_, start| start.elapsed() < time).await
}

/// Runs an action on several connections this often each.
pub(super) async fn count(url: &str, connections: usize, action: Action, times: u64) -> Result<Load, Failure> {
    measure(url, connections, action, move |done, _| done < times).await
}

async fn measure(
    url: &str,
    connections: usize,
    action: Action,
    more: impl Fn(u64, Instant) -> bool + Send + Sync + 'static,
) -> Result<Load, Failure> {
    let mut clients = Vec::new();
    for number in 0..connections {
        clients.push(Connection::open(url, number).await?);
    }
    let (mut tasks, more, start) = (JoinSet::new(), Arc::new(more), Instant::now());
    for mut client in clients {
        let more = Arc::clone(&more);
        tasks.spawn(async move {
            let (mut times, mut done) = (Vec::new(), 0);
            while more(done, start) {
                if let Some(time) = client.act(action, done).await? {
                    times.push(time.as_secs_f64());
                }
                done += 1;
            }
            Ok::<_, Failure>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(result) = tasks.join_next().await {
        times.extend(result??);
    }
    Ok(Load { times, total: start.elapsed() })
}

/// Returns the time that this share of the actions does not exceed.
pub(super) fn quantile(times: &[f64], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

struct Connection {
    client: Client,
    number: usize,
    /// A service prepares its statements.
    enqueue: Statement,
    last_due: Option<f64>,
    /// The last look at all tickets, and the time until the next one.
    full_look: Option<(Instant, Duration)>,
}

impl Connection {
    async fn open(url: &str, number: usize) -> Result<Self, Failure> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let enqueue = client.prepare(Enqueue::SQL).await?;
        Ok(Self { client, number, enqueue, last_due: None, full_look: None })
    }

    /// Returns the time of an action; for an update that is taken and settled, the time to take it.
    async fn act(&mut self, action: Action, done: u64) -> Result<Option<Duration>, Failure> {
        let start = Instant::now();
        match action {
            Action::Enqueue | Action::EnqueueForOne => {
                let one = matches!(action, Action::EnqueueForOne);
                let ticket = if one { 0 } else { done << 8 | self.number as u64 };
                // References differ between the rounds too.
                let reference = fastrand::u64(..);
                let update = format!(
                    r#"{{"ticket_id": "00000000-0000-0000-0000-{ticket:012x}", "reference": "{reference}",
                        "metadata": {{"order_id": "ORD-1", "priority": "high"}}}}"#
                );
                self.client.execute(&self.enqueue, &[&update]).await?;
            }
            Action::Grant => {
                self.client.query_typed("select slot, wait is null from vambe.quota_take('q')", &[]).await?;
            }
            Action::TakeAndSettle { skips } => return self.take(skips).await,
        }
        Ok(Some(start.elapsed()))
    }

    async fn take(&mut self, skips: bool) -> Result<Option<Duration>, Failure> {
        let is_full = !skips || self.full_look.is_none_or(|(at, wait)| at.elapsed() >= wait);
        let since = self.last_due.filter(|_| !is_full).map(|due| due - LATE);
        let start = Instant::now();
        let statement = "select lane, lease, reference, ticket::text, metadata::text, extract(epoch from due_at)::float8 \
                         from vambe.take('w', 'q', '1 min', coalesce(to_timestamp($1), '-infinity'))";
        let rows = self.client.query_typed(statement, &[(&since, Type::FLOAT8)]).await?;
        let time = start.elapsed();
        if is_full {
            self.full_look = Some((start, (time * 20).max(FULL_LOOK)));
        }
        let Some((row, lane)) = rows.first().and_then(|row| Some((row, row.get::<_, Option<&[u8]>>(0)?))) else {
            return Ok(None);
        };
        let (lease, due): (i64, f64) = (row.get(1), row.get(5));
        self.last_due = Some(self.last_due.map_or(due, |last| last.max(due)));
        let outcome = if row.get::<_, Option<&str>>(2) == Some("stuck") { "retry" } else { "applied" };
        let statement = "select vambe.settle($1, $2, $3, '10 min')";
        self.client
            .query_typed(statement, &[(&lane, Type::BYTEA), (&lease, Type::INT8), (&outcome, Type::TEXT)])
            .await?;
        Ok(Some(time))
    }
}

//! `vambe queue enqueue`: enqueues the updates of a file.

use std::mem;

use serde_json::json;
use vambe_queue::{Admin, Enqueue};

use super::{QueueError, connect};
use crate::{
    args::{EnqueueArgs, Format},
    import::{NewUpdate, Updates},
    numbers::plural,
};

/// The maximum number of updates in a transaction. Each ticket takes a place in the database's table of locks until its end.
const BATCH: usize = 500;

/// The size in bytes after which a transaction takes no more updates.
const BATCH_BYTES: usize = 4 << 20;

/// Enqueues the updates of a file, some of them in one transaction, and returns the line about it.
pub(super) async fn run(args: &EnqueueArgs) -> Result<String, QueueError> {
    let updates = Updates::open(args)?;
    let rows = updates.total;
    let admin = connect(&args.database).await?;
    let mut enqueued = 0;
    if let Err(source) = enqueue(&admin, args, updates, &mut enqueued).await {
        return Err(match enqueued {
            0 => source,
            enqueued => QueueError::Unfinished { enqueued, rows, source: Box::new(source) },
        });
    }
    Ok(match args.format {
        Format::Text => format!("the queue has the {} of the file\n", plural(enqueued, "update")),
        Format::Json => format!("{}\n", json!({ "rows": rows, "enqueued": enqueued })),
    })
}

async fn enqueue(admin: &Admin, args: &EnqueueArgs, updates: Updates, enqueued: &mut u64) -> Result<(), QueueError> {
    let mut batch = Batch::default();
    for update in updates {
        batch.push(new(args, update?)?);
        if batch.updates.len() >= BATCH || batch.bytes >= BATCH_BYTES {
            batch.enqueue(admin, enqueued).await?;
        }
    }
    batch.enqueue(admin, enqueued).await
}

fn new(args: &EnqueueArgs, NewUpdate { row, update, reference }: NewUpdate) -> Result<Enqueue, QueueError> {
    let new = Enqueue::new(update.ticket, update.metadata).map_err(|source| QueueError::Row { row, source })?;
    let mut new = new.reference(reference).expires_in(args.expires_in);
    if update.allow_closed_ticket == Some(true) {
        new = new.allow_closed_ticket();
    }
    if args.join_rows {
        new = new.may_join();
    }
    Ok(match &args.source {
        Some(source) => new.source(source),
        None => new,
    })
}

#[derive(Default)]
struct Batch {
    updates: Vec<Enqueue>,
    bytes: usize,
}

impl Batch {
    fn push(&mut self, update: Enqueue) {
        self.bytes += update.json().len();
        self.updates.push(update);
    }

    async fn enqueue(&mut self, admin: &Admin, enqueued: &mut u64) -> Result<(), QueueError> {
        let Self { updates, .. } = mem::take(self);
        admin.enqueue(&updates).await?;
        *enqueued += updates.len() as u64;
        Ok(())
    }
}

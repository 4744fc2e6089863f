//! Writes records in batches: many outcomes share one `fsync`, and each is reported once it is on disk.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    thread::{self, Thread},
    time::Duration,
};

use thiserror::Error;
use tokio::{
    sync::{
        Semaphore,
        mpsc::{self, UnboundedReceiver, UnboundedSender, error::SendError},
    },
    task::{self, JoinHandle},
};

use super::{Journal, JournalError, Record};

/// The size at which a batch is full. Its last record may exceed it.
const BATCH_BYTES: usize = 1 << 20;

/// The time for which a batch collects records, unless it fills up earlier. Without it, a fast disk makes batches of two or
/// three records, and writing them takes as much CPU time as sending the rows.
const COLLECT: Duration = Duration::from_millis(10);

/// A batch is full once at most one slot of this many is free. These are for records that arrive while it is written.
const SPARE: usize = 16;

/// Takes records, and reports each once it is on disk, in their order.
///
/// A single record is written at once. Meanwhile, and for a moment after, the next batch collects records, which share the
/// wait for the disk.
///
/// Runs as a blocking task, for which a runtime waits when it shuts down: records are written also if the committer is dropped
/// without [`finish`](Self::finish).
pub(crate) struct Committer<T> {
    queue: UnboundedSender<(Record, T)>,
    /// A record has a slot until it is on disk.
    slots: Arc<Semaphore>,
    most: usize,
    /// The writing thread, once it runs.
    writer: Arc<OnceLock<Thread>>,
    task: JoinHandle<Result<Journal, CommitError<T>>>,
}

/// A record that a failed committer did not take; [`Committer::finish`] returns the error.
#[derive(Debug)]
pub(crate) struct Stopped<T>(pub(crate) Record, pub(crate) T);

/// An error while writing the journal.
#[derive(Error)]
#[error("cannot write the last outcomes to the journal: the next run sends their rows again")]
pub(crate) struct CommitError<T> {
    #[source]
    pub(crate) error: JournalError,
    /// The records that were neither written nor reported, in their order.
    pub(crate) unwritten: Vec<(Record, T)>,
}

impl<T: Send + 'static> Committer<T> {
    /// Starts a committer on the current tokio runtime. At most `most` records are sent and not on disk; then senders wait. A
    /// killed run loses them. `report` is called on the writing thread, and must not wait for a sender.
    pub(crate) fn start(journal: Journal, most: usize, report: impl FnMut(Record, T) + Send + 'static) -> Self {
        let (queue, receiver) = mpsc::unbounded_channel();
        let most = most.min(Semaphore::MAX_PERMITS);
        let (slots, writer) = (Arc::new(Semaphore::new(most)), Arc::new(OnceLock::new()));
        let (freed, this_thread) = (Arc::clone(&slots), Arc::clone(&writer));
        let task = task::spawn_blocking(move || {
            this_thread.get_or_init(thread::current);
            run(journal, receiver, &freed, most, report)
        });
        Self { queue, slots, most, writer, task }
    }

    /// Queues a record; waits while no slot is free. If the future is dropped, the record is not queued.
    pub(crate) async fn send(&self, record: Record, payload: T) -> Result<(), Stopped<T>> {
        // Closed by a failure.
        let Ok(slot) = self.slots.acquire().await else { return Err(Stopped(record, payload)) };
        self.queue.send((record, payload)).map_err(|SendError((record, payload))| Stopped(record, payload))?;
        slot.forget();
        // Not for each further record: a second wake-up would be taken for that of the next batch.
        if self.slots.available_permits() == self.most / SPARE {
            self.flush();
        }
        Ok(())
    }

    /// Waits until the committer has failed.
    pub(crate) async fn stopped(&self) {
        self.queue.closed().await;
    }

    /// Waits until all records are written and reported, and returns the journal.
    pub(crate) async fn finish(self) -> Result<Journal, CommitError<T>> {
        self.flush();
        drop(self.queue);
        match self.task.await {
            Ok(result) => result,
            // `report` panicked, or the runtime is shutting down.
            Err(error) => Err(CommitError { error: JournalError::Thread(error), unwritten: Vec::new() }),
        }
    }

    fn flush(&self) {
        if let Some(writer) = self.writer.get() {
            writer.unpark();
        }
    }
}

fn run<T>(
    mut journal: Journal,
    mut queue: UnboundedReceiver<(Record, T)>,
    slots: &Semaphore,
    most: usize,
    mut report: impl FnMut(Record, T),
) -> Result<Journal, CommitError<T>> {
    let mut batch = Vec::new();
    while let Some(first) = queue.blocking_recv() {
        let mut bytes = first.0.weight();
        batch.push(first);
        while bytes < BATCH_BYTES
            && let Ok(next) = queue.try_recv()
        {
            bytes = bytes.saturating_add(next.0.weight());
            batch.push(next);
        }
        if let Err(error) = journal.append(batch.iter().map(|(record, _)| record)) {
            queue.close();
            slots.close();
            while let Some(next) = queue.blocking_recv() {
                batch.push(next);
            }
            return Err(CommitError { error, unwritten: batch });
        }
        slots.add_permits(batch.len());
        for (record, payload) in batch.drain(..) {
            report(record, payload);
        }
        if slots.available_permits() > most / SPARE {
            // A stale token only makes the batch smaller.
            thread::park_timeout(COLLECT);
        }
    }
    Ok(journal)
}

impl<T> fmt::Debug for Committer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Committer").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for CommitError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommitError").field("error", &self.error).field("unwritten", &self.unwritten.len()).finish()
    }
}

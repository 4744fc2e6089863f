//! Writing records in batches: an outcome is reported once it is on disk, and many of them share one `fsync`.

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{Arc, OnceLock},
    thread::{self, Thread},
    time::Duration,
};

use thiserror::Error;
use tokio::{
    sync::mpsc::{self, Receiver, Sender, error::SendError},
    task::{self, JoinHandle},
};

use super::{Journal, JournalError, Record};

/// A batch takes no more records once it is as long as this. It can be longer by one record.
const BATCH_BYTES: usize = 1 << 20;

/// The time for which a batch gathers after the one before, unless it is full. Without it, a fast disk makes batches of two or three
/// records, and writing them costs as much of the processor as sending their rows.
const GATHER: Duration = Duration::from_millis(5);

/// Takes records, and reports each once it is on disk, in the order in which they came.
///
/// One record alone is written at once. While it is on its way to the disk, and for a moment after, the next batch gathers:
/// many records share the wait.
///
/// It is a blocking task of the runtime rather than a thread of its own, since a runtime that ends waits for such a task:
/// what was sent is written also if the committer is dropped without [`finish`](Self::finish).
pub(crate) struct Committer<T> {
    queue: Sender<(Record, T)>,
    /// The thread that writes, once it runs.
    writer: Arc<OnceLock<Thread>>,
    task: JoinHandle<Result<Journal, CommitError<T>>>,
}

/// The committer takes no more records, since it failed; [`Committer::finish`] returns the error. This is the record that it
/// did not take.
#[derive(Debug)]
pub(crate) struct Stopped<T>(pub(crate) Record, pub(crate) T);

/// The journal could not be written.
#[derive(Error)]
#[error("the last outcomes could not be written to the journal: their rows are sent again in the next run")]
pub(crate) struct CommitError<T> {
    /// Why.
    #[source]
    pub(crate) error: JournalError,
    /// What was not written, and not reported, in the order in which it came.
    pub(crate) unwritten: Vec<(Record, T)>,
}

impl<T: Send + 'static> Committer<T> {
    /// The most records that are sent, or being sent, and not reported yet: those that wait, those that are being written, and
    /// the one that a single sender waits with. After a kill, they are lost.
    pub(crate) const fn most_unwritten(batch: NonZeroUsize) -> usize {
        batch.get().saturating_mul(2).saturating_add(1)
    }

    /// Begins; to be called on a tokio runtime. At most `batch` records are written at once, and as many wait; then senders
    /// wait too. `report` is called on the thread that writes; while it blocks, nothing is written, so it must not wait for
    /// whoever sends.
    pub(crate) fn start(journal: Journal, batch: NonZeroUsize, report: impl FnMut(Record, T) + Send + 'static) -> Self {
        let (queue, receiver) = mpsc::channel(batch.get());
        let writer = Arc::new(OnceLock::new());
        let this_thread = Arc::clone(&writer);
        let task = task::spawn_blocking(move || {
            this_thread.get_or_init(thread::current);
            run(journal, receiver, batch.get(), report)
        });
        Self { queue, writer, task }
    }

    /// Hands a record on; waits while too many of them wait. If the future is dropped, it was not handed on.
    pub(crate) async fn send(&self, record: Record, payload: T) -> Result<(), Stopped<T>> {
        let sent = self.queue.send((record, payload)).await;
        if self.queue.capacity() == 0 {
            self.stop_gathering();
        }
        sent.map_err(|SendError((record, payload))| Stopped(record, payload))
    }

    /// Waits until it takes no more records, since it failed. What it had then may be all that there is for now.
    pub(crate) async fn stopped(&self) {
        self.queue.closed().await;
    }

    /// Waits until all is written and reported, and gives the journal back.
    pub(crate) async fn finish(self) -> Result<Journal, CommitError<T>> {
        self.stop_gathering();
        drop(self.queue);
        match self.task.await {
            Ok(result) => result,
            // `report` panicked, or the runtime is going down.
            Err(error) => Err(CommitError { error: JournalError::Thread(error), unwritten: Vec::new() }),
        }
    }

    fn stop_gathering(&self) {
        if let Some(writer) = self.writer.get() {
            writer.unpark();
        }
    }
}

fn run<T>(
    mut journal: Journal,
    mut queue: Receiver<(Record, T)>,
    most: usize,
    mut report: impl FnMut(Record, T),
) -> Result<Journal, CommitError<T>> {
    let mut batch = Vec::new();
    while let Some(first) = queue.blocking_recv() {
        let mut bytes = first.0.weight();
        batch.push(first);
        while batch.len() < most
            && bytes < BATCH_BYTES
            && let Ok(next) = queue.try_recv()
        {
            bytes = bytes.saturating_add(next.0.weight());
            batch.push(next);
        }
        if let Err(error) = journal.append(batch.iter().map(|(record, _)| record)) {
            queue.close();
            while let Some(next) = queue.blocking_recv() {
                batch.push(next);
            }
            return Err(CommitError { error, unwritten: batch });
        }
        for (record, payload) in batch.drain(..) {
            report(record, payload);
        }
        if queue.len() < most {
            // Woken early by a stale token, the batch is only smaller.
            thread::park_timeout(GATHER);
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

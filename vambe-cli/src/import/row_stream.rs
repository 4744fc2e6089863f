//! The updates of a run: reads rows from the input, skips those that are final, and bounds the memory of the rest.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::Stream;
use tokio::{
    runtime::Handle,
    sync::{AcquireError, OwnedSemaphorePermit, Semaphore, mpsc},
};
use vambe_api::bulk::{Control, Update};

use super::{
    input::{Faults, InputError, Raw, Row, Rows},
    journal::Resumed,
    overwrites::OverwriteIndex,
};

/// The memory budget in bytes for rows between the input and the journal. A longer row uses all of it.
const BYTES: usize = 8 << 20;

/// The cost of a row in addition to twice its bytes, which exist as raw input and as an update.
const ROW: usize = 512;

/// The number of rows that are read ahead.
const QUEUE: usize = 256;

/// The number of rows that have to be taken before the reader wakes: waking it for each row would cost more than reading the
/// row. The rest, and the rows that the run holds, last until it has read more.
const WAKE_AFTER: usize = QUEUE / 4 * 3;

/// A row between the input and the journal. It uses a part of the memory budget until it is dropped.
#[derive(Debug)]
pub(super) struct InFlightRow {
    pub(super) number: u64,
    pub(super) line: u64,
    pub(super) raw: Raw,
    _permit: OwnedSemaphorePermit,
}

/// The rows to send. Dropping it stops the reader.
#[derive(Debug)]
pub(super) struct RowStream {
    updates: mpsc::Receiver<Update<InFlightRow>>,
    budget: Arc<Semaphore>,
}

/// The rows that get an outcome without being sent.
pub(super) type SkippedRows = mpsc::Receiver<(InFlightRow, SkipReason)>;

/// The reason why a row is not sent.
#[derive(Debug)]
pub(super) enum SkipReason {
    /// The row is not a valid update.
    Invalid(Faults),
    /// Later rows of the same ticket have set all its keys.
    Superseded,
}

impl Stream for RowStream {
    type Item = Update<InFlightRow>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.updates.poll_recv(cx)
    }
}

impl Drop for RowStream {
    fn drop(&mut self) {
        // The reader may be waiting for memory that is freed only after it has ended: that of rows the journal did not accept.
        self.budget.close();
    }
}

/// Reads rows into a [`RowStream`] and [`SkippedRows`].
pub(super) struct Reader {
    rows: Rows,
    resumed: Resumed,
    overwrites: Option<OverwriteIndex>,
    updates: mpsc::Sender<Update<InFlightRow>>,
    skipped: mpsc::Sender<(InFlightRow, SkipReason)>,
    budget: Arc<Semaphore>,
}

/// Splits the rows that are not final into those to send and those to skip. `overwrites` has the values to leave out.
pub(super) fn split(
    rows: Rows,
    resumed: Resumed,
    overwrites: Option<OverwriteIndex>,
) -> (Reader, RowStream, SkippedRows) {
    let (updates, stream) = mpsc::channel(QUEUE);
    let (skipped, skipped_rows) = mpsc::channel(QUEUE);
    let budget = Arc::new(Semaphore::new(BYTES));
    let stream = RowStream { updates: stream, budget: Arc::clone(&budget) };
    (Reader { rows, resumed, overwrites, updates, skipped, budget }, stream, skipped_rows)
}

impl Reader {
    /// Reads until the input ends or the stream is dropped. Blocks, so it needs a thread of its own.
    pub(super) fn read(self, runtime: &Handle, control: &Control) -> Result<(), InputError> {
        let Self { rows, resumed, overwrites, updates, skipped, budget } = self;
        let mut permits = None;
        for row in rows {
            let Row { number, line, raw, content } = row?;
            if resumed.is_final(number) {
                continue;
            }
            let size = (2 * raw.as_bytes().len() + ROW).min(BYTES);
            let size = u32::try_from(size).unwrap_or(u32::MAX);
            let Ok(permit) = acquire(&budget, size, runtime, control) else { break };
            let row = InFlightRow { number, line, raw, _permit: permit };
            let content = content.map_err(SkipReason::Invalid).and_then(|update| match &overwrites {
                Some(overwrites) => overwrites.strip(number, update).ok_or(SkipReason::Superseded),
                None => Ok(update),
            });
            let is_taken = match content {
                Ok(update) => {
                    let mut to_send = Update::new(row, update.ticket, update.metadata);
                    if let Some(allow) = update.allow_closed_ticket {
                        to_send = to_send.allow_closed_ticket(allow);
                    }
                    // Many permits at a time, for one wake.
                    let permit = permits.as_mut().and_then(Iterator::next).or_else(|| {
                        permits = runtime.block_on(updates.reserve_many(WAKE_AFTER)).ok();
                        permits.as_mut().and_then(Iterator::next)
                    });
                    permit.map(|permit| permit.send(to_send)).is_some()
                }
                Err(reason) => skipped.blocking_send((row, reason)).is_ok(),
            };
            if !is_taken {
                break;
            }
        }
        Ok(())
    }
}

/// Waits until rows in flight have freed `size` bytes. Meanwhile the run must not wait for further rows.
fn acquire(
    budget: &Arc<Semaphore>,
    size: u32,
    runtime: &Handle,
    control: &Control,
) -> Result<OwnedSemaphorePermit, AcquireError> {
    if let Ok(permit) = Arc::clone(budget).try_acquire_many_owned(size) {
        return Ok(permit);
    }
    control.set_waits_for_outcomes(true);
    let permit = runtime.block_on(Arc::clone(budget).acquire_many_owned(size));
    control.set_waits_for_outcomes(false);
    permit
}

//! From the rows of the input to the updates of a run: what has to be sent, with bounded memory.

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
    newer::LeaveOut,
};

/// How many bytes of rows may be on their way, from the input to the journal. A row that is longer goes alone.
const BYTES: usize = 8 << 20;

/// What a row takes of it, beside twice its bytes: they are there as they stand in the input, and as an update.
const ROW: usize = 512;

/// How many rows wait to be taken. Once half of them are, the other half is read: to wake the reader for each row would cost
/// more than to read it.
const QUEUE: usize = 128;

/// A row that is on its way. It takes a part of the memory that there is for rows, until it is dropped.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) number: u64,
    pub(super) line: u64,
    pub(super) raw: Raw,
    _room: OwnedSemaphorePermit,
}

/// The rows that are to be sent. Once it is dropped, no more are read.
#[derive(Debug)]
pub(super) struct Feed {
    updates: mpsc::Receiver<Update<Pending>>,
    room: Arc<Semaphore>,
}

/// The rows that are not sent.
pub(super) type Unsent = mpsc::Receiver<(Pending, Why)>;

/// Why a row is not sent.
#[derive(Debug)]
pub(super) enum Why {
    /// It is no update.
    Faulty(Faults),
    /// Later rows of its ticket have set all its keys.
    Superseded,
}

impl Stream for Feed {
    type Item = Update<Pending>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.updates.poll_recv(cx)
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        // The reader may wait for memory that is not given back before it has ended: that of rows which the journal did not
        // take.
        self.room.close();
    }
}

/// What reads rows into a [`Feed`].
pub(super) struct Reader {
    rows: Rows,
    resumed: Resumed,
    leave_out: LeaveOut,
    feed: mpsc::Sender<Update<Pending>>,
    unsent: mpsc::Sender<(Pending, Why)>,
    room: Arc<Semaphore>,
}

/// The rows but those that are final, in two ways out.
pub(super) fn feed(rows: Rows, resumed: Resumed, leave_out: LeaveOut) -> (Reader, Feed, Unsent) {
    let (feed, to_send) = mpsc::channel(QUEUE);
    let (unsent, not_to_send) = mpsc::channel(QUEUE);
    let room = Arc::new(Semaphore::new(BYTES));
    let to_send = Feed { updates: to_send, room: Arc::clone(&room) };
    (Reader { rows, resumed, leave_out, feed, unsent, room }, to_send, not_to_send)
}

impl Reader {
    /// Reads to the end of the input, or until nobody takes rows any more. It blocks, so that it needs a thread of its own.
    pub(super) fn read(self, runtime: &Handle, control: &Control) -> Result<(), InputError> {
        let Self { rows, resumed, leave_out, feed, unsent, room } = self;
        let mut places = None;
        for row in rows {
            let Row { number, line, raw, content } = row?;
            if resumed.is_final(number) {
                continue;
            }
            let size = (2 * raw.as_bytes().len() + ROW).min(BYTES);
            let permits = u32::try_from(size).unwrap_or(u32::MAX);
            let Ok(room) = wait_for_room(&room, permits, runtime, control) else { break };
            let pending = Pending { number, line, raw, _room: room };
            let content = content.map_err(Why::Faulty);
            let content = content.and_then(|update| leave_out.apply(number, update).ok_or(Why::Superseded));
            let is_taken = match content {
                Ok(update) => {
                    let mut to_send = Update::new(pending, update.ticket, update.metadata);
                    if let Some(allow) = update.allow_closed_ticket {
                        to_send = to_send.allow_closed_ticket(allow);
                    }
                    // Many places at a time, for one wake.
                    let place = match places.as_mut().and_then(Iterator::next) {
                        Some(place) => Some(place),
                        None => {
                            places = runtime.block_on(feed.reserve_many(QUEUE / 2)).ok();
                            places.as_mut().and_then(Iterator::next)
                        }
                    };
                    place.map(|place| place.send(to_send)).is_some()
                }
                Err(why) => unsent.blocking_send((pending, why)).is_ok(),
            };
            if !is_taken {
                break;
            }
        }
        Ok(())
    }
}

/// Waits until rows on their way have given back so much memory. The run must not wait for further rows meanwhile.
fn wait_for_room(
    room: &Arc<Semaphore>,
    permits: u32,
    runtime: &Handle,
    control: &Control,
) -> Result<OwnedSemaphorePermit, AcquireError> {
    if let Ok(permit) = Arc::clone(room).try_acquire_many_owned(permits) {
        return Ok(permit);
    }
    control.set_waits_for_outcomes(true);
    let permit = runtime.block_on(Arc::clone(room).acquire_many_owned(permits));
    control.set_waits_for_outcomes(false);
    permit
}

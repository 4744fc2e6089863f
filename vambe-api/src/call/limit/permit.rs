//! The permission to send one request.

use std::sync::Arc;

use tokio::time::Instant;

use super::{Blocked, Limit, Limits};

/// The permission to send one request. Dropping it frees its slot.
#[derive(Debug)]
#[must_use]
pub(crate) struct Permit {
    /// `None` without limits, so that such calls do not contend for a reference count.
    slot: Option<Slot>,
    epoch: u64,
    /// The slot of the limit that other processes share, if there is one.
    shared: Option<u64>,
}

#[derive(Debug)]
struct Slot {
    limits: Arc<Limits>,
    id: u64,
    was_sent: bool,
}

impl Permit {
    pub(super) fn without_limit(epoch: u64) -> Self {
        Self { slot: None, epoch, shared: None }
    }

    pub(super) fn for_slot(limits: Arc<Limits>, id: u64, epoch: u64) -> Self {
        Self { slot: Some(Slot { limits, id, was_sent: true }), epoch, shared: None }
    }

    /// Returns the reason for a call whose deadline passed before its slot; `None` without limits.
    pub(crate) fn blocked_until_now(&self) -> Option<Blocked> {
        self.slot.as_ref().map(|_| Blocked { limit: Limit::Concurrency, until: None })
    }

    pub(super) fn with_shared(self, slot: u64) -> Self {
        Self { shared: Some(slot), ..self }
    }

    pub(super) fn shared_slot(&self) -> Option<u64> {
        self.shared
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Begins the attempt, which ends by `deadline`. Returns `false` if the permit has lapsed: its slot is gone, and the
    /// request must not be sent.
    #[must_use]
    pub(crate) fn begin(&self, deadline: Instant) -> bool {
        let Some(slot) = &self.slot else { return true };
        let (has_begun, wakers) = {
            let (mut state, now) = (slot.limits.lock(), Instant::now());
            let has_begun = state.begin(slot.id, now, deadline);
            // Another waiter may ask the shared limit now.
            (has_begun, if self.shared.is_some() { state.take_wakers(now) } else { Vec::new() })
        };
        wakers.into_iter().for_each(std::task::Waker::wake);
        has_begun
    }

    /// Frees the slot as if nothing was sent.
    pub(super) fn give_back(mut self) {
        if let Some(slot) = &mut self.slot {
            slot.was_sent = false;
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let wakers = {
            let (mut state, now) = (self.limits.lock(), Instant::now());
            state.release(self.id, self.was_sent, now);
            state.take_wakers(now)
        };
        wakers.into_iter().for_each(std::task::Waker::wake);
    }
}

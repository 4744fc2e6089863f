//! The count of the calls in flight, and the end of new ones when a client is drained.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// The bit that is set once the client is drained; the others count calls.
const DRAINED: usize = 1 << (usize::BITS - 1);

/// The count of calls in flight, shared by the clones of a client.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    state: AtomicUsize,
    ended: Notify,
}

/// A call in flight. Dropping it ends the call.
#[derive(Debug)]
#[must_use]
pub(crate) struct Entered<'a>(&'a Gate);

impl Gate {
    /// Counts a call. Returns `None` if the client is drained.
    pub(crate) fn enter(&self) -> Option<Entered<'_>> {
        let before = self.state.fetch_add(1, Ordering::SeqCst);
        let entered = Entered(self);
        (before & DRAINED == 0).then_some(entered)
    }

    /// Returns the number of calls in flight.
    pub(crate) fn in_flight(&self) -> usize {
        self.state.load(Ordering::SeqCst) & !DRAINED
    }

    /// Refuses new calls, and waits until those in flight have ended.
    pub(crate) async fn drain(&self) {
        self.state.fetch_or(DRAINED, Ordering::SeqCst);
        loop {
            let mut ended = std::pin::pin!(self.ended.notified());
            // Before the count is read, so that no end is missed.
            ended.as_mut().enable();
            if self.in_flight() == 0 {
                return;
            }
            ended.await;
        }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if self.0.state.fetch_sub(1, Ordering::SeqCst) == DRAINED + 1 {
            self.0.ended.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn drains_after_the_last_call_and_refuses_new_ones() {
        let gate = Gate::default();
        let (one, another) = (gate.enter().unwrap(), gate.enter().unwrap());
        let mut drained = std::pin::pin!(gate.drain());
        let mut is_drained = || drained.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
        assert!(is_drained().is_pending());
        assert!(gate.enter().is_none());
        assert_eq!(gate.in_flight(), 2);
        drop(one);
        assert!(is_drained().is_pending());
        drop(another);
        assert!(is_drained().is_ready());
        assert_eq!(gate.in_flight(), 0);
        gate.drain().await;
    }
}

//! A waiter for a slot.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::time::{Instant, Sleep, sleep_until};

use super::{Blocked, Limits, Permit, queue::GRACE};

/// A waiter for a slot. Dropping it removes it from the queue.
#[derive(Debug)]
pub(crate) struct Waiter {
    limits: Arc<Limits>,
    /// The id in the queue, once it waits.
    id: Option<u64>,
    /// Allocated when the wait begins.
    timer: Option<Pin<Box<Sleep>>>,
    blocked: Option<Blocked>,
}

impl Waiter {
    pub(crate) fn new(limits: Arc<Limits>) -> Self {
        Self { limits, id: None, timer: None, blocked: None }
    }

    /// Returns the limit that blocks it, once it waits.
    #[cfg(feature = "bulk")]
    pub(crate) fn blocked(&self) -> Option<Blocked> {
        self.blocked
    }

    /// Takes a slot if it is this waiter's turn. Fails if none can become free before the deadline.
    pub(crate) fn poll(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<Result<Permit, Blocked>> {
        loop {
            if self.id.is_none()
                && let Some(permit) = self.limits.permit_without_limit()
            {
                return Poll::Ready(Ok(permit));
            }
            let now = Instant::now();
            let mut state = self.limits.lock();
            let free = state.free(now);
            let awake_ahead = state.queue.awake_ahead(self.id, now, free.max(1));
            let is_late = self.id.is_some() && now >= deadline;
            if awake_ahead < free && !is_late {
                let (id, epoch) = (state.grant(now), state.pause.epoch());
                drop(state);
                self.leave();
                return Poll::Ready(Ok(Permit::for_slot(Arc::clone(&self.limits), id, epoch)));
            }
            let ahead = state.queue.ahead(self.id);
            let blocked = state.blocked(now, state.queue.certain(ahead));
            // Fail fast: no slot frees before the deadline.
            if is_late || blocked.until.is_some_and(|until| until > deadline) {
                drop(state);
                self.leave();
                return Poll::Ready(Err(blocked));
            }
            self.id = Some(state.queue.wait(self.id, cx.waker()));
            self.blocked = Some(blocked);
            // Polled waiters ahead have checked by now, so the others are probably not polled: wake them a last time.
            let is_overdue = free > 0 && self.timer.as_ref().is_some_and(|timer| timer.deadline() <= now);
            let (look, wakers) = match is_overdue {
                true => {
                    let all_ahead = state.queue.awake_ahead(self.id, now, usize::MAX);
                    (Some(now + GRACE), state.queue.take_wakers(all_ahead, now))
                }
                false => {
                    (state.next_look(now, ahead, awake_ahead == 0), state.queue.take_wakers(free.min(awake_ahead), now))
                }
            };
            let look = look.map_or(deadline, |look| look.min(deadline));
            drop(state);
            wakers.into_iter().for_each(std::task::Waker::wake);
            if self.sleep_until(look, cx).is_pending() {
                return Poll::Pending;
            }
        }
    }

    fn sleep_until(&mut self, time: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(time)));
        if timer.deadline() != time {
            timer.as_mut().reset(time);
        }
        timer.as_mut().poll(cx)
    }

    /// Leaves the queue and wakes the next waiters, for a new first one or a free slot.
    fn leave(&mut self) {
        self.blocked = None;
        let Some(id) = self.id.take() else { return };
        let wakers = {
            let mut state = self.limits.lock();
            let first = state.queue.remove(id);
            first.into_iter().chain(state.take_wakers(Instant::now())).collect::<Vec<_>>()
        };
        wakers.into_iter().for_each(std::task::Waker::wake);
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.leave();
    }
}

//! Waiting for a slot.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::time::{Instant, Sleep, sleep_until};

use super::{Blocked, Limits, Permit, queue::GRACE};

/// One who waits for a slot. Dropped, it leaves the queue.
#[derive(Debug)]
pub(crate) struct Waiter {
    limits: Arc<Limits>,
    /// Its place in the queue, once it waits.
    id: Option<u64>,
    /// Allocated once, when it begins to wait.
    timer: Option<Pin<Box<Sleep>>>,
    blocked: Option<Blocked>,
}

impl Waiter {
    pub(crate) fn new(limits: Arc<Limits>) -> Self {
        Self { limits, id: None, timer: None, blocked: None }
    }

    /// Returns what it waits for, if it does.
    #[cfg(feature = "bulk")]
    pub(crate) fn blocked(&self) -> Option<Blocked> {
        self.blocked
    }

    /// Takes a slot if it is this one's turn; fails if none can be free before the deadline.
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
            // Fail fast: no slot comes free before the deadline, and the caller has better use for the time.
            if is_late || blocked.until.is_some_and(|until| until > deadline) {
                drop(state);
                self.leave();
                return Poll::Ready(Err(blocked));
            }
            self.id = Some(state.queue.wait(self.id, cx.waker()));
            self.blocked = Some(blocked);
            // It looks after all others that are polled, so those ahead did not come: all of them get their last chance.
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

    /// Leaves the queue, and wakes the next one: it is the first now, or there is another slot.
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

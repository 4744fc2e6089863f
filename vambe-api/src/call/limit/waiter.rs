//! A waiter for a slot.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

use super::{Blocked, Limit, Limits, NotGranted, Permit, queue::GRACE, state::USE_WITHIN};
use crate::call::after;

/// The shortest wait before the shared limit is asked again.
const SHORTEST_WAIT: Duration = Duration::from_millis(5);

/// A waiter for a slot. Dropping it removes it from the queue.
pub(crate) struct Waiter {
    limits: Arc<Limits>,
    /// The id in the queue, once it waits.
    id: Option<u64>,
    /// Allocated when the wait begins.
    timer: Option<Pin<Box<Sleep>>>,
    blocked: Option<Blocked>,
    asking: Option<Asking>,
}

/// A question to the shared limit, with the permit that its slot is for.
struct Asking {
    permit: Permit,
    answer: Pin<Box<dyn Future<Output = Result<u64, NotGranted>> + Send>>,
    lapses: Instant,
}

impl Waiter {
    pub(crate) fn new(limits: Arc<Limits>) -> Self {
        Self { limits, id: None, timer: None, blocked: None, asking: None }
    }

    /// Returns the limit that blocks it, once it waits.
    #[cfg(feature = "bulk")]
    pub(crate) fn blocked(&self) -> Option<Blocked> {
        self.blocked
    }

    /// Takes a slot if it is this waiter's turn. Fails if none can become free before the deadline.
    pub(crate) fn poll(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<Result<Permit, Blocked>> {
        loop {
            if self.asking.is_some() {
                match ready!(self.poll_shared(deadline, cx)) {
                    Some(result) => return Poll::Ready(result),
                    None => continue,
                }
            }
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
                // The waiter keeps its order, in case the shared limit has no slot.
                let order = self.limits.shared.as_ref().map(|_| self.id.unwrap_or_else(|| state.queue.new_id()));
                drop(state);
                self.leave();
                let permit = Permit::for_slot(Arc::clone(&self.limits), id, epoch);
                let Some(shared) = &self.limits.shared else { return Poll::Ready(Ok(permit)) };
                let shared = Arc::clone(shared);
                let answer = Box::pin(async move { shared.take().await });
                self.id = order;
                self.asking = Some(Asking { permit, answer, lapses: after(now, USE_WITHIN) });
                continue;
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

    /// Polls the shared limit. Returns `None` if the waiter has to wait for its next slot.
    fn poll_shared(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<Option<Result<Permit, Blocked>>> {
        let Some(mut asking) = self.asking.take() else { return Poll::Ready(None) };
        let blocked = |limit| Some(Err(Blocked { limit, until: None }));
        let result = match asking.answer.as_mut().poll(cx) {
            Poll::Ready(Ok(slot)) => Some(Ok(asking.permit.with_shared(slot))),
            Poll::Ready(Err(NotGranted::Wait(wait))) => {
                let until = after(Instant::now(), wait.max(SHORTEST_WAIT));
                self.limits.lock().close(Some(until));
                None
            }
            Poll::Ready(Err(NotGranted::KeyRefused)) => blocked(Limit::KeyRefused),
            Poll::Ready(Err(NotGranted::Unavailable)) => blocked(Limit::Unavailable),
            Poll::Pending if self.sleep_until(asking.lapses.min(deadline), cx).is_pending() => {
                self.asking = Some(asking);
                return Poll::Pending;
            }
            Poll::Pending => blocked(Limit::Unavailable),
        };
        if result.is_some() {
            self.leave();
        }
        Poll::Ready(result)
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

impl fmt::Debug for Waiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter").field("id", &self.id).field("blocked", &self.blocked).finish_non_exhaustive()
    }
}

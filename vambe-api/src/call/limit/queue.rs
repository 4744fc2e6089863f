//! The waiters for a slot, in the order of their arrival.

use std::{collections::VecDeque, task::Waker, time::Duration};

use tokio::time::Instant;

/// The time that a waiter has to take a slot after it was woken; then others may take it, so that a future that is no longer
/// polled does not block them. It is far longer than a busy runtime needs, which keeps the order.
pub(super) const GRACE: Duration = Duration::from_millis(50);

/// The waiters in the order of their arrival. None of them owns a slot: a slot is free until a waiter that is polled takes it.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// Sorted by id.
    waiters: VecDeque<Waiting>,
    next_id: u64,
    /// The number of waiters that were woken for a slot and not polled since.
    woken: usize,
}

#[derive(Debug)]
struct Waiting {
    id: u64,
    waker: Waker,
    /// The time at which it was woken for a slot, if it was not polled since.
    woken: Option<Instant>,
}

impl Waiting {
    /// Returns `true` if the waiter was woken and has let [`GRACE`] pass.
    fn is_dormant(&self, now: Instant) -> bool {
        self.woken.is_some_and(|woken| now.duration_since(woken) >= GRACE)
    }
}

impl Queue {
    /// Returns the number of waiters ahead of this one, or of a new one.
    pub(super) fn ahead(&self, id: Option<u64>) -> usize {
        id.map_or(self.waiters.len(), |id| self.waiters.partition_point(|waiting| waiting.id < id))
    }

    /// Returns how many of the `ahead` waiters are certain to take a slot, without those that were woken and may never come.
    pub(super) fn certain(&self, ahead: usize) -> usize {
        ahead.saturating_sub(self.woken)
    }

    /// Returns the number of waiters ahead of this one, or of a new one, that are not dormant; counts up to `most`.
    pub(super) fn awake_ahead(&self, id: Option<u64>, now: Instant, most: usize) -> usize {
        let ahead = self.waiters.iter().take(self.ahead(id));
        ahead.filter(|waiting| !waiting.is_dormant(now)).take(most).count()
    }

    /// Returns the id of a waiter that comes after all others.
    pub(super) fn new_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        id
    }

    /// Adds a waiter, in its old order if it has an id, or records that this one was polled. Returns its id.
    pub(super) fn wait(&mut self, id: Option<u64>, waker: &Waker) -> u64 {
        if let Some(waiting) = self.find(id) {
            waiting.waker.clone_from(waker);
            let (id, was_woken) = (waiting.id, waiting.woken.take().is_some());
            self.woken -= usize::from(was_woken);
            return id;
        }
        let id = id.unwrap_or_else(|| self.new_id());
        let index = self.ahead(Some(id));
        self.waiters.insert(index, Waiting { id, waker: waker.clone(), woken: None });
        id
    }

    /// Removes a waiter. Returns the waker of the new first waiter, if it has changed: it must check for a free slot.
    pub(super) fn remove(&mut self, id: u64) -> Option<Waker> {
        let index = self.waiters.binary_search_by_key(&id, |waiting| waiting.id).ok()?;
        let was_woken = self.waiters.remove(index).is_some_and(|waiting| waiting.woken.is_some());
        self.woken -= usize::from(was_woken);
        self.waiters.front().filter(|_| index == 0).map(|first| first.waker.clone())
    }

    /// Returns the wakers of the first `count` waiters that are not dormant, except those already woken.
    pub(super) fn take_wakers(&mut self, count: usize, now: Instant) -> Vec<Waker> {
        let awake = self.waiters.iter_mut().filter(|waiting| !waiting.is_dormant(now)).take(count);
        let sleeping = awake.filter(|waiting| waiting.woken.is_none());
        let wakers: Vec<_> = sleeping
            .map(|waiting| {
                waiting.woken = Some(now);
                waiting.waker.clone()
            })
            .collect();
        self.woken += wakers.len();
        wakers
    }

    /// Returns the wakers of all waiters, to make them check their deadline.
    pub(super) fn all(&self) -> Vec<Waker> {
        self.waiters.iter().map(|waiting| waiting.waker.clone()).collect()
    }

    fn find(&mut self, id: Option<u64>) -> Option<&mut Waiting> {
        let index = self.waiters.binary_search_by_key(&id?, |waiting| waiting.id).ok()?;
        self.waiters.get_mut(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wakes_the_first_once_and_passes_over_those_that_stay_away() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        let ids: Vec<_> = (0..4).map(|_| queue.wait(None, Waker::noop())).collect();
        assert_eq!(queue.take_wakers(2, now).len(), 2);
        assert!(queue.take_wakers(2, now).is_empty(), "they were woken already");
        assert_eq!(queue.awake_ahead(Some(ids[2]), now, 9), 2);
        queue.wait(Some(ids[0]), Waker::noop());
        let later = now + GRACE;
        assert_eq!(queue.awake_ahead(Some(ids[2]), later, 9), 1, "the second one did not come");
        assert_eq!(queue.take_wakers(2, later).len(), 2, "the first one again, and the third one");
        queue.remove(ids[0]);
        queue.wait(Some(ids[1]), Waker::noop());
        assert_eq!(queue.awake_ahead(Some(ids[2]), later, 9), 1, "it keeps its position");
        assert_eq!([queue.ahead(Some(ids[3])), queue.ahead(None)], [2, 3]);
    }
}

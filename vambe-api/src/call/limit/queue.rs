//! The waiters for a slot, in the order of their arrival.

use std::{collections::VecDeque, task::Waker, time::Duration};

use tokio::time::Instant;

/// How long a waiter has to take a slot that it was woken for. Then others may take it: a task that holds a future without
/// polling it must not hold up everybody else. Far longer than a busy runtime needs, so that the order holds.
pub(super) const GRACE: Duration = Duration::from_millis(50);

/// Waiters in the order of their arrival. None of them owns a slot: a slot is free until a waiter that is polled takes it.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// By ascending id.
    waiters: VecDeque<Waiting>,
    next_id: u64,
    /// How many of them were woken for a slot and have not come yet.
    woken: usize,
}

#[derive(Debug)]
struct Waiting {
    id: u64,
    waker: Waker,
    /// When it was woken for a free slot, if it was not polled since.
    woken: Option<Instant>,
}

impl Waiting {
    /// Whether it was woken and has not come for its slot.
    fn is_dormant(&self, now: Instant) -> bool {
        self.woken.is_some_and(|woken| now.duration_since(woken) >= GRACE)
    }
}

impl Queue {
    /// Returns how many waiters are ahead of this one, or of a new one.
    pub(super) fn ahead(&self, id: Option<u64>) -> usize {
        id.map_or(self.waiters.len(), |id| self.waiters.partition_point(|waiting| waiting.id < id))
    }

    /// Returns how many of `ahead` waiters are still to take a slot for certain: not those that may never come for theirs.
    pub(super) fn certain(&self, ahead: usize) -> usize {
        ahead.saturating_sub(self.woken)
    }

    /// Returns how many waiters ahead of this one, or of a new one, are not known to be dormant; counts up to `most`.
    pub(super) fn awake_ahead(&self, id: Option<u64>, now: Instant, most: usize) -> usize {
        let ahead = self.waiters.iter().take(self.ahead(id));
        ahead.filter(|waiting| !waiting.is_dormant(now)).take(most).count()
    }

    /// Puts a new waiter at the end, or notes that this one was polled. Returns its id.
    pub(super) fn wait(&mut self, id: Option<u64>, waker: &Waker) -> u64 {
        if let Some(waiting) = self.find(id) {
            waiting.waker.clone_from(waker);
            let (id, was_woken) = (waiting.id, waiting.woken.take().is_some());
            self.woken -= usize::from(was_woken);
            return id;
        }
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        self.waiters.push_back(Waiting { id, waker: waker.clone(), woken: None });
        id
    }

    /// Removes a waiter. Returns the waker of the first one if that is another now: it has to look when a slot comes free.
    pub(super) fn remove(&mut self, id: u64) -> Option<Waker> {
        let index = self.waiters.binary_search_by_key(&id, |waiting| waiting.id).ok()?;
        let was_woken = self.waiters.remove(index).is_some_and(|waiting| waiting.woken.is_some());
        self.woken -= usize::from(was_woken);
        self.waiters.front().filter(|_| index == 0).map(|first| first.waker.clone())
    }

    /// Returns whom to wake: the first `count` waiters that are not dormant, unless they were woken already.
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

    /// Returns the wakers of all, who have to look again, not to take a slot.
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
    fn the_first_are_woken_once_and_those_that_do_not_come_are_passed_over() {
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

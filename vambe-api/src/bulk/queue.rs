//! The updates that wait, in the order in which they may be sent: those of one ticket one after the other.

use std::collections::{HashMap, VecDeque, hash_map::Entry};

use super::Update;
use crate::TicketRef;

/// Updates that are waiting for their turn.
///
/// A ticket is taken with its next update, and is busy until it is [done](Self::done): two updates of the same ticket are
/// never taken at the same time. Tickets take turns.
#[derive(Debug)]
pub(super) struct Queue<R> {
    /// The next update of each ticket that is not busy.
    next: VecDeque<Waiting<R>>,
    /// Each ticket that is busy or has an update in `next`, with those that wait behind it.
    behind: HashMap<TicketRef, VecDeque<Waiting<R>>>,
    join: bool,
}

#[derive(Debug)]
struct Waiting<R> {
    update: Update<R>,
    /// Whether it was refused together with others, and has to be sent on its own.
    alone: bool,
}

impl<R> Queue<R> {
    /// With `join`, updates that wait for the same ticket are taken together.
    pub(super) fn new(join: bool) -> Self {
        Self { next: VecDeque::new(), behind: HashMap::new(), join }
    }

    pub(super) fn push(&mut self, update: Update<R>) {
        let waiting = Waiting { update, alone: false };
        match self.behind.entry(waiting.update.ticket.clone()) {
            Entry::Occupied(mut behind) => behind.get_mut().push_back(waiting),
            Entry::Vacant(ticket) => {
                ticket.insert(VecDeque::new());
                self.next.push_back(waiting);
            }
        }
    }

    /// The update to send next, and those to join to it: later ones of its ticket with the same `allow_closed_ticket`. `None`
    /// if all tickets are busy.
    pub(super) fn take(&mut self) -> Option<(Update<R>, Vec<Update<R>>)> {
        let Waiting { update: first, alone } = self.next.pop_front()?;
        let mut joined = Vec::new();
        if self.join
            && !alone
            && let Some(behind) = self.behind.get_mut(&first.ticket)
        {
            let allow = first.allow_closed_ticket;
            let like = |next: &Waiting<R>| !next.alone && next.update.allow_closed_ticket == allow;
            while behind.front().is_some_and(like)
                && let Some(next) = behind.pop_front()
            {
                joined.push(next.update);
            }
        }
        Some((first, joined))
    }

    /// Whether there is something to take.
    pub(super) fn is_ready(&self) -> bool {
        !self.next.is_empty()
    }

    /// What was taken of this ticket is done with.
    pub(super) fn done(&mut self, ticket: TicketRef) {
        if let Entry::Occupied(mut behind) = self.behind.entry(ticket) {
            match behind.get_mut().pop_front() {
                Some(next) => self.next.push_back(next),
                None => drop(behind.remove()),
            }
        }
    }

    /// Puts updates that were taken back, each to be sent on its own, before all others of the ticket.
    pub(super) fn put_back(&mut self, updates: Vec<Update<R>>) {
        for update in updates.into_iter().rev() {
            if let Some(behind) = self.behind.get_mut(&update.ticket) {
                behind.push_front(Waiting { update, alone: true });
            }
        }
    }

    /// Takes all that wait for a busy ticket out.
    pub(super) fn remove(&mut self, ticket: &TicketRef) -> impl Iterator<Item = Update<R>> + use<R> {
        let behind = self.behind.get_mut(ticket).map(std::mem::take).unwrap_or_default();
        behind.into_iter().map(|waiting| waiting.update)
    }

    /// Takes everything out that waits.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Update<R>> + use<R> {
        let (next, behind) = (std::mem::take(&mut self.next), std::mem::take(&mut self.behind));
        next.into_iter().chain(behind.into_values().flatten()).map(|waiting| waiting.update)
    }
}

#[cfg(test)]
mod tests {
    use std::iter;

    use super::*;
    use crate::Metadata;

    fn ticket(letter: char) -> TicketRef {
        TicketRef::contact_number(&format!("+5691234567{}", u32::from(letter) % 10)).unwrap()
    }

    fn queue(join: bool, updates: &[(u64, char)]) -> Queue<u64> {
        let mut queue = Queue::new(join);
        for (row, letter) in updates {
            queue.push(Update::new(*row, ticket(*letter), Metadata::from([("key", row.to_string())])));
        }
        queue
    }

    fn taken(queue: &mut Queue<u64>) -> Vec<u64> {
        queue
            .take()
            .into_iter()
            .flat_map(|(first, joined)| iter::once(first).chain(joined))
            .map(|update| update.row)
            .collect()
    }

    #[test]
    fn updates_of_one_ticket_are_taken_one_after_the_other_and_others_meanwhile() {
        let mut queue = queue(false, &[(1, 'a'), (2, 'a'), (3, 'b'), (4, 'a')]);
        assert_eq!(taken(&mut queue), [1]);
        assert_eq!(taken(&mut queue), [3]);
        assert!(taken(&mut queue).is_empty(), "both are busy");
        queue.done(ticket('a'));
        assert_eq!(taken(&mut queue), [2]);
        queue.done(ticket('b'));
        assert!(!queue.is_ready());
        queue.done(ticket('a'));
        assert_eq!(taken(&mut queue), [4]);
        queue.done(ticket('a'));
        assert!(queue.behind.is_empty(), "nothing is kept of a ticket that is done with");
    }

    #[test]
    fn updates_that_wait_for_the_same_ticket_are_joined_while_they_ask_for_the_same() {
        let mut queue = queue(true, &[(1, 'a'), (2, 'a'), (3, 'b')]);
        queue.push(Update::new(4, ticket('a'), Metadata::from([("key", "4")])).allow_closed_ticket(true));
        queue.push(Update::new(5, ticket('a'), Metadata::from([("key", "5")])));
        assert_eq!(taken(&mut queue), [1, 2]);
        queue.done(ticket('a'));
        assert_eq!(taken(&mut queue), [3]);
        assert_eq!(taken(&mut queue), [4]);
        queue.done(ticket('a'));
        assert_eq!(taken(&mut queue), [5]);
    }

    #[test]
    fn what_is_put_back_comes_first_and_alone() {
        let mut queue = queue(true, &[(1, 'a'), (2, 'a')]);
        let (first, mut joined) = queue.take().unwrap();
        joined.insert(0, first);
        queue.push(Update::new(3, ticket('a'), Metadata::from([("key", "3")])));
        queue.put_back(joined);
        for expected in [1, 2, 3] {
            queue.done(ticket('a'));
            assert_eq!(taken(&mut queue), [expected]);
        }
    }

    #[test]
    fn what_waits_can_be_taken_out() {
        let mut queue = queue(false, &[(1, 'a'), (2, 'a'), (3, 'b'), (4, 'a')]);
        assert_eq!(taken(&mut queue), [1]);
        assert_eq!(queue.remove(&ticket('a')).map(|update| update.row).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(queue.drain().map(|update| update.row).collect::<Vec<_>>(), [3]);
        assert!(!queue.is_ready());
    }
}

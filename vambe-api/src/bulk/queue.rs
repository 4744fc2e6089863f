//! The waiting updates, in the order in which they may be sent: one at a time per ticket.

use std::collections::{HashMap, VecDeque, hash_map::Entry};

use super::Update;
use crate::TicketRef;

/// The updates that wait for their turn.
///
/// Taking an update makes its ticket busy until it is [done](Self::done), so that two updates of one ticket are never in flight
/// together. Tickets take turns.
#[derive(Debug)]
pub(super) struct Queue<R> {
    /// The next update of each ticket that is not busy.
    next: VecDeque<Waiting<R>>,
    /// Each ticket that is busy or has an update in `next`, with the updates behind that one.
    behind: HashMap<TicketRef, VecDeque<Waiting<R>>>,
    join: bool,
}

#[derive(Debug)]
struct Waiting<R> {
    update: Update<R>,
    /// True if it was rejected together with others, so that it is sent on its own.
    alone: bool,
}

impl<R> Queue<R> {
    /// Creates an empty queue. With `join`, updates that wait for the same ticket are taken together.
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

    /// Takes the next update, and the later ones of its ticket to join with it: those with the same `allow_closed_ticket`.
    /// Returns `None` if all tickets are busy.
    pub(super) fn take(&mut self) -> Option<(Update<R>, Vec<Update<R>>)> {
        let Waiting { update: first, alone } = self.next.pop_front()?;
        let mut joined = Vec::new();
        if self.join
            && !alone
            && let Some(behind) = self.behind.get_mut(&first.ticket)
        {
            let allow = first.allow_closed_ticket;
            let like = |next: &mut Waiting<R>| !next.alone && next.update.allow_closed_ticket == allow;
            while let Some(next) = behind.pop_front_if(like) {
                joined.push(next.update);
            }
        }
        Some((first, joined))
    }

    /// Returns `true` if there is an update to take.
    pub(super) fn is_ready(&self) -> bool {
        !self.next.is_empty()
    }

    /// Records that the updates taken of this ticket are done.
    pub(super) fn done(&mut self, ticket: TicketRef) {
        if let Entry::Occupied(mut behind) = self.behind.entry(ticket) {
            match behind.get_mut().pop_front() {
                Some(next) => self.next.push_back(next),
                None => drop(behind.remove()),
            }
        }
    }

    /// Puts taken updates back, before all others of their ticket, to send each on its own.
    pub(super) fn put_back(&mut self, updates: Vec<Update<R>>) {
        for update in updates.into_iter().rev() {
            if let Some(behind) = self.behind.get_mut(&update.ticket) {
                behind.push_front(Waiting { update, alone: true });
            }
        }
    }

    /// Removes all updates that wait for a busy ticket.
    pub(super) fn remove(&mut self, ticket: &TicketRef) -> impl Iterator<Item = Update<R>> + use<R> {
        let behind = self.behind.get_mut(ticket).map(std::mem::take).unwrap_or_default();
        behind.into_iter().map(|waiting| waiting.update)
    }

    /// Removes all waiting updates.
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
    fn takes_one_update_of_a_ticket_at_a_time() {
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
        assert!(queue.behind.is_empty(), "nothing is kept of a ticket that is done");
    }

    #[test]
    fn joins_waiting_updates_of_a_ticket_with_the_same_options() {
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
    fn updates_put_back_come_first_and_alone() {
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
    fn waiting_updates_can_be_removed() {
        let mut queue = queue(false, &[(1, 'a'), (2, 'a'), (3, 'b'), (4, 'a')]);
        assert_eq!(taken(&mut queue), [1]);
        assert_eq!(queue.remove(&ticket('a')).map(|update| update.row).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(queue.drain().map(|update| update.row).collect::<Vec<_>>(), [3]);
        assert!(!queue.is_ready());
    }
}

//! The earlier values of metadata, so that a test sees every value a key had.

use std::collections::{BTreeMap, VecDeque};

use uuid::Uuid;

use super::Ticket;

/// The number of earlier values that are kept, of all tickets together.
const KEPT: usize = 100_000;

/// The values that updates replaced, oldest first.
#[derive(Clone, Default)]
pub(super) struct History {
    replaced: VecDeque<(Uuid, String, String)>,
}

impl History {
    /// Records the values that an update of the ticket replaced, with their keys.
    pub(super) fn add(&mut self, ticket: Uuid, replaced: Vec<(String, String)>) {
        for (key, value) in replaced {
            if self.replaced.len() == KEPT {
                self.replaced.pop_front();
            }
            self.replaced.push_back((ticket, key, value));
        }
    }

    /// Returns the values of each key in order, the present one last.
    pub(super) fn of(&self, ticket: &Ticket) -> BTreeMap<String, Vec<String>> {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let earlier = self.replaced.iter().filter(|(id, ..)| *id == ticket.id());
        for (key, value) in earlier.map(|(_, key, value)| (key, value)).chain(ticket.metadata()) {
            values.entry(key.clone()).or_default().push(value.clone());
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_values_are_dropped() {
        let mut ticket = Ticket::active(Uuid::from_u128(1)).with_metadata("a", "0");
        let mut history = History::default();
        for value in 1..=KEPT + 1 {
            let replaced = ticket.apply([("a".to_owned(), value.to_string())].into());
            history.add(ticket.id(), replaced);
        }
        let values = &history.of(&ticket)["a"];
        assert_eq!(values.len(), KEPT + 1);
        assert_eq!(values.first().zip(values.last()), Some((&"1".to_owned(), &(KEPT + 1).to_string())));
    }
}

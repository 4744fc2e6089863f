//! Which values on a ticket are newer than those of a row that is sent, or sent again, after later rows of its ticket.

use std::collections::{BTreeMap, HashMap};

use vambe_api::{Metadata, TicketRef};

use super::input::{Input, InputError, Later, Row, Update};

/// The keys that later rows have set, for some rows of an input.
///
/// A ticket is known by its identifier as the row gives it. In memory are the tickets of these rows, with the keys that done
/// rows have set on them: about 200 bytes a row, and the names of the keys.
#[derive(Debug, Default)]
pub(super) struct Newer {
    tickets: HashMap<TicketRef, usize>,
    /// For each ticket the keys that were set, each by the last row that did.
    set: Vec<BTreeMap<String, u64>>,
    rows: BTreeMap<u64, Known>,
}

#[derive(Debug)]
struct Known {
    ticket: Option<usize>,
    /// What an earlier import has said.
    later: Later,
}

impl Newer {
    /// Reads the input for the rows that are `wanted`; those that are `done` are the ones that count as later rows.
    pub(super) fn find(
        input: &Input,
        wanted: impl Fn(u64) -> bool,
        done: impl Fn(u64) -> bool,
    ) -> Result<Self, InputError> {
        let mut newer = Self::default();
        for row in input.rows()? {
            let Row { number, content, .. } = row?;
            match content {
                Ok(update) if wanted(number) => newer.want(number, Some(update.ticket), update.later),
                Err(faults) if wanted(number) => newer.want(number, faults.ticket().cloned(), faults.later().clone()),
                Ok(update) if done(number) => newer.done(number, &update),
                _ => {}
            }
        }
        Ok(newer)
    }

    fn want(&mut self, row: u64, ticket: Option<TicketRef>, later: Later) {
        let ticket = ticket.map(|ticket| {
            let set = &mut self.set;
            *self.tickets.entry(ticket).or_insert_with(|| {
                set.push(BTreeMap::new());
                set.len() - 1
            })
        });
        self.rows.insert(row, Known { ticket, later });
    }

    fn done(&mut self, row: u64, update: &Update) {
        let set = self.tickets.get(&update.ticket).and_then(|ticket| self.set.get_mut(*ticket));
        let Some(set) = set else { return };
        for (key, _) in &update.metadata {
            match set.get_mut(key) {
                Some(last) => *last = row,
                None => drop(set.insert(key.clone(), row)),
            }
        }
    }

    /// The keys that later rows than this one have set; of a row that was not wanted none.
    pub(super) fn than(&self, row: u64) -> Later {
        let mut later = Later::default();
        if let Some(known) = self.rows.get(&row) {
            let set = known.ticket.and_then(|ticket| self.set.get(ticket)).into_iter().flatten();
            for (key, last) in set.filter(|(_, last)| **last > row) {
                later.insert(key, *last);
            }
            later.merge(&known.later);
        }
        later
    }

    /// Whether there are no such keys for any row.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.keys().all(|row| self.than(*row).is_empty())
    }
}

/// What is left out of the rows that are sent: the values that would overwrite newer ones.
#[derive(Debug)]
pub(super) enum LeaveOut {
    /// Nothing: `--overwrite-newer`.
    Nothing,
    /// Keys that later rows have set, of this journal or by what an earlier import has said.
    Newer(Newer),
}

impl LeaveOut {
    /// What is to be sent of an update; `None` if nothing is left of it.
    pub(super) fn apply(&self, row: u64, mut update: Update) -> Option<Update> {
        let Self::Newer(newer) = self else { return Some(update) };
        let mut later = newer.than(row);
        later.merge(&update.later);
        if !later.is_empty() {
            let left = update.metadata.iter().filter(|(key, _)| !later.contains(key));
            // It fails if there is nothing.
            update.metadata = Metadata::try_from_iter(left.map(|(key, value)| (key.clone(), value.clone()))).ok()?;
        }
        Some(update)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::input::{FormatName, Options};

    fn input(text: &str) -> Input {
        Input::copy_of(text.as_bytes(), Options { format: Some(FormatName::Csv), ..Options::default() }).unwrap()
    }

    #[test]
    fn only_later_done_rows_of_the_same_ticket_count() {
        let (a, b) = ("+56900000001", "+56900000002");
        let text = format!("contact_number,x,y,z\n{a},1,,\n{a},2,2,\n{b},3,3,3\n{a},,4,\n{a},5,5,5\n{a},,,\n{a},7,,\n");
        let input = input(&text);
        // Rows 2 and 6 are wanted, the latter of which is no update; row 5 is not done.
        let newer = Newer::find(&input, |row| [2, 6].contains(&row), |row| [1, 3, 4, 7].contains(&row)).unwrap();
        assert_eq!(newer.than(2).to_json(), r#"{"x":7,"y":4}"#);
        assert_eq!(newer.than(6).to_json(), r#"{"x":7}"#);
        assert!(newer.than(1).is_empty() && !newer.is_empty());

        let rows: Vec<_> = input.rows().unwrap().map(Result::unwrap).collect();
        let second = rows[1].content.clone().unwrap();
        assert_eq!(LeaveOut::Newer(newer).apply(2, second.clone()), None, "nothing is left");
        assert_eq!(LeaveOut::Nothing.apply(2, second.clone()), Some(second));
        let newer = Newer::find(&input, |row| row == 2, |row| row == 4).unwrap();
        let left = LeaveOut::Newer(newer).apply(2, rows[1].content.clone().unwrap()).unwrap();
        assert_eq!(left.metadata, Metadata::from([("x", "2")]));
    }

    #[test]
    fn what_an_earlier_import_has_said_still_counts() {
        let input = input("vambe_later,contact_number,x\n\"{\"\"x\"\":9}\",+56900000001,1\n,+56900000001,2\n");
        let newer = Newer::find(&input, |row| row == 1, |row| row == 2).unwrap();
        assert_eq!(newer.than(1).to_json(), r#"{"x":2}"#);
        let newer = Newer::find(&input, |row| row == 1, |_| false).unwrap();
        assert_eq!(newer.than(1).to_json(), r#"{"x":9}"#);
        let first = input.rows().unwrap().next().unwrap().unwrap().content.unwrap();
        assert_eq!(LeaveOut::Newer(Newer::default()).apply(1, first), None);
    }
}

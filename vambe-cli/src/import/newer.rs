//! Which values on a ticket are newer than those of a row that is sent, or sent again, after later rows of its ticket.

use std::collections::{BTreeMap, HashMap};

use vambe_api::{Metadata, TicketRef};

use super::input::{Input, InputError, Later, Row, Update};

/// The keys that later rows have set, for some rows of an input.
///
/// A ticket is known by its identifier as the row gives it. In memory are the tickets of these rows, with the keys that done
/// rows have set on them: about 200 bytes a row, and the names of the keys. A row after the last done one takes nothing.
#[derive(Debug)]
pub(super) struct Newer {
    tickets: HashMap<TicketRef, usize>,
    /// For each ticket the keys that were set, each by the last row that did.
    set: Vec<BTreeMap<String, u64>>,
    rows: BTreeMap<u64, Known>,
    /// The last row that was looked at.
    until: u64,
}

#[derive(Debug)]
struct Known {
    ticket: Option<usize>,
    /// What an earlier import has said.
    later: Later,
}

/// Which rows are looked up, and which ones count as later rows.
pub(super) struct Roles<W, D> {
    pub(super) wanted: W,
    pub(super) done: D,
    /// A row that has no done row after it.
    pub(super) last_done: u64,
}

impl Newer {
    /// Nothing is known of any row.
    pub(super) fn nothing() -> Self {
        Self { tickets: HashMap::new(), set: Vec::new(), rows: BTreeMap::new(), until: u64::MAX }
    }

    /// Reads the input for the wanted rows after row `after`, up to so many: see [`until`](Self::until).
    pub(super) fn find<W, D>(input: &Input, roles: &Roles<W, D>, after: u64, limit: usize) -> Result<Self, InputError>
    where
        W: Fn(u64) -> bool,
        D: Fn(u64) -> bool,
    {
        let mut newer = Self::nothing();
        for row in input.rows()? {
            let Row { number, content, .. } = row?;
            if number > after && number <= newer.until && (roles.wanted)(number) {
                if newer.rows.len() >= limit {
                    newer.until = number - 1;
                    continue;
                }
                let (ticket, later) = match content {
                    Ok(update) => (Some(update.ticket), update.later),
                    Err(faults) => (faults.ticket().cloned(), faults.later().clone()),
                };
                newer.want(number, ticket.filter(|_| number < roles.last_done), later);
            } else if let Ok(update) = content
                && (roles.done)(number)
            {
                newer.done(number, &update);
            }
        }
        Ok(newer)
    }

    /// The last row that was looked at: of the rows after it nothing is known.
    pub(super) fn until(&self) -> u64 {
        self.until
    }

    fn want(&mut self, row: u64, ticket: Option<TicketRef>, later: Later) {
        if ticket.is_none() && later.is_empty() {
            return;
        }
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
        let roles =
            Roles { wanted: |row| [2, 6].contains(&row), done: |row| [1, 3, 4, 7].contains(&row), last_done: 7 };
        let newer = Newer::find(&input, &roles, 0, 2).unwrap();
        assert_eq!(newer.until(), u64::MAX);
        assert_eq!(newer.than(2).to_json(), r#"{"x":7,"y":4}"#);
        assert_eq!(newer.than(6).to_json(), r#"{"x":7}"#);
        assert!(newer.than(1).is_empty() && !newer.is_empty());

        let rows: Vec<_> = input.rows().unwrap().map(Result::unwrap).collect();
        let second = rows[1].content.clone().unwrap();
        assert_eq!(LeaveOut::Newer(newer).apply(2, second.clone()), None, "nothing is left");
        assert_eq!(LeaveOut::Nothing.apply(2, second.clone()), Some(second));
        let roles = Roles { wanted: |row| row == 2, done: |row| row == 4, last_done: 4 };
        let newer = Newer::find(&input, &roles, 0, 2).unwrap();
        let left = LeaveOut::Newer(newer).apply(2, rows[1].content.clone().unwrap()).unwrap();
        assert_eq!(left.metadata, Metadata::from([("x", "2")]));
    }

    #[test]
    fn what_an_earlier_import_has_said_still_counts() {
        let input = input("vambe_later,contact_number,x\n\"{\"\"x\"\":9}\",+56900000001,1\n,+56900000001,2\n");
        let roles = Roles { wanted: |row| row == 1, done: |row| row == 2, last_done: 2 };
        assert_eq!(Newer::find(&input, &roles, 0, 2).unwrap().than(1).to_json(), r#"{"x":2}"#);
        let roles = Roles { wanted: |row| row == 1, done: |_| false, last_done: 0 };
        let newer = Newer::find(&input, &roles, 0, 2).unwrap();
        assert_eq!(newer.than(1).to_json(), r#"{"x":9}"#);
        let first = input.rows().unwrap().next().unwrap().unwrap().content.unwrap();
        assert_eq!(LeaveOut::Newer(Newer::nothing()).apply(1, first), None);
    }

    #[test]
    fn many_rows_are_looked_up_in_several_passes() {
        let a = "+56900000001";
        let input = input(&format!("contact_number,x\n{a},1\n{a},2\n{a},3\n{a},4\n{a},5\n{a},6\n"));
        let roles =
            Roles { wanted: |row| [1, 2, 4, 6].contains(&row), done: |row| [3, 5].contains(&row), last_done: 5 };
        let (mut after, mut found) = (0, Vec::new());
        while after < u64::MAX {
            let newer = Newer::find(&input, &roles, after, 2).unwrap();
            found.push((newer.until(), [1, 2, 4, 6].map(|row| newer.than(row).to_json())));
            after = newer.until();
        }
        let none = "{}".to_owned();
        let fifth = r#"{"x":5}"#.to_owned();
        let expected = [
            (3, [fifth.clone(), fifth.clone(), none.clone(), none.clone()]),
            (u64::MAX, [none.clone(), none.clone(), fifth, none]),
        ];
        assert_eq!(found, expected);
    }
}

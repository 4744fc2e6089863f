//! The values on tickets that a row would overwrite although later rows have set them.
//!
//! Such a row is sent, or re-sent, after later rows of its ticket: with `--retry-rejected`, or from a file of failed rows.

use std::collections::{BTreeMap, HashMap};

use vambe_api::{Metadata, TicketRef};

use super::input::{Input, InputError, LaterKeys, Row, Update};

/// The keys that later rows have set, for some rows of an input.
///
/// Tickets are compared by the identifier in the row. The index keeps the tickets of the wanted rows, with the keys that done
/// rows have set on them: about 200 bytes a row plus the keys. Rows after the last done row take no memory.
#[derive(Debug)]
pub(super) struct OverwriteIndex {
    tickets: HashMap<TicketRef, usize>,
    /// For each ticket, the last row that set each key.
    set: Vec<BTreeMap<String, u64>>,
    rows: BTreeMap<u64, Known>,
    until: u64,
}

#[derive(Debug)]
struct Known {
    ticket: Option<usize>,
    /// The keys that an earlier import has noted in the row.
    later: LaterKeys,
}

/// Selects the rows to look up, and the rows that count as later rows.
pub(super) struct RowFilter<W, D> {
    pub(super) wanted: W,
    pub(super) done: D,
    /// A row that no done row follows.
    pub(super) last_done: u64,
}

impl OverwriteIndex {
    /// Creates an index without rows.
    pub(super) fn empty() -> Self {
        Self { tickets: HashMap::new(), set: Vec::new(), rows: BTreeMap::new(), until: u64::MAX }
    }

    /// Reads the input and indexes up to `limit` wanted rows after row `after`; see [`until`](Self::until).
    pub(super) fn build<W, D>(
        input: &Input,
        filter: &RowFilter<W, D>,
        after: u64,
        limit: usize,
    ) -> Result<Self, InputError>
    where
        W: Fn(u64) -> bool,
        D: Fn(u64) -> bool,
    {
        let mut index = Self::empty();
        for row in input.rows()? {
            let Row { number, content, .. } = row?;
            if number > after && number <= index.until && (filter.wanted)(number) {
                if index.rows.len() >= limit {
                    index.until = number - 1;
                    continue;
                }
                let (ticket, later) = match content {
                    Ok(update) => (Some(update.ticket), update.later),
                    Err(faults) => (faults.ticket().cloned(), faults.later().clone()),
                };
                index.add_wanted(number, ticket.filter(|_| number < filter.last_done), later);
            } else if let Ok(update) = content
                && (filter.done)(number)
            {
                index.add_done(number, &update);
            }
        }
        Ok(index)
    }

    /// Returns the last row that is covered: the index knows nothing of later ones.
    pub(super) fn until(&self) -> u64 {
        self.until
    }

    fn add_wanted(&mut self, row: u64, ticket: Option<TicketRef>, later: LaterKeys) {
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

    fn add_done(&mut self, row: u64, update: &Update) {
        let set = self.tickets.get(&update.ticket).and_then(|ticket| self.set.get_mut(*ticket));
        let Some(set) = set else { return };
        for (key, _) in &update.metadata {
            match set.get_mut(key) {
                Some(last) => *last = row,
                None => drop(set.insert(key.clone(), row)),
            }
        }
    }

    /// Returns the keys that later rows have set; none for a row that is not in the index.
    pub(super) fn later_keys(&self, row: u64) -> LaterKeys {
        let mut later = LaterKeys::default();
        if let Some(known) = self.rows.get(&row) {
            let set = known.ticket.and_then(|ticket| self.set.get(ticket)).into_iter().flatten();
            for (key, last) in set.filter(|(_, last)| **last > row) {
                later.insert(key, *last);
            }
            later.merge(&known.later);
        }
        later
    }

    /// Returns true if no row has later keys.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.keys().all(|row| self.later_keys(*row).is_empty())
    }

    /// Removes the later keys from an update, those noted by an earlier import included; `None` if no key is left.
    pub(super) fn strip(&self, row: u64, mut update: Update) -> Option<Update> {
        let mut later = self.later_keys(row);
        later.merge(&update.later);
        if !later.is_empty() {
            let left = update.metadata.iter().filter(|(key, _)| !later.contains(key));
            // Fails if there is no key.
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
        // Rows 2 and 6 are wanted, and row 6 is invalid; row 5 is not done.
        let filter =
            RowFilter { wanted: |row| [2, 6].contains(&row), done: |row| [1, 3, 4, 7].contains(&row), last_done: 7 };
        let index = OverwriteIndex::build(&input, &filter, 0, 2).unwrap();
        assert_eq!(index.until(), u64::MAX);
        assert_eq!(index.later_keys(2).to_json(), r#"{"x":7,"y":4}"#);
        assert_eq!(index.later_keys(6).to_json(), r#"{"x":7}"#);
        assert!(index.later_keys(1).is_empty() && !index.is_empty());

        let rows: Vec<_> = input.rows().unwrap().map(Result::unwrap).collect();
        let second = rows[1].content.clone().unwrap();
        assert_eq!(index.strip(2, second), None, "nothing is left");
        let filter = RowFilter { wanted: |row| row == 2, done: |row| row == 4, last_done: 4 };
        let index = OverwriteIndex::build(&input, &filter, 0, 2).unwrap();
        let left = index.strip(2, rows[1].content.clone().unwrap()).unwrap();
        assert_eq!(left.metadata, Metadata::from([("x", "2")]));
    }

    #[test]
    fn keys_noted_by_an_earlier_import_still_count() {
        let input = input("vambe_later,contact_number,x\n\"{\"\"x\"\":9}\",+56900000001,1\n,+56900000001,2\n");
        let filter = RowFilter { wanted: |row| row == 1, done: |row| row == 2, last_done: 2 };
        assert_eq!(OverwriteIndex::build(&input, &filter, 0, 2).unwrap().later_keys(1).to_json(), r#"{"x":2}"#);
        let filter = RowFilter { wanted: |row| row == 1, done: |_| false, last_done: 0 };
        let index = OverwriteIndex::build(&input, &filter, 0, 2).unwrap();
        assert_eq!(index.later_keys(1).to_json(), r#"{"x":9}"#);
        let first = input.rows().unwrap().next().unwrap().unwrap().content.unwrap();
        assert_eq!(OverwriteIndex::empty().strip(1, first), None);
    }

    #[test]
    fn looks_up_many_rows_in_several_passes() {
        let a = "+56900000001";
        let input = input(&format!("contact_number,x\n{a},1\n{a},2\n{a},3\n{a},4\n{a},5\n{a},6\n"));
        let filter =
            RowFilter { wanted: |row| [1, 2, 4, 6].contains(&row), done: |row| [3, 5].contains(&row), last_done: 5 };
        let (mut after, mut found) = (0, Vec::new());
        while after < u64::MAX {
            let index = OverwriteIndex::build(&input, &filter, after, 2).unwrap();
            found.push((index.until(), [1, 2, 4, 6].map(|row| index.later_keys(row).to_json())));
            after = index.until();
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

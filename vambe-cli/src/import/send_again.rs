//! Which applied rows have to be sent again since an earlier row of their ticket is, after a journal has lost records.

use std::{
    collections::{HashSet, hash_map::RandomState},
    hash::BuildHasher as _,
};

use fixedbitset::FixedBitSet;

use super::{
    input::{InputError, Row},
    journal::Damaged,
};

/// How many tickets are remembered, 8 bytes each. Of more, every later row is sent again.
const MAX_TICKETS: usize = 100_000;

/// The applied rows that come after a row of the same ticket that is not final.
///
/// Up to the last row that is final, such a row may have lost its record; behind it, no row is left out.
pub(super) fn later_rows(
    rows: impl Iterator<Item = Result<Row, InputError>>,
    damaged: &Damaged,
) -> Result<FixedBitSet, InputError> {
    later_rows_within(rows, damaged, MAX_TICKETS)
}

fn later_rows_within(
    rows: impl Iterator<Item = Result<Row, InputError>>,
    damaged: &Damaged,
    max_tickets: usize,
) -> Result<FixedBitSet, InputError> {
    let last = damaged.resumed().last_final();
    let mut again = FixedBitSet::new();
    // Two tickets with the same hash are taken for one: then a row too many is sent again.
    let (hasher, mut tickets) = (RandomState::new(), HashSet::new());
    for row in rows {
        let Row { number, content, .. } = row?;
        if number > last {
            break;
        }
        // What is no update was not sent, and is not now.
        let Ok(update) = content else { continue };
        let ticket = hasher.hash_one(&update.ticket);
        let is_all = tickets.len() >= max_tickets;
        if !damaged.resumed().is_final(number) {
            if !is_all {
                tickets.insert(ticket);
            }
        } else if damaged.is_applied(number)
            && (is_all || tickets.contains(&ticket))
            && let Ok(number) = usize::try_from(number)
        {
            again.grow_and_insert(number);
        }
    }
    Ok(again)
}

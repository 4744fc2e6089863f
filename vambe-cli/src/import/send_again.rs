//! The applied rows that have to be sent again since an earlier row of their ticket is, after a journal has lost records.

use std::{
    collections::{HashSet, hash_map::RandomState},
    hash::BuildHasher as _,
};

use fixedbitset::FixedBitSet;

use super::{
    input::{InputError, Row},
    journal::Damaged,
};

/// The most tickets that are remembered, 8 bytes each. Beyond it, every later row is sent again.
const MAX_TICKETS: usize = 100_000;

/// Returns the applied rows that come after a row of the same ticket that is not final.
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        client::ApiKey,
        import::{
            input::{Input, Options},
            journal::{Account, Header, Journal, NewRun, Opened, Outcome, Record},
        },
    };

    /// A journal by which rows have these outcomes, from 1, with one damaged line.
    fn damaged(outcomes: &[Option<Outcome>]) -> Damaged {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        let header = Header {
            input_sha256: String::new(),
            input_bytes: 0,
            input_rows: 100,
            format: String::new(),
            base_url: String::new(),
            started: jiff::Timestamp::UNIX_EPOCH,
        };
        let key = ApiKey::new("key");
        let run = NewRun { account: Account { key: &key, is_same: true }, rate: None, max_attempts: 1, unrecorded: 0 };
        let Opened::Whole(mut journal, _) = Journal::open(&path, &header, &run).unwrap() else { panic!("it is new") };
        let records = outcomes.iter().zip(1..).filter_map(|(outcome, row)| {
            let (status, reason, line, input) = (None, None, None, None);
            Some(Record { row, outcome: (*outcome)?, attempts: 1, last_request_ms: None, status, reason, line, input })
        });
        journal.append(&records.collect::<Vec<_>>()).unwrap();
        drop(journal);
        fs::write(&path, [fs::read(&path).unwrap(), b"damaged\n".to_vec()].concat()).unwrap();
        let Opened::Damaged(damaged) = Journal::open(&path, &header, &run).unwrap() else { panic!("it is damaged") };
        damaged
    }

    #[test]
    fn later_applied_rows_of_a_ticket_are_sent_again_and_no_others() {
        const APPLIED: Option<Outcome> = Some(Outcome::Applied);
        let rejected = Some(Outcome::Rejected);
        let unknown = Some(Outcome::Unknown);
        for (tickets, outcomes, max_tickets, expected) in [
            ("abab", vec![APPLIED, APPLIED, APPLIED, APPLIED], 9, vec![]),
            ("abab", vec![None, APPLIED, APPLIED, APPLIED], 9, vec![3]),
            ("abaab", vec![APPLIED, None, APPLIED, APPLIED, APPLIED], 9, vec![5]),
            ("aaaa", vec![None, rejected, APPLIED, unknown], 9, vec![3]),
            ("aaaa", vec![unknown, APPLIED, None, APPLIED], 9, vec![2, 4]),
            // No update, so that it is sent neither before nor now.
            ("-aa", vec![None, APPLIED, APPLIED], 9, vec![]),
            // With more tickets than can be remembered, all that comes later.
            ("abcbcd", vec![None, None, APPLIED, APPLIED, APPLIED, APPLIED], 2, vec![3, 4, 5, 6]),
        ] {
            let lines = tickets.chars().map(|ticket| match ticket {
                '-' => "{}\n".to_owned(),
                ticket => {
                    let number = 56_900_000_000 + u64::from(u32::from(ticket));
                    format!("{{\"contact_number\":\"+{number}\",\"metadata\":{{\"a\":\"b\"}}}}\n")
                }
            });
            let input = Input::copy_of(lines.collect::<String>().as_bytes(), Options::default()).unwrap();
            let again = later_rows_within(input.rows().unwrap(), &damaged(&outcomes), max_tickets).unwrap();
            assert_eq!(again.ones().collect::<Vec<_>>(), expected, "{tickets} {outcomes:?}");
        }
    }
}

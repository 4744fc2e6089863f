//! The applied rows to send again after a journal has lost records of earlier rows of their tickets.

use std::{
    collections::{HashSet, hash_map::RandomState},
    hash::BuildHasher as _,
};

use fixedbitset::FixedBitSet;

use super::{
    input::{InputError, Row},
    journal::Damaged,
};

/// Upper bound on tickets to remember, 8 bytes each. Beyond it, every later row is sent again.
const MAX_TICKETS: usize = 100_000;

/// Returns the applied rows that follow a row of the same ticket that is not final.
///
/// Stops at the last final row: no row after it is skipped anyway.
pub(super) fn rows_to_resend(
    rows: impl Iterator<Item = Result<Row, InputError>>,
    damaged: &Damaged,
) -> Result<FixedBitSet, InputError> {
    rows_to_resend_within(rows, damaged, MAX_TICKETS)
}

fn rows_to_resend_within(
    rows: impl Iterator<Item = Result<Row, InputError>>,
    damaged: &Damaged,
    max_tickets: usize,
) -> Result<FixedBitSet, InputError> {
    let last = damaged.resumed().last_final();
    let mut resend = FixedBitSet::new();
    // Two tickets with the same hash count as one, which only sends a row more than necessary.
    let (hasher, mut tickets) = (RandomState::new(), HashSet::new());
    for row in rows {
        let Row { number, content, .. } = row?;
        if number > last {
            break;
        }
        // An invalid row is never sent.
        let Ok(update) = content else { continue };
        let ticket = hasher.hash_one(&update.ticket);
        let is_full = tickets.len() >= max_tickets;
        if !damaged.resumed().is_final(number) {
            if !is_full {
                tickets.insert(ticket);
            }
        } else if damaged.is_applied(number)
            && (is_full || tickets.contains(&ticket))
            && let Ok(number) = usize::try_from(number)
        {
            resend.grow_and_insert(number);
        }
    }
    Ok(resend)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        client::ApiKey,
        import::{
            input::{Input, Options},
            journal::{Account, Header, InputOptions, Journal, NewRun, Opened, Outcome, Record},
        },
    };

    /// Creates a journal with these outcomes of the rows from 1, and with one damaged line.
    fn damaged(outcomes: &[Option<Outcome>]) -> Damaged {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        let header = Header {
            input_sha256: String::new(),
            input_bytes: 0,
            input_rows: 100,
            options: InputOptions::default(),
            format: String::new(),
            base_url: String::new(),
            started: jiff::Timestamp::UNIX_EPOCH,
        };
        let key = ApiKey::new("key");
        let run = NewRun { account: Account { key: &key, is_same: true }, rate: None, max_attempts: 1, unrecorded: 0 };
        let Opened::Whole(mut journal, _) = Journal::open(&path, &header, &run).unwrap() else { panic!("not new") };
        let records = outcomes
            .iter()
            .zip(1..)
            .filter_map(|(outcome, row)| Some(Record { attempts: 1, ..Record::new(row, (*outcome)?) }));
        journal.append(&records.collect::<Vec<_>>()).unwrap();
        drop(journal);
        fs::write(&path, [fs::read(&path).unwrap(), b"damaged\n".to_vec()].concat()).unwrap();
        let Opened::Damaged(damaged) = Journal::open(&path, &header, &run).unwrap() else { panic!("not damaged") };
        damaged
    }

    #[test]
    fn resends_only_later_applied_rows_of_a_ticket() {
        const APPLIED: Option<Outcome> = Some(Outcome::Applied);
        let rejected = Some(Outcome::Rejected);
        let unknown = Some(Outcome::Unknown);
        for (tickets, outcomes, max_tickets, expected) in [
            ("abab", vec![APPLIED, APPLIED, APPLIED, APPLIED], 9, vec![]),
            ("abab", vec![None, APPLIED, APPLIED, APPLIED], 9, vec![3]),
            ("abaab", vec![APPLIED, None, APPLIED, APPLIED, APPLIED], 9, vec![5]),
            ("aaaa", vec![None, rejected, APPLIED, unknown], 9, vec![3]),
            ("aaaa", vec![unknown, APPLIED, None, APPLIED], 9, vec![2, 4]),
            // Invalid, so it is never sent.
            ("-aa", vec![None, APPLIED, APPLIED], 9, vec![]),
            // More tickets than fit: every later row.
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
            let resend = rows_to_resend_within(input.rows().unwrap(), &damaged(&outcomes), max_tickets).unwrap();
            assert_eq!(resend.ones().collect::<Vec<_>>(), expected, "{tickets} {outcomes:?}");
        }
    }
}

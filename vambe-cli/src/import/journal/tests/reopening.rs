//! Rejected rows that are opened again, and unknown rows that are settled.

use super::*;
use crate::import::journal::{KeptRow, rejected as read_rejected, rejected::kept_in_parts, unknown as read_unknown};

fn numbers(rows: impl Iterator<Item = Result<KeptRow, JournalError>>) -> Vec<u64> {
    rows.map(|row| row.unwrap().row).collect()
}

#[test]
fn after_a_reopening_a_later_final_record_replaces_a_refusal() {
    let place = Place::new();
    let (mut journal, _) = place.open().unwrap();
    let invalid = Record { status: None, attempts: 0, ..rejected(4, 400, "no update", "d") };
    journal.append(&[applied(1), rejected(2, 404, "bad", "b"), rejected(3, 404, "bad", "c"), invalid]).unwrap();
    drop(journal);
    let (mut journal, mut resumed) = place.open().unwrap();
    assert_eq!(journal.reopen_rejected(&mut resumed).unwrap(), 2);
    let known = |resumed: &Resumed| {
        let reopened = (1..=5).filter(|row| resumed.is_reopened(*row)).collect::<Vec<_>>();
        (final_rows(resumed), reopened, resumed.tally.clone())
    };
    let before = known(&resumed);
    assert_eq!((before.0.as_slice(), before.1.as_slice(), before.2.rejected), (&[1, 4][..], &[2, 3][..], 1));
    assert_eq!(before.2.reasons().map(|(_, rows)| rows).collect::<Vec<_>>(), [1]);
    drop(journal);
    // What is read from the disk is what was known when it was written.
    let (mut journal, resumed) = place.open().unwrap();
    assert_eq!(known(&resumed), before);
    // A record of a row that was not opened again still does not count.
    journal.append(&[applied(2), rejected(3, 422, "worse", "c2"), rejected(1, 400, "bad", "a")]).unwrap();
    drop(journal);
    let (mut journal, mut resumed) = place.open().unwrap();
    assert_eq!((resumed.tally.applied, resumed.tally.rejected, resumed.reopened()), (2, 2, 0));
    assert_eq!(numbers(read_rejected(&place.path).unwrap()), [3, 4]);
    let last = read_rejected(&place.path).unwrap().next().unwrap().unwrap();
    assert_eq!((last.status, last.input.as_bytes()), (Some(422), &b"c2"[..]));
    assert_eq!(journal.reopen_rejected(&mut resumed).unwrap(), 1);
    assert_eq!(journal.reopen_rejected(&mut resumed).unwrap(), 0);
    assert_eq!(numbers(read_rejected(&place.path).unwrap()), [4]);
}

#[test]
fn reasons_that_are_not_kept_apart_are_taken_back_as_well() {
    let place = Place::new();
    let (mut journal, _) = place.open().unwrap();
    let rows: Vec<_> = (1..=100).map(|row| rejected(row, 404, &format!("bad {row}"), "x")).collect();
    journal.append(&rows).unwrap();
    drop(journal);
    let (mut journal, mut resumed) = place.open().unwrap();
    assert_eq!(journal.reopen_rejected(&mut resumed).unwrap(), 100);
    assert_eq!((resumed.tally.rejected, resumed.tally.reasons().count()), (0, 0));
}

#[test]
fn unknown_rows_are_kept_until_they_are_final() {
    let place = Place::new();
    let (mut journal, _) = place.open().unwrap();
    let first = Record { line: Some(4), input: Some(b"first".to_vec().into()), ..unknown(3) };
    let last = Record { input: Some(b"last".to_vec().into()), ..first.clone() };
    journal.append(&[first, unknown(1), unknown(2), not_sent(3), applied(2), last, not_sent(5)]).unwrap();
    drop(journal);
    assert_eq!(numbers(read_unknown(&place.path).unwrap()), [1, 3]);
    let third = read_unknown(&place.path).unwrap().nth(1).unwrap().unwrap();
    assert_eq!((third.line, third.input.as_bytes()), (Some(4), &b"last"[..]));

    let (mut journal, mut resumed) = place.open().unwrap();
    assert_eq!(resumed.unknown().collect::<Vec<_>>(), [1, 3]);
    assert_eq!(journal.settle_unknown(&mut resumed).unwrap(), 2);
    assert_eq!((final_rows(&resumed), resumed.tally.settled, resumed.unknown().count()), (vec![1, 2, 3], 2, 0));
    drop(journal);
    let (mut journal, mut resumed) = place.open().unwrap();
    assert_eq!((final_rows(&resumed), resumed.tally.settled), (vec![1, 2, 3], 2));
    assert_eq!(journal.settle_unknown(&mut resumed).unwrap(), 0);
    assert!(numbers(read_unknown(&place.path).unwrap()).is_empty());
}

#[test]
fn the_last_record_of_a_row_comes_in_parts_of_any_size() {
    let place = Place::new();
    let (mut journal, mut resumed) = place.open().unwrap();
    // Twice each, in an order of their own.
    for text in ["first", "last"] {
        let rows: Vec<_> = [40, 2, 99, 41, 1, 3].map(|row| rejected(row, 404, text, &format!("{text} {row}"))).into();
        journal.append(&rows).unwrap();
        for record in &rows {
            resumed.rows.add(usize::try_from(record.row).unwrap(), record);
        }
        if text == "first" {
            journal.reopen_rejected(&mut resumed).unwrap();
        }
    }
    for sorted in 1..10 {
        let rows = kept_in_parts(&place.path, Outcome::Rejected, sorted).unwrap();
        let rows: Vec<_> =
            rows.map(Result::unwrap).map(|row| String::from_utf8(row.input.as_bytes().into()).unwrap()).collect();
        assert_eq!(rows, [1, 2, 3, 40, 41, 99].map(|row| format!("last {row}")), "{sorted}");
    }
}

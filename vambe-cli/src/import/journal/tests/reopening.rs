//! Reopened rejected rows, and settled unknown rows.

use super::*;
use crate::import::journal::{KeptRows, row_sets};

fn numbers(rows: &[KeptRow]) -> Vec<u64> {
    rows.iter().map(|row| row.row).collect()
}

#[test]
fn a_later_final_record_replaces_a_reopened_rejection() {
    let test = TestJournal::new();
    let (mut journal, _) = test.open().unwrap();
    let invalid = Record { status: None, attempts: 0, ..rejected(4, 400, "no update", "d") };
    journal.append(&[applied(1), rejected(2, 404, "bad", "b"), rejected(3, 404, "bad", "c"), invalid]).unwrap();
    drop(journal);
    let (mut journal, mut resumed) = test.open().unwrap();
    assert_eq!(journal.reopen_rejected(&mut resumed).unwrap(), 2);
    let known = |resumed: &Resumed| {
        let reopened = (1..=5).filter(|row| resumed.is_reopened(*row)).collect::<Vec<_>>();
        (final_rows(resumed), reopened, resumed.tally.clone())
    };
    let before = known(&resumed);
    assert_eq!((before.0.as_slice(), before.1.as_slice(), before.2.rejected), (&[1, 4][..], &[2, 3][..], 1));
    assert_eq!(before.2.reasons().map(|(_, rows)| rows).collect::<Vec<_>>(), [1]);
    drop(journal);
    // The state from disk equals the state when it was written.
    let (mut journal, resumed) = test.open().unwrap();
    assert_eq!(known(&resumed), before);
    // A second record of a row that was not reopened does not count.
    journal.append(&[applied(2), rejected(3, 422, "worse", "c2"), rejected(1, 400, "bad", "a")]).unwrap();
    drop(journal);
    let (mut journal, mut resumed) = test.open().unwrap();
    assert_eq!((resumed.tally.applied, resumed.tally.rejected, resumed.reopened()), (2, 2, 0));
    assert_eq!(numbers(&kept(&test, Outcome::Rejected)), [3, 4]);
    let last = kept(&test, Outcome::Rejected).swap_remove(0);
    assert_eq!((last.status, last.input.as_bytes()), (Some(422), &b"c2"[..]));
    assert_eq!(journal.reopen_rejected(&mut resumed).unwrap(), 1);
    assert_eq!(journal.reopen_rejected(&mut resumed).unwrap(), 0);
    assert_eq!(numbers(&kept(&test, Outcome::Rejected)), [4]);
}

#[test]
fn reopening_removes_reasons_counted_as_other() {
    let test = TestJournal::new();
    let (mut journal, _) = test.open().unwrap();
    let rows: Vec<_> = (1..=100).map(|row| rejected(row, 404, &format!("bad {row}"), "x")).collect();
    journal.append(&rows).unwrap();
    drop(journal);
    let (mut journal, mut resumed) = test.open().unwrap();
    assert_eq!(journal.reopen_rejected(&mut resumed).unwrap(), 100);
    assert_eq!((resumed.tally.rejected, resumed.tally.reasons().count()), (0, 0));
}

#[test]
fn unknown_rows_are_kept_until_they_are_final() {
    let test = TestJournal::new();
    let (mut journal, _) = test.open().unwrap();
    let first = Record { line: Some(4), input: Some(b"first".to_vec().into()), ..unknown(3) };
    let last = Record { input: Some(b"last".to_vec().into()), ..first.clone() };
    journal.append(&[first, unknown(1), unknown(2), not_sent(3), applied(2), last, not_sent(5)]).unwrap();
    drop(journal);
    assert_eq!(numbers(&kept(&test, Outcome::Unknown)), [1, 3]);
    let third = kept(&test, Outcome::Unknown).swap_remove(1);
    assert_eq!((third.line, third.input.as_bytes()), (Some(4), &b"last"[..]));

    let (mut journal, mut resumed) = test.open().unwrap();
    assert_eq!(resumed.unknown().collect::<Vec<_>>(), [1, 3]);
    assert_eq!(journal.settle_unknown(&mut resumed).unwrap(), 2);
    assert_eq!((final_rows(&resumed), resumed.tally.settled, resumed.unknown().count()), (vec![1, 2, 3], 2, 0));
    drop(journal);
    let (mut journal, mut resumed) = test.open().unwrap();
    assert_eq!((final_rows(&resumed), resumed.tally.settled), (vec![1, 2, 3], 2));
    assert_eq!(journal.settle_unknown(&mut resumed).unwrap(), 0);
    assert!(numbers(&kept(&test, Outcome::Unknown)).is_empty());
}

#[test]
fn the_last_record_of_a_row_comes_in_parts_of_any_size() {
    let test = TestJournal::new();
    let (mut journal, mut resumed) = test.open().unwrap();
    // Two records each, in another order.
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
        let sets = row_sets(&test.path).unwrap();
        let rows = KeptRows::in_parts(&test.path, Outcome::Rejected, &sets, sorted).unwrap();
        let rows: Vec<_> =
            rows.map(Result::unwrap).map(|row| String::from_utf8(row.input.as_bytes().into()).unwrap()).collect();
        assert_eq!(rows, [1, 2, 3, 40, 41, 99].map(|row| format!("last {row}")), "{sorted}");
    }
}

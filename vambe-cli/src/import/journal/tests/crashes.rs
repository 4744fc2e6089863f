//! Any part of the file may be lost or changed: only records that were written are read.

use proptest::prelude::*;

use super::*;
use crate::import::journal::replay::Replay;

/// Returns a small journal with records of each kind.
fn journal() -> (TestJournal, Vec<u8>) {
    let test = TestJournal::new();
    let (mut journal, _) = test.open().unwrap();
    journal.append(&[applied(3), rejected(1, 404, "no such ticket", "1,\"ñ\n\"")]).unwrap();
    journal.append(&[unknown(2), applied(10), applied(2), rejected(99, 400, "bad", "")]).unwrap();
    drop(journal);
    let bytes = test.bytes();
    (test, bytes)
}

/// The final rows, in the order of the journal.
const FINAL: [u64; 5] = [3, 1, 10, 2, 99];

/// Returns the offsets of line ends.
fn ends(bytes: &[u8]) -> Vec<usize> {
    (0..bytes.len()).filter(|&at| bytes[at] == b'\n').map(|at| at + 1).collect()
}

/// Returns the number of final records in the first `lines` lines; the fourth is unknown.
fn records(lines: usize) -> usize {
    lines.saturating_sub(1) - usize::from(lines > 3)
}

fn sorted(rows: &[u64]) -> Vec<u64> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows
}

/// Invariant: a journal cut at any byte resumes with the lines before the cut.
#[test]
fn a_journal_cut_anywhere_keeps_the_lines_before_the_cut() {
    let (test, bytes) = journal();
    let ends = ends(&bytes);
    let begun = br#"00000000 {"vambe_journal":"#.len();
    for cut in 0..=bytes.len() {
        test.write(&bytes[..cut]);
        if (1..begun).contains(&cut) {
            // Too short to be recognised as a journal.
            assert!(matches!(test.open(), Err(JournalError::NotAJournal)), "{cut}");
            assert_eq!(test.bytes(), bytes[..cut]);
            continue;
        }
        let whole = ends.iter().filter(|&&end| end <= cut).count();
        let length = ends[..whole].last().copied().unwrap_or(0);
        let (mut journal, resumed) = test.open().unwrap();
        assert_eq!(final_rows(&resumed), sorted(&FINAL[..records(whole)]), "{cut}");
        let dropped = resumed.dropped.map(|dropped| (dropped.lines, dropped.bytes));
        let torn = u64::try_from(cut - length).unwrap();
        // A torn header is not reported: nothing was sent.
        assert_eq!(dropped, (torn > 0 && whole > 0).then_some((1, torn)), "{cut}");
        assert_eq!(test.bytes(), bytes[..length.max(ends[0])], "{cut}");

        journal.append(&[applied(50)]).unwrap();
        drop(journal);
        let (_journal, resumed) = test.open().unwrap();
        assert_eq!(resumed.dropped, None);
        assert!(resumed.is_final(50));
        assert_eq!(final_rows(&resumed).len(), records(whole) + 1);
    }
}

/// Invariant: a changed byte of a journal is detected.
#[test]
fn detects_any_changed_byte() {
    let (_place, bytes) = journal();
    let ends = ends(&bytes);
    let key = key("a");
    for at in 0..bytes.len() {
        for byte in (0..8).map(|bit| bytes[at] ^ (1 << bit)).chain([b'\n', b' ', 0, !bytes[at]]) {
            let mut changed = bytes.clone();
            changed[at] = byte;
            if changed == bytes {
                continue;
            }
            let line = ends.iter().filter(|&&end| end <= at).count();
            let read = Replay::new(changed.as_slice(), None);
            if line == 0 {
                let refused = matches!(read, Err(JournalError::NotAJournal | JournalError::DamagedHeader));
                assert!(refused, "{at} {byte:#x}");
                continue;
            }
            let read = Resumed::read(read.unwrap().unwrap(), &new_run(&key, true, None)).unwrap();
            // A changed line end merges two lines; a new one splits a line.
            let lost = if at + 1 == ends[line] { line..=line + 1 } else { line..=line };
            let left: Vec<_> = (1..=6).filter(|line| !lost.contains(line)).filter_map(row_of_line).collect();
            assert_eq!(final_rows(&read.resumed), sorted(&left), "{at} {byte:#x}");
            let is_torn = at + 1 == bytes.len();
            assert_eq!((read.lost == 0, read.resumed.dropped.is_some()), (is_torn, is_torn), "{at} {byte:#x}");
        }
    }
}

/// Returns the final row of a line, counted from 0.
fn row_of_line(line: usize) -> Option<u64> {
    [None, Some(3), Some(1), None, Some(10), Some(2), Some(99)][line]
}

#[test]
fn truncates_zeros_left_by_a_power_loss() {
    let (test, bytes) = journal();
    for zeros in [1, 9, 10, 4_096, 200_000] {
        test.write([bytes.clone(), vec![0; zeros]].concat());
        let (_journal, resumed) = test.open().unwrap();
        assert_eq!(final_rows(&resumed), sorted(&FINAL));
        assert_eq!(resumed.dropped.unwrap().lines, 1);
        assert_eq!(test.bytes(), bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_over_any_part_leave_some_of_what_was_written(
        at in 0_usize..2_000, over in proptest::collection::vec(any::<u8>(), 0..300), end in proptest::bool::ANY,
    ) {
        let (test, bytes) = journal();
        let at = at % bytes.len();
        let mut changed = bytes[..at].to_vec();
        changed.extend_from_slice(&over);
        if end {
            changed.extend(bytes.iter().skip(changed.len()));
        }
        test.write(&changed);
        if let Ok((_journal, resumed)) = test.open() {
            let rows = final_rows(&resumed);
            prop_assert!(rows.iter().all(|row| FINAL.contains(row)), "{rows:?}");
            let lines: Vec<_> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
            prop_assert!(test.bytes().split_inclusive(|&byte| byte == b'\n').all(|line| lines.contains(&line)));
        }
    }
}

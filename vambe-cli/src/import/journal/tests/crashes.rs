//! Whatever part of the file is lost or changed, nothing is believed that was not written.

use proptest::prelude::*;

use super::*;
use crate::import::journal::replay::Replay;

/// A small journal with records of each kind.
fn journal() -> (Place, Vec<u8>) {
    let place = Place::new();
    let (mut journal, _) = place.open().unwrap();
    journal.append(&[applied(3), rejected(1, 404, "no such ticket", "1,\"ñ\n\"")]).unwrap();
    journal.append(&[unknown(2), applied(10), applied(2), rejected(99, 400, "bad", "")]).unwrap();
    drop(journal);
    let bytes = place.bytes();
    (place, bytes)
}

/// The final rows, in the order of the journal, and where each line ends.
const FINAL: [u64; 5] = [3, 1, 10, 2, 99];

fn ends(bytes: &[u8]) -> Vec<usize> {
    (0..bytes.len()).filter(|&at| bytes[at] == b'\n').map(|at| at + 1).collect()
}

/// How many records count in the first `lines` lines; the fourth is that of an unknown outcome.
fn records(lines: usize) -> usize {
    lines.saturating_sub(1) - usize::from(lines > 3)
}

fn sorted(rows: &[u64]) -> Vec<u64> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows
}

#[test]
fn a_journal_cut_anywhere_goes_on_with_the_lines_before_the_cut() {
    let (place, bytes) = journal();
    let ends = ends(&bytes);
    let begun = br#"00000000 {"vambe_journal":"#.len();
    for cut in 0..=bytes.len() {
        place.write(&bytes[..cut]);
        if (1..begun).contains(&cut) {
            // Too little to tell that it is ours.
            assert!(matches!(place.open(), Err(JournalError::NotAJournal)), "{cut}");
            assert_eq!(place.bytes(), bytes[..cut]);
            continue;
        }
        let whole = ends.iter().filter(|&&end| end <= cut).count();
        let length = ends[..whole].last().copied().unwrap_or(0);
        let (mut journal, resumed) = place.open().unwrap();
        assert_eq!(final_rows(&resumed), sorted(&FINAL[..records(whole)]), "{cut}");
        let dropped = resumed.dropped.map(|dropped| (dropped.lines, dropped.bytes));
        let torn = u64::try_from(cut - length).unwrap();
        // A torn header is not worth telling: nothing was sent.
        assert_eq!(dropped, (torn > 0 && whole > 0).then_some((1, torn)), "{cut}");
        assert_eq!(place.bytes(), bytes[..length.max(ends[0])], "{cut}");

        journal.append(&[applied(50)]).unwrap();
        drop(journal);
        let (_journal, resumed) = place.open().unwrap();
        assert_eq!(resumed.dropped, None);
        assert!(resumed.is_final(50));
        assert_eq!(final_rows(&resumed).len(), records(whole) + 1);
    }
}

#[test]
fn a_changed_byte_is_never_believed() {
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
            // Without its end, a line takes the next one with it; a line more, and it is two.
            let lost = if at + 1 == ends[line] { line..=line + 1 } else { line..=line };
            let left: Vec<_> = (1..=6).filter(|line| !lost.contains(line)).filter_map(row_of_line).collect();
            assert_eq!(final_rows(&read.resumed), sorted(&left), "{at} {byte:#x}");
            let is_torn = at + 1 == bytes.len();
            assert_eq!((read.lost == 0, read.resumed.dropped.is_some()), (is_torn, is_torn), "{at} {byte:#x}");
        }
    }
}

/// The final row of a line, counted from 0.
fn row_of_line(line: usize) -> Option<u64> {
    [None, Some(3), Some(1), None, Some(10), Some(2), Some(99)][line]
}

#[test]
fn zeros_at_the_end_as_some_file_systems_leave_them_after_a_power_loss_are_cut_off() {
    let (place, bytes) = journal();
    for zeros in [1, 9, 10, 4_096, 200_000] {
        place.write([bytes.clone(), vec![0; zeros]].concat());
        let (_journal, resumed) = place.open().unwrap();
        assert_eq!(final_rows(&resumed), sorted(&FINAL));
        assert_eq!(resumed.dropped.unwrap().lines, 1);
        assert_eq!(place.bytes(), bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_over_any_part_leave_some_of_what_was_written(
        at in 0_usize..2_000, over in proptest::collection::vec(any::<u8>(), 0..300), end in proptest::bool::ANY,
    ) {
        let (place, bytes) = journal();
        let at = at % bytes.len();
        let mut changed = bytes[..at].to_vec();
        changed.extend_from_slice(&over);
        if end {
            changed.extend(bytes.iter().skip(changed.len()));
        }
        place.write(&changed);
        if let Ok((_journal, resumed)) = place.open() {
            let rows = final_rows(&resumed);
            prop_assert!(rows.iter().all(|row| FINAL.contains(row)), "{rows:?}");
            let lines: Vec<_> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
            prop_assert!(place.bytes().split_inclusive(|&byte| byte == b'\n').all(|line| lines.contains(&line)));
        }
    }
}

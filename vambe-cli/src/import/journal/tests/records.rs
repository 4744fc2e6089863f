//! What is written is what is read.

use std::io::Write;

use super::*;
use crate::import::journal::{line, rejected as read_rejected, rejected::kept_in_parts};

#[test]
fn the_file_is_as_documented() {
    let place = Place::new();
    let (mut journal, _) = place.open().unwrap();
    journal.append(&[applied(17), rejected(3, 404, "no such ticket", "+569,\"a\nb\"")]).unwrap();
    let text = String::from_utf8(place.bytes()).unwrap();
    let json: Vec<_> = text.lines().map(|line| line.split_once(' ').unwrap().1).collect();
    let header = format!(
        r#"{{"vambe_journal":2,"input_sha256":"{}","input_bytes":4096,"input_rows":100,"format":"csv","base_url":"https://api.vambe.me","started":"2026-11-22T10:00:00Z"}}"#,
        "ab".repeat(32)
    );
    assert_eq!(
        json,
        [
            header.as_str(),
            r#"{"row":17,"outcome":"applied","attempts":1}"#,
            r#"{"row":3,"outcome":"rejected","attempts":1,"status":404,"reason":"no such ticket","line":4,"input":"+569,\"a\nb\""}"#,
        ]
    );
    for line in text.lines() {
        let (crc, json) = line.split_once(' ').unwrap();
        assert_eq!(crc, format!("{:08x}", crc32fast::hash(json.as_bytes())));
    }
}

#[test]
fn applied_and_rejected_rows_are_final_and_the_others_are_not() {
    let place = Place::new();
    let (mut journal, resumed) = place.open().unwrap();
    assert!(final_rows(&resumed).is_empty());
    journal.append(&[unknown(5), applied(2), not_sent(4)]).unwrap();
    journal.append(&[rejected(100, 400, "bad", "x"), applied(5), rejected(7, 400, "bad", "y")]).unwrap();
    drop(journal);

    let later = Header { started: "2026-11-23T10:00:00Z".parse().unwrap(), ..header() };
    let (_journal, resumed) = place.open_as(&later).unwrap();
    assert_eq!(final_rows(&resumed), [2, 5, 7, 100]);
    assert_eq!(resumed.dropped, None);
    assert_eq!(resumed.started, header().started);
    let tally = &resumed.tally;
    assert_eq!((tally.applied, tally.rejected, tally.not_sent, tally.unknown), (2, 2, 0, 0));
    let reasons: Vec<_> = tally.reasons().collect();
    assert_eq!(reasons, [(&(Outcome::Rejected, Some(400), "bad".to_owned()), 2)]);
}

#[test]
fn of_two_final_records_of_a_row_the_first_counts() {
    let place = Place::new();
    let (mut journal, _) = place.open().unwrap();
    journal.append(&[applied(1), rejected(1, 400, "bad", "x"), rejected(2, 400, "bad", "y"), applied(2)]).unwrap();
    drop(journal);
    let (_journal, resumed) = place.open().unwrap();
    assert_eq!((resumed.tally.applied, resumed.tally.rejected), (1, 1));
    let rows: Vec<_> = read_rejected(&place.path).unwrap().map(|row| row.unwrap().row).collect();
    assert_eq!(rows, [2]);
}

#[test]
fn rejected_rows_come_in_the_order_of_the_input_whatever_the_order_of_the_journal() {
    let place = Place::new();
    assert!(matches!(read_rejected(&place.path), Err(JournalError::NoDirectory(_))));
    let (mut journal, _) = place.open().unwrap();
    // Longer than the buffer that is read at once, so that the reader has to go back further than that.
    let long = "é\u{0}\r\n".repeat(20_000);
    let order = [40, 2, 99, 41, 1, 3, 100];
    for row in order {
        journal.append(&[unknown(row), rejected(row, 422, "bad", &format!("{row}{long}"))]).unwrap();
    }
    // Also while the journal is open, and its last line is not whole yet.
    let mut file = std::fs::OpenOptions::new().append(true).open(&place.path).unwrap();
    file.write_all(b"0000").unwrap();
    let rows: Vec<_> = read_rejected(&place.path).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.iter().map(|row| row.row).collect::<Vec<_>>(), [1, 2, 3, 40, 41, 99, 100]);
    for row in rows {
        assert_eq!((row.status, row.reason.as_str()), (Some(422), "bad"));
        assert_eq!(row.input.as_bytes(), format!("{}{long}", row.row).as_bytes());
    }
    assert!(place.bytes().ends_with(b"0000"), "it was only read");
    for sorted in 1..=8 {
        let rows: Vec<_> =
            kept_in_parts(&place.path, Outcome::Rejected, sorted).unwrap().map(|row| row.unwrap().row).collect();
        assert_eq!(rows, [1, 2, 3, 40, 41, 99, 100], "{sorted} at a time");
    }
}

#[test]
fn what_cannot_be_read_again_is_not_written() {
    let place = Place::new();
    let (mut journal, _) = place.open().unwrap();
    let before = place.bytes();
    assert!(matches!(journal.append(&[applied(1), applied(0)]), Err(JournalError::NoSuchRow { row: 0, rows: 100 })));
    assert!(matches!(journal.append(&[applied(101)]), Err(JournalError::NoSuchRow { row: 101, .. })));
    let long = "x".repeat(line::MAX - 50);
    assert!(matches!(journal.append(&[rejected(9, 400, "bad", &long)]), Err(JournalError::TooLong { row: 9 })));
    assert_eq!(place.bytes(), before);
    journal.append(&[applied(3)]).unwrap();
    drop(journal);
    assert_eq!(place.final_rows(), [3]);
}

#[test]
fn the_longest_line_is_read_again() {
    let place = Place::new();
    let (mut journal, _) = place.open().unwrap();
    let mut line = Vec::new();
    let frame = line::write(&mut line, &rejected(1, 400, "bad", "")).unwrap();
    journal.append(&[rejected(1, 400, "bad", &"x".repeat(line::MAX - frame)), applied(2)]).unwrap();
    drop(journal);
    assert_eq!(place.final_rows(), [1, 2]);
}

#[test]
fn reasons_beyond_a_bound_are_counted_together() {
    let mut tally = super::super::Tally::default();
    for status in 0..1_000 {
        tally.add(&rejected(1, status, "bad", "x"));
    }
    tally.add(&rejected(1, 0, "bad", "x"));
    tally.add(&rejected(1, 0, &"long ".repeat(1_000), "x"));
    tally.add(&applied(1));
    let reasons: Vec<_> = tally.reasons().collect();
    assert_eq!(reasons.len(), 65);
    assert_eq!(reasons[0], (&(Outcome::Rejected, None, "other".to_owned()), 1_000 - 64 + 1));
    assert_eq!(reasons[1], (&(Outcome::Rejected, Some(0), "bad".to_owned()), 2));
    assert_eq!(reasons.iter().map(|(_, count)| count).sum::<u64>(), tally.rejected);
}

#[test]
fn a_million_records_are_read() {
    const ROWS: u64 = 1_000_000;
    let place = Place::new();
    let header = Header { input_rows: ROWS, ..header() };
    let mut bytes = Vec::new();
    line::write(&mut bytes, &header.with_version()).unwrap();
    for row in 1..=ROWS {
        // By hand, which is quicker.
        let json = format!(r#"{{"row":{row},"outcome":"applied","attempts":1}}"#);
        writeln!(bytes, "{:08x} {json}", crc32fast::hash(json.as_bytes())).unwrap();
    }
    place.write(bytes);
    let (_journal, resumed) = place.open_as(&header).unwrap();
    assert_eq!(resumed.tally.applied, ROWS);
    assert!(resumed.is_final(1) && resumed.is_final(ROWS) && !resumed.is_final(0) && !resumed.is_final(ROWS + 1));
}

#[test]
fn no_row_of_the_input_is_shown() {
    let place = Place::new();
    let (mut journal, resumed) = place.open().unwrap();
    let record = rejected(1, 400, "bad", "hunter2");
    journal.append([&record]).unwrap();
    let mut rows = read_rejected(&place.path).unwrap();
    let row = rows.next().unwrap().unwrap();
    assert_eq!(row.input.as_bytes(), b"hunter2");
    let shown = format!("{journal:?} {resumed:?} {record:?} {rows:?} {row:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

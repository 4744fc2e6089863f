//! Lines in the middle that are not as they were written: the file is kept, and the whole lines are a new journal.

use std::fs;

use super::*;

/// A journal of the applied rows up to 6, whose lines from 0 it gives too.
fn journal() -> (Place, Vec<String>) {
    let place = Place::new();
    let (mut journal, resumed) = place.open().unwrap();
    journal.begin_run(&resumed.run).unwrap();
    journal.append(&(1..=6).map(applied).collect::<Vec<_>>()).unwrap();
    drop(journal);
    let lines = String::from_utf8(place.bytes()).unwrap().split_inclusive('\n').map(str::to_owned).collect();
    (place, lines)
}

fn flipped(line: &str) -> String {
    line.replace("applied", "Applied")
}

fn damaged_files(place: &Place) -> Vec<String> {
    let files = fs::read_dir(place.path.parent().unwrap()).unwrap();
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names.remove(0), "import.journal");
    names
}

#[test]
fn a_damaged_line_loses_its_record_and_the_file_is_kept() {
    let (place, lines) = journal();
    let mut damaged = lines.clone();
    // Row 2 and row 5.
    damaged[3] = flipped(&lines[3]);
    damaged[6] = "garbage\n".to_owned();
    for (run, kept) in ["import.journal.damaged", "import.journal.damaged.2"].into_iter().enumerate() {
        place.write(damaged.concat());
        let (mut journal, resumed) = place.open().unwrap();
        assert_eq!(final_rows(&resumed), [1, 3, 4, 6]);
        assert_eq!(resumed.tally.applied, 4);
        let repaired = resumed.repaired.unwrap();
        assert_eq!((repaired.lines, repaired.again), (2, 0));
        assert_eq!(repaired.kept.file_name().unwrap(), kept);
        assert_eq!(fs::read(&repaired.kept).unwrap(), damaged.concat().into_bytes());
        assert_eq!(damaged_files(&place).len(), run + 1, "no temporary file is left");

        let whole = [&lines[..3], &lines[4..6], &lines[7..]].concat().concat();
        assert_eq!(String::from_utf8(place.bytes()).unwrap(), whole);
        assert!(matches!(place.open(), Err(JournalError::Locked)));
        journal.append(&[applied(2)]).unwrap();
        drop(journal);
        let (_journal, resumed) = place.open().unwrap();
        assert_eq!((final_rows(&resumed).as_slice(), resumed.repaired), ([1, 2, 3, 4, 6].as_slice(), None));
    }
}

#[test]
fn a_row_that_is_to_be_sent_again_stays_so_in_later_runs() {
    let (place, mut lines) = journal();
    lines[3] = flipped(&lines[3]);
    place.write(lines.concat());
    let (key, header) = (key("a"), header());
    let run = new_run(&key, false, None);
    let Opened::Damaged(damaged) = Journal::open(&place.path, &header, &run).unwrap() else { panic!("it is whole") };
    let applied: Vec<_> = (0..10).filter(|&row| damaged.is_applied(row)).collect();
    assert_eq!((applied.as_slice(), damaged.resumed().last_final()), ([1, 3, 4, 5, 6].as_slice(), 6));
    let again = [4, 6].into_iter().collect();
    let (journal, resumed) = damaged.repair(&header, &run, &again).unwrap();
    assert_eq!(resumed.repaired.as_ref().map(|repaired| repaired.again), Some(2));
    for rows in [final_rows(&resumed), {
        drop(journal);
        place.final_rows()
    }] {
        assert_eq!(rows, [1, 3, 5]);
    }
}

#[test]
fn a_damaged_journal_of_something_else_is_left_as_it_is() {
    let (place, mut lines) = journal();
    lines[3] = flipped(&lines[3]);
    place.write(lines.concat());
    let before = place.bytes();
    let other = Header { base_url: "https://elsewhere.example".to_owned(), ..header() };
    assert!(matches!(place.open_as(&other), Err(JournalError::OtherServer { .. })));
    let refused = open_for(&place.path, &header(), &new_run(&key("b"), false, None));
    assert!(matches!(refused, Err(JournalError::OtherAccount)));
    assert_eq!((place.bytes(), damaged_files(&place).len()), (before, 0));
}

#[test]
fn a_line_that_was_written_to_its_end_is_not_torn() {
    let (place, mut lines) = journal();
    lines[7] = flipped(&lines[7]);
    place.write(lines.concat());
    let (_journal, resumed) = place.open().unwrap();
    assert_eq!((final_rows(&resumed).as_slice(), resumed.dropped), ([1, 2, 3, 4, 5].as_slice(), None));
    assert_eq!(damaged_files(&place), ["import.journal.damaged"]);
}

#[cfg(unix)]
#[test]
fn a_journal_behind_a_link_is_repaired_where_it_is() {
    let (place, mut lines) = journal();
    lines[3] = flipped(&lines[3]);
    let target = place.path.with_file_name("target");
    fs::remove_file(&place.path).unwrap();
    fs::write(&target, lines.concat()).unwrap();
    std::os::unix::fs::symlink("target", &place.path).unwrap();
    let (mut journal, _) = place.open().unwrap();
    journal.append(&[applied(2)]).unwrap();
    assert!(place.path.is_symlink() && !target.is_symlink());
    assert!(place.path.with_file_name("target.damaged").is_file());
}

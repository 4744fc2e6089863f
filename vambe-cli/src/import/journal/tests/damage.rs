//! Damaged lines in the middle: the file is kept, and its whole lines become a new journal.

use std::fs;

use super::*;

/// Returns a journal of the applied rows up to 6, and its lines.
fn journal() -> (TestJournal, Vec<String>) {
    let test = TestJournal::new();
    let (mut journal, resumed) = test.open().unwrap();
    journal.begin_run(&resumed.run).unwrap();
    journal.append(&(1..=6).map(applied).collect::<Vec<_>>()).unwrap();
    drop(journal);
    let lines = String::from_utf8(test.bytes()).unwrap().split_inclusive('\n').map(str::to_owned).collect();
    (test, lines)
}

fn flipped(line: &str) -> String {
    line.replace("applied", "Applied")
}

fn damaged_files(test: &TestJournal) -> Vec<String> {
    let files = fs::read_dir(test.path.parent().unwrap()).unwrap();
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names.remove(0), "import.journal");
    names
}

/// Invariant: a damaged line of a journal costs only its own record.
#[test]
fn a_damaged_line_loses_its_record_and_the_file_is_kept() {
    let (test, lines) = journal();
    let mut damaged = lines.clone();
    // The lines of rows 2 and 5.
    damaged[3] = flipped(&lines[3]);
    damaged[6] = "garbage\n".to_owned();
    for (run, kept) in ["import.journal.damaged", "import.journal.damaged.2"].into_iter().enumerate() {
        test.write(damaged.concat());
        let (mut journal, resumed) = test.open().unwrap();
        assert_eq!(final_rows(&resumed), [1, 3, 4, 6]);
        assert_eq!(resumed.tally.applied, 4);
        let repaired = resumed.repaired.unwrap();
        assert_eq!((repaired.lines, repaired.resend), (2, 0));
        assert_eq!(repaired.kept.file_name().unwrap(), kept);
        assert_eq!(fs::read(&repaired.kept).unwrap(), damaged.concat().into_bytes());
        assert_eq!(damaged_files(&test).len(), run + 1, "no temporary file is left");

        let whole = [&lines[..3], &lines[4..6], &lines[7..]].concat().concat();
        assert_eq!(String::from_utf8(test.bytes()).unwrap(), whole);
        assert!(matches!(test.open(), Err(JournalError::Locked)));
        journal.append(&[applied(2)]).unwrap();
        drop(journal);
        let (_journal, resumed) = test.open().unwrap();
        assert_eq!((final_rows(&resumed).as_slice(), resumed.repaired), ([1, 2, 3, 4, 6].as_slice(), None));
    }
}

#[test]
fn a_row_to_resend_stays_so_in_later_runs() {
    let (test, mut lines) = journal();
    lines[3] = flipped(&lines[3]);
    test.write(lines.concat());
    let (key, header) = (key("a"), header());
    let run = new_run(&key, false, None);
    let Opened::Damaged(damaged) = Journal::open(&test.path, &header, &run).unwrap() else { panic!("it is whole") };
    let applied: Vec<_> = (0..10).filter(|&row| damaged.is_applied(row)).collect();
    assert_eq!((applied.as_slice(), damaged.resumed().last_final()), ([1, 3, 4, 5, 6].as_slice(), 6));
    let again = [4, 6].into_iter().collect();
    let (journal, resumed) = damaged.repair(&header, &run, &again).unwrap();
    assert_eq!(resumed.repaired.as_ref().map(|repaired| repaired.resend), Some(2));
    for rows in [final_rows(&resumed), {
        drop(journal);
        test.final_rows()
    }] {
        assert_eq!(rows, [1, 3, 5]);
    }
}

#[test]
fn leaves_other_damaged_journals_unchanged() {
    let (test, mut lines) = journal();
    lines[3] = flipped(&lines[3]);
    test.write(lines.concat());
    let before = test.bytes();
    let other = Header { base_url: "https://elsewhere.example".to_owned(), ..header() };
    assert!(matches!(test.open_as(&other), Err(JournalError::OtherServer { .. })));
    let refused = open_for(&test.path, &header(), &new_run(&key("b"), false, None));
    assert!(matches!(refused, Err(JournalError::OtherAccount)));
    assert_eq!((test.bytes(), damaged_files(&test).len()), (before, 0));
}

#[test]
fn a_damaged_line_with_a_line_end_is_not_torn() {
    let (test, mut lines) = journal();
    lines[7] = flipped(&lines[7]);
    test.write(lines.concat());
    let (_journal, resumed) = test.open().unwrap();
    assert_eq!((final_rows(&resumed).as_slice(), resumed.dropped), ([1, 2, 3, 4, 5].as_slice(), None));
    assert_eq!(damaged_files(&test), ["import.journal.damaged"]);
}

#[cfg(unix)]
#[test]
fn a_journal_behind_a_link_is_repaired_where_it_is() {
    let (test, mut lines) = journal();
    lines[3] = flipped(&lines[3]);
    let target = test.path.with_file_name("target");
    fs::remove_file(&test.path).unwrap();
    fs::write(&target, lines.concat()).unwrap();
    std::os::unix::fs::symlink("target", &test.path).unwrap();
    let (mut journal, _) = test.open().unwrap();
    journal.append(&[applied(2)]).unwrap();
    assert!(test.path.is_symlink() && !target.is_symlink());
    assert!(test.path.with_file_name("target.damaged").is_file());
}

//! Files that are rejected and left unchanged.

use std::{error::Error, fs};

use super::*;
use crate::import::journal::line;

#[test]
fn rejects_other_journals_and_leaves_them_unchanged() {
    let test = TestJournal::new();
    let (mut journal, _) = test.open().unwrap();
    journal.append(&[applied(1)]).unwrap();
    drop(journal);
    let before = test.bytes();
    let cases: [(Header, &str); 5] = [
        (
            Header { input_sha256: "cd".repeat(32), ..header() },
            "the journal belongs to another input, with 4096 bytes and 100 rows instead of 4096 bytes and 100 rows: import that \
             input, give another --journal, or delete this one if it is no longer needed",
        ),
        (
            Header { input_bytes: 5, input_rows: 1, ..header() },
            "the journal belongs to another input, with 4096 bytes and 100 rows instead of 5 bytes and 1 rows: import that \
             input, give another --journal, or delete this one if it is no longer needed",
        ),
        (
            Header { format: "csv, delimiter ;".to_owned(), ..header() },
            "the journal belongs to the same input, but read as \"csv\" with 100 rows instead of \"csv, delimiter ;\" with 100 rows: give the \
             same options as before, or another --journal",
        ),
        (
            Header { input_rows: 99, ..header() },
            "the journal belongs to the same input, but read as \"csv\" with 100 rows instead of \"csv\" with 99 rows: give the \
             same options as before, or another --journal",
        ),
        (
            Header { base_url: "http://127.0.0.1:8080".to_owned(), ..header() },
            "the journal has updates sent to \"https://api.vambe.me\", but this run sends to \"http://127.0.0.1:8080\": use the \
             same server as before, or give another --journal",
        ),
    ];
    for (header, message) in cases {
        assert_eq!(test.open_as(&header).unwrap_err().to_string(), message);
        assert_eq!(test.bytes(), before);
    }
}

#[test]
fn rejects_other_files_and_leaves_them_unchanged() {
    let line = |json: &str| {
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        let mut line = Vec::new();
        line::write(&mut line, &value).unwrap();
        line
    };
    let mut whole = Vec::new();
    line::write(&mut whole, &header().with_version()).unwrap();
    type Check = fn(&JournalError) -> bool;
    let no_journal: Check = |error| matches!(error, JournalError::NotAJournal);
    let cases: Vec<(Vec<u8>, Check)> = vec![
        (b"\n".to_vec(), no_journal),
        (b"12345678".to_vec(), no_journal),
        (b"contact_number,plan\n+569,pro\n".to_vec(), no_journal),
        (br#"{"vambe_journal":1}"#.to_vec(), no_journal),
        (vec![0; 5_000], no_journal),
        (line(r#"{"some":"file"}"#), no_journal),
        (line(r#"["vambe_journal"]"#), no_journal),
        ([br#"00000000 {"vambe_journal":"#.to_vec(), vec![b'1'; line::MAX]].concat(), |error| {
            matches!(error, JournalError::DamagedHeader)
        }),
        (b"00000000 {\"vambe_journal\":1}\n".to_vec(), |error| matches!(error, JournalError::DamagedHeader)),
        (line(r#"{"vambe_journal":1}"#), |error| matches!(error, JournalError::DamagedHeader)),
        (line(r#"{"vambe_journal":3,"all":"new"}"#), |error| matches!(error, JournalError::Newer { version: 3 })),
        ([whole.clone(), line(r#"{"row":1,"outcome":"undone","attempts":1}"#)].concat(), |error| {
            matches!(error, JournalError::UnknownRecord { line: 2 })
        }),
        ([whole.clone(), line(r#"{"row":101,"outcome":"applied","attempts":1}"#)].concat(), |error| {
            matches!(error, JournalError::UnknownRecord { line: 2 })
        }),
    ];
    let test = TestJournal::new();
    for (bytes, check) in cases {
        test.write(&bytes);
        let error = test.open().unwrap_err();
        assert!(check(&error), "{error:?} for {}", bytes[..bytes.len().min(100)].escape_ascii());
        assert!(test.bytes() == bytes);
    }
}

#[test]
fn ignores_fields_of_later_versions() {
    let test = TestJournal::new();
    let json = serde_json::to_string(&header().with_version()).unwrap();
    let json = json.replace(r#","started""#, r#","later":"x","started""#);
    assert!(json.contains("later"));
    let record = r#"{"row":1,"outcome":"applied","attempts":1,"later":{"x":1}}"#;
    let lines = [json.as_str(), record].map(|json| format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes())));
    test.write(lines.concat());
    assert_eq!(test.final_rows(), [1]);
}

#[test]
fn a_second_run_fails_while_the_journal_is_in_use() {
    let test = TestJournal::new();
    let (journal, _) = test.open().unwrap();
    let before = test.bytes();
    let error = test.open().unwrap_err();
    assert!(matches!(error, JournalError::Locked), "{error:?}");
    assert!(error.to_string().starts_with("another run is using this journal"));
    assert_eq!(test.bytes(), before);
    drop(journal);
    test.open().unwrap();
}

#[test]
fn starts_a_journal_in_an_empty_file() {
    let test = TestJournal::new();
    test.write("");
    drop(test.open().unwrap());
    assert!(test.final_rows().is_empty());
    assert!(!test.bytes().is_empty());
}

#[test]
fn rejects_files_that_are_not_regular() {
    let test = TestJournal::new();
    fs::create_dir(&test.path).unwrap();
    assert!(matches!(test.open(), Err(JournalError::NotAFile)));
    #[cfg(unix)]
    {
        let error = open("/dev/null".as_ref(), &header()).unwrap_err();
        assert!(matches!(error, JournalError::NotAFile), "{error:?}");
        fs::remove_dir(&test.path).unwrap();
        std::os::unix::fs::symlink("elsewhere", &test.path).unwrap();
        assert!(matches!(test.open(), Err(JournalError::NotAFile)), "a link that points at nothing");
        assert!(!test.path.with_file_name("elsewhere").exists());
    }
}

#[test]
fn reports_a_missing_directory() {
    let test = TestJournal::new();
    for _ in ["there is nothing", "there is a file"] {
        let error = open(&test.path.join("x"), &header()).unwrap_err();
        assert!(matches!(error, JournalError::NoDirectory(_)), "{error:?}");
        assert!(error.source().is_some());
        test.write("");
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let test = TestJournal::new();
    test.open().unwrap();
    assert_eq!(fs::metadata(&test.path).unwrap().permissions().mode() & 0o777, 0o600);
}

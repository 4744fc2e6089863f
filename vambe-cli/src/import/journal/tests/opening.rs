//! What is refused, and that it is left as it was.

use std::{error::Error, fs};

use super::*;
use crate::import::journal::line;

#[test]
fn a_journal_of_something_else_is_refused_and_left_as_it_was() {
    let place = Place::new();
    let (mut journal, _) = place.open().unwrap();
    journal.append(&[applied(1)]).unwrap();
    drop(journal);
    let before = place.bytes();
    let cases: [(Header, &str); 5] = [
        (
            Header { input_sha256: "cd".repeat(32), ..header() },
            "it belongs to another input, of 4096 bytes and 100 rows, and this one has 4096 bytes and 100 rows: go on with \
             that input, give another --journal, or delete it if it is no longer needed",
        ),
        (
            Header { input_bytes: 5, input_rows: 1, ..header() },
            "it belongs to another input, of 4096 bytes and 100 rows, and this one has 5 bytes and 1 rows: go on with that \
             input, give another --journal, or delete it if it is no longer needed",
        ),
        (
            Header { format: "csv, delimiter ;".to_owned(), ..header() },
            "it belongs to the same input, but read as \"csv\" with 100 rows, and now it is read as \"csv, delimiter ;\" with \
             100 rows: give the same options as before, or another --journal",
        ),
        (
            Header { input_rows: 99, ..header() },
            "it belongs to the same input, but read as \"csv\" with 100 rows, and now it is read as \"csv\" with 99 rows: give \
             the same options as before, or another --journal",
        ),
        (
            Header { base_url: "http://127.0.0.1:8080".to_owned(), ..header() },
            "it tells of updates sent to \"https://api.vambe.me\", and this run is to send to \"http://127.0.0.1:8080\", \
             which never saw them: give the same server as before, or another --journal",
        ),
    ];
    for (header, message) in cases {
        assert_eq!(place.open_as(&header).unwrap_err().to_string(), message);
        assert_eq!(place.bytes(), before);
    }
}

#[test]
fn what_is_no_journal_is_refused_and_left_as_it_was() {
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
    let place = Place::new();
    for (bytes, check) in cases {
        place.write(&bytes);
        let error = place.open().unwrap_err();
        assert!(check(&error), "{error:?} for {}", bytes[..bytes.len().min(100)].escape_ascii());
        assert!(place.bytes() == bytes);
    }
}

#[test]
fn fields_that_a_later_version_adds_are_passed_over() {
    let place = Place::new();
    let json = serde_json::to_string(&header().with_version()).unwrap();
    let json = json.replace(r#","started""#, r#","later":"x","started""#);
    assert!(json.contains("later"));
    let record = r#"{"row":1,"outcome":"applied","attempts":1,"later":{"x":1}}"#;
    let lines = [json.as_str(), record].map(|json| format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes())));
    place.write(lines.concat());
    assert_eq!(place.final_rows(), [1]);
}

#[test]
fn a_second_run_is_told_that_the_journal_is_in_use() {
    let place = Place::new();
    let (journal, _) = place.open().unwrap();
    let before = place.bytes();
    let error = place.open().unwrap_err();
    assert!(matches!(error, JournalError::Locked), "{error:?}");
    assert!(error.to_string().starts_with("another run is using this journal"));
    assert_eq!(place.bytes(), before);
    drop(journal);
    place.open().unwrap();
}

#[test]
fn an_empty_file_is_begun() {
    let place = Place::new();
    place.write("");
    drop(place.open().unwrap());
    assert!(place.final_rows().is_empty());
    assert!(!place.bytes().is_empty());
}

#[test]
fn what_is_no_regular_file_is_refused() {
    let place = Place::new();
    fs::create_dir(&place.path).unwrap();
    assert!(matches!(place.open(), Err(JournalError::NotAFile)));
    #[cfg(unix)]
    {
        let error = open("/dev/null".as_ref(), &header()).unwrap_err();
        assert!(matches!(error, JournalError::NotAFile), "{error:?}");
        fs::remove_dir(&place.path).unwrap();
        std::os::unix::fs::symlink("elsewhere", &place.path).unwrap();
        assert!(matches!(place.open(), Err(JournalError::NotAFile)), "a link that points at nothing");
        assert!(!place.path.with_file_name("elsewhere").exists());
    }
}

#[test]
fn a_directory_that_is_not_there_is_named_as_the_cause() {
    let place = Place::new();
    for _ in ["there is nothing", "there is a file"] {
        let error = open(&place.path.join("x"), &header()).unwrap_err();
        assert!(matches!(error, JournalError::NoDirectory(_)), "{error:?}");
        assert!(error.source().is_some());
        place.write("");
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.open().unwrap();
    assert_eq!(fs::metadata(&place.path).unwrap().permissions().mode() & 0o777, 0o600);
}

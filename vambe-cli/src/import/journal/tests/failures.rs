//! A disk that fails.

use std::io;

use super::*;
use crate::import::journal::storage::Storage;

/// A disk that fails on demand.
#[derive(Default)]
pub(super) struct Faults {
    /// The number of bytes that can be written.
    pub(super) room: Option<usize>,
    pub(super) sync: Option<io::ErrorKind>,
    pub(super) cut: Option<io::ErrorKind>,
}

struct Faulty {
    disk: Box<dyn Storage>,
    faults: Faults,
}

impl Storage for Faulty {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let room = self.faults.room.unwrap_or(usize::MAX).min(bytes.len());
        self.disk.write(&bytes[..room])?;
        self.faults.room = self.faults.room.map(|all| all - room);
        if room < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn sync(&mut self) -> io::Result<()> {
        self.faults.sync.map_or_else(|| self.disk.sync(), |kind| Err(kind.into()))
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.faults.cut.map_or_else(|| self.disk.cut(length), |kind| Err(kind.into()))
    }
}

pub(super) fn with_faults(journal: Journal, faults: Faults) -> Journal {
    Journal { storage: Box::new(Faulty { disk: journal.storage, faults }), ..journal }
}

#[test]
fn a_batch_that_does_not_fit_is_removed_and_poisons_the_journal() {
    let batch = [applied(2), rejected(3, 400, "bad", "x"), applied(4)];
    for room in 0..100 {
        let test = TestJournal::new();
        let (mut journal, _) = test.open().unwrap();
        journal.append(&[applied(1)]).unwrap();
        let before = test.bytes();
        let mut journal = with_faults(journal, Faults { room: Some(room), ..Faults::default() });
        let error = journal.append(&batch).unwrap_err();
        assert_eq!(error.to_string(), "the disk is full: free some space, then run the same command to resume");
        assert_eq!(test.bytes(), before);
        assert!(matches!(journal.append(&[applied(5)]), Err(JournalError::Poisoned)));
        assert_eq!(test.bytes(), before);
        drop(journal);
        assert_eq!(test.final_rows(), [1]);
    }
}

#[test]
fn the_next_run_truncates_a_torn_line_that_could_not_be_removed() {
    for room in 0..100 {
        let test = TestJournal::new();
        let (journal, _) = test.open().unwrap();
        let faults = Faults { room: Some(room), cut: Some(io::ErrorKind::Other), ..Faults::default() };
        let mut journal = with_faults(journal, faults);
        journal.append(&[applied(2), applied(3), applied(4)]).unwrap_err();
        drop(journal);
        let (mut journal, resumed) = test.open().unwrap();
        let rows = final_rows(&resumed);
        assert!([2, 3, 4].starts_with(&rows), "{rows:?}");
        journal.append(&[applied(5)]).unwrap();
        drop(journal);
        assert_eq!(test.final_rows(), [rows.as_slice(), &[5]].concat());
    }
}

#[test]
fn a_sync_that_fails_is_not_tried_again() {
    let test = TestJournal::new();
    let (journal, _) = test.open().unwrap();
    let before = test.bytes();
    let mut journal = with_faults(journal, Faults { sync: Some(io::ErrorKind::Other), ..Faults::default() });
    assert!(matches!(journal.append(&[applied(2)]), Err(JournalError::Io { action: "write", .. })));
    assert_eq!(test.bytes(), before);
    assert!(matches!(journal.append(&[applied(2)]), Err(JournalError::Poisoned)));
    drop(journal);
    assert!(test.final_rows().is_empty());
}

#[test]
fn io_errors_are_reported_with_advice() {
    use io::ErrorKind::*;
    let cases = [
        (StorageFull, "free some space"),
        (QuotaExceeded, "free some space"),
        (FileTooLarge, "`ulimit -f`"),
        (ReadOnlyFilesystem, "read-only"),
        (PermissionDenied, "change the permissions"),
        (NotFound, "the directory does not exist"),
        (TimedOut, "cannot write the journal: check the disk"),
    ];
    for (kind, expected) in cases {
        let error = crate::import::journal::error::failed_to("write")(kind.into());
        assert!(error.to_string().contains(expected), "{error}");
        assert!(std::error::Error::source(&error).is_some());
    }
}

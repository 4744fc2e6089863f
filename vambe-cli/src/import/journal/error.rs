//! The errors of a journal.

use std::io;

use thiserror::Error;

use super::file::Moved;

/// An error of a journal, without its path, which the caller adds. Shows nothing of a row but its number.
#[derive(Debug, Error)]
pub(crate) enum JournalError {
    #[error("the directory does not exist: create it, or give another --journal")]
    NoDirectory(#[source] io::Error),
    #[error("permission denied: change the permissions of the file or its directory, or give another --journal")]
    Permission(#[source] io::Error),
    #[error("the file system is read-only: give another --journal")]
    ReadOnly(#[source] io::Error),
    #[error("not a regular file: give another --journal")]
    NotAFile,
    #[error("another run is using this journal: wait until it ends, or stop it")]
    Locked,
    #[error("the file is not a journal and was left unchanged: give another --journal")]
    NotAJournal,
    #[error(
        "the first line is damaged, so the input of the journal is unknown: give another --journal, or delete this one; all \
         rows are then sent again"
    )]
    DamagedHeader,
    #[error("the journal is of a newer vambe (journal version {version}): use that one, or give another --journal")]
    Newer { version: u64 },
    /// The pairs are bytes and rows.
    #[error(
        "the journal belongs to another input, with {} bytes and {} rows instead of {} bytes and {} rows: import that input, \
         give another --journal, or delete this one if it is no longer needed",
        theirs.0, theirs.1, ours.0, ours.1
    )]
    OtherInput { theirs: (u64, u64), ours: (u64, u64) },
    /// The pairs are format and rows.
    #[error(
        "the journal belongs to the same input, but read as {:?} with {} rows instead of {:?} with {} rows: give the same \
         options as before, or another --journal",
        theirs.0, theirs.1, ours.0, ours.1
    )]
    OtherFormat { theirs: (String, u64), ours: (String, u64) },
    #[error(
        "the journal belongs to the same input, but read with other options ({differences}): give the same options as before, \
         or another --journal"
    )]
    OtherOptions { differences: String },
    /// Resuming would skip rows that this server never received.
    #[error(
        "the journal has updates sent to {theirs:?}, but this run sends to {ours:?}: use the same server as before, or give \
         another --journal"
    )]
    OtherServer { theirs: String, ours: String },
    /// Resuming would skip rows that this account never received.
    #[error(
        "the rows were sent with another API key: use that key, add --same-account if both keys belong to the same account \
         (after a rotation), or give another --journal"
    )]
    OtherAccount,
    /// The journal is of version 0.1.0, or the line with the account is lost.
    #[error(
        "the journal does not have the account of its rows, which vambe 0.1.0 did not record: add --same-account if this API \
         key belongs to that account, or give another --journal"
    )]
    NoAccount,
    #[error(
        "the journal was deleted or replaced during the run: put it back and run the same command again; without it, all rows \
         are sent again"
    )]
    Moved,
    /// The line has a valid checksum.
    #[error(
        "line {line} is unknown to this version of vambe and was left unchanged: use the version that wrote it, or give \
         another --journal"
    )]
    UnknownRecord { line: u64 },
    #[error("the disk is full: free some space, then run the same command to resume")]
    Full(#[source] io::Error),
    #[error("the file size limit is reached: raise it (`ulimit -f`), then run the same command to resume")]
    TooLarge(#[source] io::Error),
    #[error("row {row} is not one of the {rows} rows of the input: this is a bug in vambe, please report it")]
    NoSuchRow { row: u64, rows: u64 },
    #[error("row {row} is too long for the journal: shorten it")]
    TooLong { row: u64 },
    #[error("cannot {action} the journal: check the disk, then run the same command to resume")]
    Io { action: &'static str, source: io::Error },
    #[error("an earlier write to the journal failed: run the same command to resume")]
    Poisoned,
    #[error("the thread that writes the journal ended early: run the same command to resume")]
    Thread(#[source] tokio::task::JoinError),
}

/// Classifies an I/O error; `action` is a verb.
pub(super) fn failed_to(action: &'static str) -> impl FnOnce(io::Error) -> JournalError {
    move |source| match source.kind() {
        _ if source.get_ref().is_some_and(|inner| inner.is::<Moved>()) => JournalError::Moved,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => JournalError::Full(source),
        io::ErrorKind::FileTooLarge => JournalError::TooLarge(source),
        io::ErrorKind::ReadOnlyFilesystem => JournalError::ReadOnly(source),
        io::ErrorKind::PermissionDenied => JournalError::Permission(source),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => JournalError::NoDirectory(source),
        io::ErrorKind::IsADirectory => JournalError::NotAFile,
        _ => JournalError::Io { action, source },
    }
}

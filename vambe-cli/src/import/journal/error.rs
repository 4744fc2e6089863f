//! Why a journal cannot be used, and what to do.

use std::io;

use thiserror::Error;

use super::place::Moved;

/// Why a journal cannot be used.
///
/// The messages do not name its path: who opened it does. They show nothing of a row but its number.
#[derive(Debug, Error)]
pub(crate) enum JournalError {
    /// Its directory is not there.
    #[error("its directory does not exist: make it, or give another --journal")]
    NoDirectory(#[source] io::Error),
    /// The system does not let us.
    #[error(
        "it may not be read and written: change its permissions or those of its directory, or give another --journal"
    )]
    Permission(#[source] io::Error),
    /// Nothing can be written there.
    #[error("its file system is read-only: give another --journal")]
    ReadOnly(#[source] io::Error),
    /// A directory, a device or a pipe.
    #[error("it is not a regular file: give another --journal")]
    NotAFile,
    /// Another process has it open.
    #[error("another run is using this journal: wait until that one has ended, or stop it")]
    Locked,
    /// A file of something else.
    #[error("it is a file, but not a journal, and was left as it is: give another --journal")]
    NotAJournal,
    /// Nobody can tell what it belongs to.
    #[error(
        "its first line is damaged, so that nobody can tell what it belongs to: give another --journal, or delete it; all \
         rows are then sent again"
    )]
    DamagedHeader,
    /// Made by a later version.
    #[error("it was made by a newer vambe (journal version {version}): go on with that one, or give another --journal")]
    Newer {
        /// The version it names.
        version: u64,
    },
    /// It belongs to another file.
    #[error(
        "it belongs to another input, of {} bytes and {} rows, and this one has {} bytes and {} rows: go on with that \
         input, give another --journal, or delete it if it is no longer needed",
        theirs.0, theirs.1, ours.0, ours.1
    )]
    OtherInput {
        /// Bytes and rows of the input that the journal belongs to.
        theirs: (u64, u64),
        /// Bytes and rows of the input of this run.
        ours: (u64, u64),
    },
    /// Its rows are not the rows of this run.
    #[error(
        "it belongs to the same input, but read as {:?} with {} rows, and now it is read as {:?} with {} rows: give the same \
         options as before, or another --journal",
        theirs.0, theirs.1, ours.0, ours.1
    )]
    OtherFormat {
        /// How the input was read, and how many rows it then had.
        theirs: (String, u64),
        /// The same of this run.
        ours: (String, u64),
    },
    /// Going on would leave out rows that this server never saw.
    #[error(
        "it tells of updates sent to {theirs:?}, and this run is to send to {ours:?}, which never saw them: give the same \
         server as before, or another --journal"
    )]
    OtherServer {
        /// Where the runs before sent to.
        theirs: String,
        /// Where this run sends to.
        ours: String,
    },
    /// Going on would leave out rows that this account never saw.
    #[error(
        "its rows were sent with another API key: give that key, or --same-account if this one is of the same account (after a \
         rotation), or another --journal"
    )]
    OtherAccount,
    /// It is one of version 0.1.0, or the line that has the account is lost.
    #[error(
        "it does not say to which account its rows were sent, as vambe 0.1.0 did not record it: give --same-account if it is \
         the account of this API key, or another --journal"
    )]
    NoAccount,
    /// Another file, or none, has its path now.
    #[error(
        "it was deleted or replaced while the run was using it: put it back and start the same command again; without it, all \
         rows are sent again"
    )]
    Moved,
    /// A line is whole, but says what this version does not know.
    #[error(
        "line {line} is none that this vambe writes, and was left as it is: go on with the vambe that wrote it, or give \
         another --journal"
    )]
    UnknownRecord {
        /// Which line, from 1.
        line: u64,
    },
    /// The disk is full, or what the user may use of it.
    #[error("the disk is full: free some space and start the same command again: it goes on where it stopped")]
    Full(#[source] io::Error),
    /// The user may not have files as large as that.
    #[error(
        "it may not become larger: raise the limit on the size of files (`ulimit -f`) and start the same command again: it goes \
         on where it stopped"
    )]
    TooLarge(#[source] io::Error),
    /// A row number that the input does not have.
    #[error("row {row} is not one of the {rows} rows of the input; this is a fault of vambe: report it")]
    NoSuchRow {
        /// The number.
        row: u64,
        /// How many rows there are.
        rows: u64,
    },
    /// The line of a row could not be read again.
    #[error("row {row} is too long for the journal: shorten it")]
    TooLong {
        /// Which row.
        row: u64,
    },
    /// Anything else that the system says.
    #[error("it cannot be {action}: see to the disk and start the same command again: it goes on where it stopped")]
    Io {
        /// What failed, as a participle.
        action: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// An earlier write failed.
    #[error("an earlier write to it failed: start the same command again: it goes on where it stopped")]
    Poisoned,
    /// The thread that writes it is gone.
    #[error("the thread that writes it ended early: start the same command again: it goes on where it stopped")]
    Thread(#[source] tokio::task::JoinError),
}

/// Makes an error of what the system says; `action` is what failed, as a participle.
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

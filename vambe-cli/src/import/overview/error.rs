//! The errors of commands that read a journal.

use std::path::PathBuf;

use crate::import::journal::JournalError;

/// An error of a command that reads a journal.
#[derive(Debug, thiserror::Error)]
pub(in crate::import) enum OverviewError {
    #[error(
        "`{}` is not a journal, and its journal `{}` does not exist: import the file first, or name the file of --journal",
        file.display(), journal.display()
    )]
    NoJournal { file: PathBuf, journal: PathBuf },
    #[error("the journal `{}` is empty: import the file first", journal.display())]
    Empty { journal: PathBuf },
    #[error("the journal `{}` is of a newer vambe (journal version {version}): use that one", journal.display())]
    Newer { journal: PathBuf, version: u64 },
    #[error("line {line} of the journal `{}` is unknown to this version of vambe: use the one that wrote it", journal.display())]
    UnknownRecord { journal: PathBuf, line: u64 },
    #[error("the first line of the journal `{}` is damaged, so its import is unknown: import the file again", journal.display())]
    DamagedHeader { journal: PathBuf },
    #[error("cannot read the journal `{}`", journal.display())]
    Read { journal: PathBuf, source: JournalError },
}

impl OverviewError {
    /// Adds the path of the journal to an error.
    pub(super) fn new(journal: PathBuf, error: JournalError) -> Self {
        match error {
            JournalError::Newer { version } => Self::Newer { journal, version },
            JournalError::UnknownRecord { line } => Self::UnknownRecord { journal, line },
            JournalError::DamagedHeader | JournalError::NotAJournal => Self::DamagedHeader { journal },
            source => Self::Read { journal, source },
        }
    }
}

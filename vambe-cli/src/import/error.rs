//! The errors that keep an import from starting or stop it early.

use std::{io, path::PathBuf};

use super::{input::InputError, journal::JournalError, row_writer::RowWriteError, session::SessionError};
use crate::{client::ClientError, exit::Exit, numbers::plural, pairs::PairError};

/// An error that keeps an import from starting or stops it early.
#[derive(Debug, thiserror::Error)]
pub(super) enum ImportError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("cannot use --set")]
    Set(#[source] PairError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("the {what} would overwrite the {other} `{}`: give another path", path.display())]
    SameFile { what: &'static str, other: &'static str, path: PathBuf },
    #[error("cannot use the journal `{}`", path.display())]
    Journal { path: PathBuf, source: JournalError },
    #[error("cannot start the async runtime: check the limit on open files (`ulimit -n`)")]
    Runtime(#[source] io::Error),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("the input was changed during the import: import the new version with another --journal")]
    InputChanged,
    #[error(
        "the input has grown during the import: nothing after its first {} was sent; import the added rows from a file of \
         their own, or the whole file with another --journal",
        plural(*rows, "row")
    )]
    InputGrown { rows: u64 },
    #[error("cannot read the rejected or unknown rows from the journal")]
    KeptRows(#[source] JournalError),
    #[error(transparent)]
    RowWrite(#[from] RowWriteError),
    /// Already reported.
    #[error("cannot write to the standard output")]
    Output(Exit),
}

impl ImportError {
    pub(super) fn exit(&self) -> Exit {
        match self {
            // Running the same command again can succeed.
            Self::Journal {
                source:
                    JournalError::Locked | JournalError::Full(_) | JournalError::TooLarge(_) | JournalError::Io { .. },
                ..
            } => Exit::Unfinished,
            Self::Input(_)
            | Self::Set(_)
            | Self::Client(_)
            | Self::SameFile { .. }
            | Self::Journal { .. }
            | Self::Runtime(_) => Exit::Unusable,
            Self::Session(_) | Self::InputChanged | Self::InputGrown { .. } | Self::KeptRows(_) | Self::RowWrite(_) => {
                Exit::Unfinished
            }
            Self::Output(exit) => *exit,
        }
    }
}

impl From<Exit> for ImportError {
    fn from(exit: Exit) -> Self {
        Self::Output(exit)
    }
}

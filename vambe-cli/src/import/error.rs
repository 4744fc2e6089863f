//! Why an import was not begun, or has ended before its end.

use std::{io, path::PathBuf};

use super::{failed::FailedError, input::InputError, journal::JournalError, progress::plural, session::SessionError};
use crate::{client::ClientError, exit::Exit};

/// Why an import was not begun, or has ended before its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum ImportError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("the {what} would be written over the input `{}`: give another path", path.display())]
    OverInput { what: &'static str, path: PathBuf },
    #[error("the {what} rows would be written over the journal `{}`: give another path", path.display())]
    OverJournal { what: &'static str, path: PathBuf },
    #[error("the unknown rows would be written over the failed rows `{}`: give another path", path.display())]
    OverFailed { path: PathBuf },
    #[error("the journal `{}` cannot be used", path.display())]
    Journal { path: PathBuf, source: JournalError },
    #[error("the network cannot be waited for: look for a limit on open files")]
    Runtime(#[source] io::Error),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("the input was changed while it was imported: import it as it is now, with another --journal")]
    InputChanged,
    #[error(
        "the input has grown while it was imported: nothing after its first {} was sent; import what was added from a file \
         of its own, or the whole file with another --journal",
        plural(*rows, "row")
    )]
    InputGrown { rows: u64 },
    #[error("the rejected or unknown rows cannot be read from the journal")]
    Rejected(#[source] JournalError),
    #[error(transparent)]
    Failed(#[from] FailedError),
    /// It was told already.
    #[error("the standard output cannot be written")]
    Output(Exit),
}

impl ImportError {
    pub(super) fn exit(&self) -> Exit {
        match self {
            // Another run is at work on it; this one can be started again.
            Self::Journal {
                source:
                    JournalError::Locked | JournalError::Full(_) | JournalError::TooLarge(_) | JournalError::Io { .. },
                ..
            } => Exit::Unfinished,
            Self::Input(_)
            | Self::Client(_)
            | Self::OverInput { .. }
            | Self::OverJournal { .. }
            | Self::OverFailed { .. }
            | Self::Journal { .. }
            | Self::Runtime(_) => Exit::Unusable,
            Self::Session(_) | Self::InputChanged | Self::InputGrown { .. } | Self::Rejected(_) | Self::Failed(_) => {
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

//! The exit codes, which scripts rely on.

use std::{fmt::Write as _, process::ExitCode};

/// The end of a command. Higher codes are not worse; a code never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was applied.
    Done = 0,
    /// The server rejected some or all of it. Retrying will not help.
    Rejected = 1,
    /// Nothing was started, since an argument, a file or the environment is invalid. Equal to clap's code for usage errors.
    Unusable = 2,
    /// Some of it was not sent, or may or may not have been applied. Run the same command again.
    Unfinished = 3,
    /// The server rejects the API key.
    KeyRefused = 4,
}

impl Exit {
    const ALL: [Self; 5] = [Self::Done, Self::Rejected, Self::Unusable, Self::Unfinished, Self::KeyRefused];

    /// Returns the meaning of the code, for the help and the manual.
    fn meaning(self) -> &'static str {
        match self {
            Self::Done => "everything was applied",
            Self::Rejected => "some rows were rejected; retrying will not help",
            Self::Unusable => "the command line, the input or a file is invalid, or there is no API key",
            Self::Unfinished => "incomplete: stopped early, or some outcomes are unknown; run the same command again",
            Self::KeyRefused => "the server rejected the API key",
        }
    }

    /// Returns all codes with their meanings.
    pub(crate) fn table() -> impl Iterator<Item = (u8, &'static str)> {
        Self::ALL.into_iter().map(|exit| (exit.code(), exit.meaning()))
    }

    /// Returns the end of `--help`.
    pub(crate) fn help() -> String {
        let mut help = String::from("Exit codes:");
        for (code, meaning) in Self::table() {
            // Writing to a `String` cannot fail.
            let _ = write!(help, "\n  {code}  {meaning}");
        }
        help
    }

    /// Returns the exit code as a number.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

//! The exit codes, which scripts rely on.

use std::{fmt::Write as _, process::ExitCode};

/// How a command ended. Higher codes do not mean worse ends; a code never gets another meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All that was asked for was done.
    Done = 0,
    /// The server has answered, and refused some or all of it. The same command would be refused again.
    Rejected = 1,
    /// Nothing was begun, since something that was given cannot be used. Clap's code for a bad command line is the same.
    Unusable = 2,
    /// Some of it was not sent, or it is not known whether it was applied. The same command may be run again.
    Unfinished = 3,
    /// The server does not take the API key.
    KeyRefused = 4,
}

impl Exit {
    const ALL: [Self; 5] = [Self::Done, Self::Rejected, Self::Unusable, Self::Unfinished, Self::KeyRefused];

    /// What the code means, in the words of the help and the manual.
    fn meaning(self) -> &'static str {
        match self {
            Self::Done => "everything was applied",
            Self::Rejected => "some rows were rejected; retrying will not help",
            Self::Unusable => "the command line, the input or a file cannot be used, or there is no API key",
            Self::Unfinished => "incomplete: stopped early, or some outcomes are unknown; run the same command again",
            Self::KeyRefused => "the server rejects the API key",
        }
    }

    /// All codes with their meanings, for the manual.
    pub(crate) fn table() -> impl Iterator<Item = (u8, &'static str)> {
        Self::ALL.into_iter().map(|exit| (exit.code(), exit.meaning()))
    }

    /// The end of `--help`.
    pub(crate) fn help() -> String {
        let mut help = String::from("Exit codes:");
        for (code, meaning) in Self::table() {
            // Writing to a `String` cannot fail.
            let _ = write!(help, "\n  {code}  {meaning}");
        }
        help
    }

    /// The number.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

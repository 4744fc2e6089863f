//! Runs other programs; also helpers that all commands share.

use std::{io, path::Path, process::Command};

/// An error of a step of a command.
#[derive(Debug)]
pub(crate) enum Error {
    /// The program could not be started.
    Start { command: String, source: io::Error },
    /// The program failed and has printed the reason.
    Failed { command: String },
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Start { command, source } => write!(f, "could not start `{command}`: {source}"),
            Self::Failed { command } => write!(f, "`{command}` failed, see above"),
        }
    }
}

impl std::error::Error for Error {}

/// Runs cargo, the one that runs this program, in the root of the workspace.
pub(crate) fn cargo(root: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), Error> {
    let mut program = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let command = format!("cargo {}", arguments.join(" "));
    let status = program
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(root)
        .status()
        .map_err(|source| Error::Start { command: command.clone(), source })?;
    if status.success() { Ok(()) } else { Err(Error::Failed { command }) }
}

/// Turns a broken pipe into success: a reader that closes the pipe is not a failure.
pub(crate) fn ignore_broken_pipe(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

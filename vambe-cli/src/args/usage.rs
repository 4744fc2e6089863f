//! What is said to a command line that is none, and to `--help` and `--version`.

use clap::{
    Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{exit::Exit, output};

/// Why an API key is not taken from the command line.
#[derive(Debug, thiserror::Error)]
#[error(
    "the API key cannot be an argument: arguments stay in the shell's history, and others on this machine can see them"
)]
struct KeyAsArgument;

/// Prints what clap has to say, and gives the exit code.
pub(super) fn explain(mut error: Error) -> Exit {
    if is_api_key(&error) {
        let help =
            "put it into VAMBE_API_KEY, or into a file for --api-key-file; if this one is real, ask for a new one";
        output::report(&KeyAsArgument, Some(help));
        return Exit::Unusable;
    }
    hide_what_may_be_private(&mut error);
    let is_asked_for = !error.use_stderr();
    match error.print() {
        result if is_asked_for => output::printed(result).err().unwrap_or(Exit::Done),
        // If even the standard error cannot be written, only the exit code is left to tell.
        _ => Exit::Unusable,
    }
}

/// Whether somebody has tried to give the key. Clap stops at the first option that it does not know, so that what follows
/// it cannot be in the error.
fn is_api_key(error: &Error) -> bool {
    let name = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    error.kind() == ErrorKind::UnknownArgument
        && matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(arg))
            if arg.starts_with("--") && arg.split('=').next().is_some_and(|arg| name(arg) == "apikey"))
}

/// Clap repeats an argument that it does not expect, which may be a pair or a number at the wrong place. A misspelt command
/// or option has letters and hyphens alone.
fn hide_what_may_be_private(error: &mut Error) {
    for kind in [ContextKind::InvalidArg, ContextKind::InvalidSubcommand] {
        let is_unexpected = matches!(error.kind(), ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand);
        if let Some(ContextValue::String(arg)) = error.get(kind)
            && is_unexpected
            && !arg.chars().all(|c| c.is_ascii_alphabetic() || c == '-')
        {
            error.insert(kind, ContextValue::String("[redacted]".to_owned()));
            // It would repeat it.
            error.remove(ContextKind::Suggested);
        }
    }
}

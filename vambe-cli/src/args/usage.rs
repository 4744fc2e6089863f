//! Prints usage errors, `--help` and `--version`.

use clap::{
    Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{exit::Exit, output};

/// An API key was given on the command line.
#[derive(Debug, thiserror::Error)]
#[error(
    "the API key cannot be an argument: arguments stay in the shell history, and other users of this machine can see them"
)]
struct KeyAsArgument;

/// Prints clap's message and returns the exit code.
pub(super) fn print(mut error: Error) -> Exit {
    if is_api_key(&error) {
        let help = "set VAMBE_API_KEY, or use --api-key-file; if this key is real, replace it with a new one";
        output::report(&KeyAsArgument, Some(help));
        return Exit::Unusable;
    }
    redact(&mut error);
    let is_requested = !error.use_stderr();
    match error.print() {
        result if is_requested => output::check(result).err().unwrap_or(Exit::Done),
        _ => Exit::Unusable,
    }
}

/// Returns true for `--api-key` and its spellings. Clap stops at the first unknown option, so the key itself is not in the
/// error.
fn is_api_key(error: &Error) -> bool {
    let name = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    error.kind() == ErrorKind::UnknownArgument
        && matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(arg))
            if arg.starts_with("--") && arg.split('=').next().is_some_and(|arg| name(arg) == "apikey"))
}

/// Redacts unexpected arguments, which clap repeats: one may be a misplaced pair or number. Misspelt commands and options
/// stay, since they have only letters and hyphens.
fn redact(error: &mut Error) {
    for kind in [ContextKind::InvalidArg, ContextKind::InvalidSubcommand] {
        let is_unexpected = matches!(error.kind(), ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand);
        if let Some(ContextValue::String(arg)) = error.get(kind)
            && is_unexpected
            && !arg.chars().all(|c| c.is_ascii_alphabetic() || c == '-')
        {
            error.insert(kind, ContextValue::String("[redacted]".to_owned()));
            // The suggestion may repeat the argument.
            error.remove(ContextKind::Suggested);
        }
    }
}

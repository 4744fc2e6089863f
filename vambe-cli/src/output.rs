//! Writing to the standard output and the standard error.
//!
//! Not by `println!`, which panics when nobody reads any more: `vambe completions bash | head -1` is no failure.

use std::{
    error::Error,
    fmt,
    io::{self, Write},
    iter,
};

use crate::exit::Exit;

/// The standard output could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to the standard output; check where it is redirected to")]
struct OutputError(#[source] io::Error);

/// Writes a result to the standard output. If that fails, says so and gives the exit code for it.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Exit> {
    let mut out = io::stdout().lock();
    printed(write(&mut out).and_then(|()| out.flush()))
}

/// The same for who has written to the standard output by other means.
pub(crate) fn printed(result: io::Result<()>) -> Result<(), Exit> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            report(&OutputError(error), None);
            Err(Exit::Unfinished)
        }
        _ => Ok(()),
    }
}

/// Tells of an error: one line for it and one for each of its causes, which say only their own part, and what to do next.
pub(crate) fn report(error: &dyn Error, help: Option<&str>) {
    let mut text = format!("error: {error}\n");
    for cause in causes(error) {
        text += &format!("caused by: {cause}\n");
    }
    if let Some(help) = help {
        text += &format!("help: {help}\n");
    }
    complain(&text);
}

/// Tells of how it goes.
pub(crate) fn note(message: fmt::Arguments<'_>) {
    complain(&format!("{message}\n"));
}

/// Tells of what may be wrong, and goes on.
pub(crate) fn warn(message: &str) {
    complain(&format!("warning: {message}\n"));
}

/// An error with its causes on one line, for JSON.
pub(crate) fn one_line(error: &dyn Error) -> String {
    causes(error).fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

fn causes(error: &dyn Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    iter::successors(error.source(), |&cause| cause.source())
}

/// If even the standard error cannot be written, only the exit code is left to tell.
fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

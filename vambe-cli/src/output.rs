//! Writes to the standard output and the standard error.
//!
//! `println!` would panic on a closed pipe, as in `vambe completions bash | head -1`.

use std::{
    error::Error,
    fmt,
    io::{self, Write},
    iter,
};

use crate::{exit::Exit, terminal};

/// The version of `vambe-cli/schema/events.json`, which each event has. It rises if a field changes its meaning or goes.
pub(crate) const SCHEMA: u32 = 1;

/// An error while writing to the standard output.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to the standard output; check where it is redirected to")]
struct OutputError(#[source] io::Error);

/// Writes a result to the standard output. On failure, reports it and returns the exit code.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Exit> {
    let mut out = io::stdout().lock();
    check(write(&mut out).and_then(|()| out.flush()))
}

/// Writes a text with colours to the standard output, as its terminal shows it. On failure, reports it and returns the exit code.
pub(crate) fn print_text(text: &str) -> Result<(), Exit> {
    print(|out| out.write_all(terminal::for_stdout(text).as_bytes()))
}

/// Checks the result of writing to the standard output: a closed pipe is no failure, any other error is reported.
pub(crate) fn check(result: io::Result<()>) -> Result<(), Exit> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            report(&OutputError(error), None);
            Err(Exit::Unfinished)
        }
        _ => Ok(()),
    }
}

/// Reports an error: a line for it, a line for each cause, and optionally what to do next.
pub(crate) fn report(error: &dyn Error, help: Option<&str>) {
    let mut text = format!("error: {error}\n");
    for cause in causes(error) {
        text += &format!("caused by: {cause}\n");
    }
    if let Some(help) = help {
        text += &format!("help: {help}\n");
    }
    write_stderr(&text);
}

/// Reports progress.
pub(crate) fn note(message: fmt::Arguments<'_>) {
    write_stderr(&format!("{message}\n"));
}

/// Reports a possible problem.
pub(crate) fn warn(message: &str) {
    write_stderr(&format!("warning: {message}\n"));
}

/// Formats an error with its causes on one line, for JSON.
pub(crate) fn one_line(error: &dyn Error) -> String {
    causes(error).fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

fn causes(error: &dyn Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    iter::successors(error.source(), |&cause| cause.source())
}

/// Writes a text as its terminal shows it. Ignores errors: without a standard error, only the exit code is left.
fn write_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(terminal::for_stderr(text).as_bytes());
}

//! One line per request on the standard error, without any value of the request.

use std::{
    io::{self, Write as _},
    iter,
    sync::mpsc::Receiver,
    thread,
    time::Duration,
};

use clap::builder::styling::{AnsiColor, Style};
use http::StatusCode;

use crate::server::{Observed, Observer, ReceivedRequest, identifier};

/// The pause after each write, and the most lines of one. Under load, waking the thread for every line would cost the server
/// half of its requests per second.
const PAUSE: Duration = Duration::from_millis(10);
const BATCH: usize = 1_000;

/// Starts the thread that writes the lines. A slow terminal then costs lines, but does not slow down the server.
pub(super) fn start() -> io::Result<Observer> {
    let (observer, requests) = Observer::new();
    thread::Builder::new().name("request-lines".to_owned()).spawn(move || write_lines(&requests))?;
    Ok(observer)
}

fn write_lines(requests: &Receiver<Observed>) {
    // Colours only if the standard error is a terminal and `NO_COLOR` does not forbid them.
    let mut out = anstream::stderr();
    while let Ok(first) = requests.recv() {
        let lines: String =
            iter::once(first).chain(requests.try_iter().take(BATCH)).map(|observed| text(&observed)).collect();
        // If the standard error is closed, the server works on.
        let _ = out.write_all(lines.as_bytes());
        thread::sleep(PAUSE);
    }
}

fn text(observed: &Observed) -> String {
    match observed.skipped {
        0 => line(observed),
        skipped => format!("({skipped} requests not shown: the output is too slow)\n{}", line(observed)),
    }
}

/// Returns the status, the time, the method, the path, the kind of identifier and the fault.
fn line(Observed { request, took, .. }: &Observed) -> String {
    let status = request.status();
    let shown = status.map_or_else(|| "none".to_owned(), |status| status.as_str().to_owned());
    let style = style(status);
    // The query is the caller's data. What is not ASCII could steer the terminal.
    let path = request.path().split('?').next().unwrap_or_default().escape_default();
    let mut line = format!("{style}{shown:<4}{style:#} {:>6} ms  {} {path}", took.as_millis(), request.method());
    if let Some(identifier) = identifier(request.body()) {
        line += "  ";
        line += identifier;
    }
    if let Some(fault) = request.fault() {
        line += &format!("  fault {fault}");
    }
    if let Some(surprise) = surprise(request) {
        line += &format!("  {surprise}");
    }
    line + "\n"
}

/// Says whether the update was applied if the status suggests the opposite.
fn surprise(request: &ReceivedRequest) -> Option<&'static str> {
    let success = request.status().is_some_and(|status| status.is_success());
    match (success, request.applied().is_some()) {
        (false, true) => Some("applied"),
        (true, false) => Some("not applied"),
        _ => None,
    }
}

fn style(status: Option<StatusCode>) -> Style {
    let color = match status {
        Some(status) if status.is_success() => AnsiColor::Green,
        Some(status) if status.is_client_error() || status.is_redirection() => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    };
    color.on_default()
}

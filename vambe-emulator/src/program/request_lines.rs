//! One line per request on the standard error, without any value of the request.

use std::{
    io::{self, Write as _},
    sync::mpsc::Receiver,
    thread,
};

use clap::builder::styling::{AnsiColor, Style};
use http::StatusCode;

use crate::server::{Observed, Observer, ReceivedRequest, identifier};

/// Starts the thread that writes the lines. A slow terminal then costs lines, but does not slow down the server.
pub(super) fn start() -> io::Result<Observer> {
    let (observer, requests) = Observer::new();
    thread::Builder::new().name("request-lines".to_owned()).spawn(move || write_lines(&requests))?;
    Ok(observer)
}

fn write_lines(requests: &Receiver<Observed>) {
    // Colours only if the standard error is a terminal and `NO_COLOR` does not forbid them.
    let mut out = anstream::stderr();
    for observed in requests {
        let mut text = line(&observed);
        if observed.skipped > 0 {
            text.insert_str(0, &format!("({} requests not shown: the output is too slow)\n", observed.skipped));
        }
        // If the standard error is closed, the server works on.
        let _ = out.write_all(text.as_bytes());
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

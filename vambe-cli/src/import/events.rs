//! `--format json`: one JSON object a line on the standard output, each with an `event`.

use std::{
    io::{self, Write as _},
    path::Path,
};

use serde::Serialize;
use vambe_api::bulk::Wait;

use super::{
    files::Written,
    input::{Fault, Faults},
    journal::{Outcome, Record, Tally},
    report::RowPosition,
    status::Snapshot,
};

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event<'a> {
    /// The outcome of a row that was not applied.
    Row { row: u64, line: Option<u64>, outcome: Outcome, attempts: u32, status: Option<u16>, reason: Option<&'a str> },
    /// A problem in a row.
    Fault {
        row: u64,
        line: u64,
        column: u64,
        /// The name of the cell in a sheet.
        #[serde(skip_serializing_if = "Option::is_none")]
        cell: Option<&'a str>,
        reason: &'a str,
    },
    Progress {
        rows: u64,
        done: u64,
        #[serde(flatten)]
        tally: &'a Tally,
        retried: u64,
        in_flight: usize,
        rows_per_second: Option<f64>,
        seconds_left: Option<u64>,
        waiting_for: Option<&'static str>,
        waiting_seconds: Option<u64>,
        /// The reason why the last attempt failed, unless the row was the reason.
        cause: Option<&'a str>,
    },
    /// The last event.
    Summary {
        end: &'a str,
        cause: Option<&'a str>,
        rows: u64,
        #[serde(flatten)]
        tally: &'a Tally,
        reasons: Vec<Reason<'a>>,
        /// At most 100; the file has all of them.
        unknown_rows: &'a [RowPosition],
        journal: Option<String>,
        failed: Option<String>,
        unknown_file: Option<String>,
    },
}

#[derive(Serialize)]
struct Reason<'a> {
    outcome: Outcome,
    status: Option<u16>,
    reason: &'a str,
    rows: u64,
}

/// Prints the outcome of a row, unless it was applied.
pub(super) fn row(record: &Record) {
    let Record { row, line, outcome, attempts, status, ref reason, .. } = *record;
    if outcome != Outcome::Applied {
        print(&Event::Row { row, line, outcome, attempts, status, reason: reason.as_deref() });
    }
}

/// Prints the faults of a row.
pub(super) fn faults(row: u64, faults: &Faults) {
    for Fault { line, column, cell, reason } in faults.iter() {
        print(&Event::Fault { row, line: *line, column: *column, cell: cell.as_deref(), reason });
    }
}

/// Prints the progress.
pub(super) fn progress(snapshot: &Snapshot) {
    print(&Event::Progress {
        rows: snapshot.rows,
        done: snapshot.done,
        tally: &snapshot.tally,
        retried: snapshot.retried,
        in_flight: snapshot.in_flight,
        rows_per_second: snapshot.pace,
        seconds_left: snapshot.left.map(|left| left.as_secs()),
        waiting_for: snapshot.wait.map(|(_, why)| match why {
            Wait::RateLimit => "rate_limit",
            Wait::Concurrency => "concurrency",
            Wait::SharedLimit => "shared_limit",
            Wait::Server => "server",
            Wait::Outage => "outage",
            _ => "other",
        }),
        waiting_seconds: snapshot.wait.and_then(|(time, _)| time).map(|time| time.as_secs()),
        cause: snapshot.cause.as_deref(),
    });
}

/// The end of an import or a check.
pub(super) struct End<'a> {
    pub(super) end: &'a str,
    /// The reason why the last attempt failed, if that ended the run.
    pub(super) cause: Option<&'a str>,
    pub(super) rows: u64,
    pub(super) tally: &'a Tally,
}

/// Prints the last event.
pub(super) fn summary(end: &End<'_>, journal: Option<&Path>, files: &Written) {
    let End { end, cause, rows, tally } = *end;
    let reasons = tally.reasons().map(|((outcome, status, reason), rows)| Reason {
        outcome: *outcome,
        status: *status,
        reason,
        rows,
    });
    print(&Event::Summary {
        end,
        cause,
        rows,
        tally,
        reasons: reasons.collect(),
        unknown_rows: &files.unknown_rows,
        journal: journal.map(|path| path.display().to_string()),
        failed: files.failed.as_ref().map(|path| path.display().to_string()),
        unknown_file: files.unknown.as_ref().map(|path| path.display().to_string()),
    });
}

/// Ignores write errors: a closed pipe must not stop an import, whose journal and exit code have the result.
fn print(event: &Event<'_>) {
    let mut out = io::stdout().lock();
    if serde_json::to_writer(&mut out, event).is_ok() {
        let _ = out.write_all(b"\n").and_then(|()| out.flush());
    }
}

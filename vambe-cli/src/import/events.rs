//! `--format json`: one JSON object a line on the standard output, each with a `schema` and an `event`.
//!
//! `vambe-cli/schema/events.json` is their JSON Schema.

use std::{
    io::{self, Write},
    path::Path,
};

use jiff::Timestamp;
use serde::Serialize;
use vambe_api::bulk::Wait;

use super::{
    check::NationalNumbers,
    files::Written,
    input::{Fault, Faults},
    journal::{Activity, Example, KeptRow, Outcome, Record, Tally},
    overview::View,
    report::RowPosition,
    status::{Snapshot, Speed},
};
use crate::output::SCHEMA;

#[derive(Serialize)]
struct Versioned<'a> {
    schema: u32,
    #[serde(flatten)]
    event: &'a Event<'a>,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Event<'a> {
    /// The outcome of a row. Of a status, without the number of attempts.
    Row {
        row: u64,
        line: Option<u64>,
        outcome: Outcome,
        attempts: Option<u32>,
        status: Option<u16>,
        reason: Option<&'a str>,
    },
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
    /// The last event of an import.
    Summary {
        end: &'a str,
        cause: Option<&'a str>,
        rows: u64,
        #[serde(flatten)]
        tally: &'a Tally,
        retried: u64,
        seconds: Option<f64>,
        rows_per_second: Option<f64>,
        reasons: Vec<Reason<'a>>,
        /// Only of a check.
        #[serde(skip_serializing_if = "Option::is_none")]
        national_numbers: Option<Vec<ReadAs>>,
        /// At most 100; the file has all of them.
        unknown_rows: &'a [RowPosition],
        journal: Option<String>,
        failed: Option<String>,
        unknown_file: Option<String>,
    },
    /// The state of an import, from its journal.
    Status {
        state: &'static str,
        rows: u64,
        #[serde(flatten)]
        tally: &'a Tally,
        retried: u64,
        seconds: f64,
        rows_per_second: Option<f64>,
        seconds_left: Option<u64>,
        reasons: Vec<Reason<'a>>,
        runs: u64,
        started: Timestamp,
        run_started: Option<Timestamp>,
        run_ended: Option<Timestamp>,
        last_moved: Timestamp,
        server: &'a str,
        key_fingerprint: Option<&'a str>,
        journal: String,
        damaged_lines: u64,
    },
}

#[derive(Serialize)]
pub(super) struct Reason<'a> {
    outcome: Outcome,
    status: Option<u16>,
    reason: &'a str,
    rows: u64,
    /// Only of a status.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    examples: Vec<RowPosition>,
}

/// The rows whose contact number has no `+`, by the country that it was read as one of.
#[derive(Serialize)]
pub(super) struct ReadAs {
    country: Option<String>,
    rows: u64,
}

/// Prints the outcome of a row.
pub(super) fn row(record: &Record) {
    let Record { row, line, outcome, attempts, status, ref reason, .. } = *record;
    print(&Event::Row { row, line, outcome, attempts: Some(attempts), status, reason: reason.as_deref() });
}

/// Creates the event of a rejected or unknown row of a journal.
pub(super) fn kept_row(outcome: Outcome, row: &KeptRow) -> Event<'_> {
    let KeptRow { row, line, status, ref reason, .. } = *row;
    Event::Row { row, line, outcome, attempts: None, status, reason: Some(reason) }
}

/// Prints the faults of a row.
pub(super) fn faults(row: u64, faults: &Faults) {
    for Fault { line, column, cell, reason } in faults.iter() {
        print(&Event::Fault { row, line: *line, column: *column, cell: cell.as_deref(), reason });
    }
}

/// Prints the progress.
pub(super) fn progress(snapshot: &Snapshot) {
    let mut tally = snapshot.tally.clone();
    // As everywhere, the counts add up to all rows.
    tally.not_sent = 0;
    tally.not_sent = snapshot.rows.saturating_sub(tally.rows());
    print(&Event::Progress {
        rows: snapshot.rows,
        done: snapshot.done,
        tally: &tally,
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
    /// The speed of a run; `None` for a check.
    pub(super) speed: Option<Speed>,
    /// The numbers without `+` of a check; `None` for a run, which does not count them.
    pub(super) national: Option<&'a NationalNumbers>,
}

/// Prints the last event.
pub(super) fn summary(end: &End<'_>, journal: Option<&Path>, files: &Written) {
    let End { end, cause, rows, tally, speed, national } = *end;
    let reasons = tally.reasons().map(|((outcome, status, reason), rows)| Reason {
        outcome: *outcome,
        status: *status,
        reason,
        rows,
        examples: Vec::new(),
    });
    print(&Event::Summary {
        end,
        cause,
        rows,
        tally,
        retried: speed.map_or(0, |speed| speed.retried),
        seconds: speed.map(|speed| speed.elapsed.as_secs_f64()),
        rows_per_second: speed.and_then(|speed| speed.pace),
        reasons: reasons.collect(),
        national_numbers: national.map(|numbers| {
            let read_as = numbers.iter().map(|(code, rows)| (code.map(|code| code.to_string()), *rows));
            read_as.map(|(country, rows)| ReadAs { country, rows }).collect()
        }),
        unknown_rows: &files.unknown_rows,
        journal: journal.map(|path| path.display().to_string()),
        failed: files.failed.as_ref().map(|path| path.display().to_string()),
        unknown_file: files.unknown.as_ref().map(|path| path.display().to_string()),
    });
}

/// Creates the event of a state.
pub(super) fn status(view: &View) -> Event<'_> {
    let reasons = view.reasons.iter().map(|reason| Reason {
        outcome: reason.outcome,
        status: reason.status,
        reason: &reason.reason,
        rows: reason.rows,
        examples: reason.examples.iter().map(|&Example { row, line, .. }| RowPosition { row, line }).collect(),
    });
    Event::Status {
        state: match view.activity {
            Activity::Running => "running",
            Activity::Ended => "ended",
            Activity::Killed => "killed",
            Activity::RunningOrKilled => "running_or_killed",
            Activity::NotStarted => "not_started",
        },
        rows: view.rows,
        tally: &view.tally,
        retried: view.retried,
        seconds: view.elapsed.as_secs_f64(),
        rows_per_second: view.pace,
        seconds_left: view.left.map(|left| left.as_secs()),
        reasons: reasons.collect(),
        runs: view.runs,
        started: view.started,
        run_started: view.run_started,
        run_ended: view.run_ended,
        last_moved: view.last_moved,
        server: &view.server,
        key_fingerprint: view.key.as_deref(),
        journal: view.journal.display().to_string(),
        damaged_lines: view.lost_lines,
    }
}

/// Writes an event as a line.
pub(super) fn write(out: &mut dyn Write, event: &Event<'_>) -> io::Result<()> {
    let mut line = serde_json::to_vec(&Versioned { schema: SCHEMA, event })?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

/// Ignores write errors: a closed pipe must not stop an import, whose journal and exit code have the result.
fn print(event: &Event<'_>) {
    let _ = write(&mut io::stdout().lock(), event);
}

//! `--format json`: an object on each line of the standard output, each with its `event`.

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
    report::Place,
    status::Snapshot,
};

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event<'a> {
    /// A row that was not applied.
    Row { row: u64, line: Option<u64>, outcome: Outcome, attempts: u32, status: Option<u16>, reason: Option<&'a str> },
    /// Something that is wrong with a row.
    Fault { row: u64, line: u64, column: u64, reason: &'a str },
    Progress {
        rows: u64,
        done: u64,
        applied: u64,
        rejected: u64,
        not_sent: u64,
        unknown: u64,
        settled: u64,
        superseded: u64,
        retried: u64,
        in_flight: usize,
        rows_per_second: Option<f64>,
        seconds_left: Option<u64>,
        waiting_for: Option<&'static str>,
        waiting_seconds: Option<u64>,
        /// Why the last attempt failed, if that was not about its row.
        cause: Option<&'a str>,
    },
    /// The last one.
    Summary {
        end: &'a str,
        cause: Option<&'a str>,
        rows: u64,
        applied: u64,
        rejected: u64,
        not_sent: u64,
        unknown: u64,
        settled: u64,
        superseded: u64,
        reasons: Vec<Reason<'a>>,
        /// At most a hundred; all of them are in their file.
        unknown_rows: &'a [Place],
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

/// Tells of a row, unless it was applied.
pub(super) fn row(record: &Record) {
    let Record { row, line, outcome, attempts, status, ref reason, .. } = *record;
    if outcome != Outcome::Applied {
        print(&Event::Row { row, line, outcome, attempts, status, reason: reason.as_deref() });
    }
}

/// Tells what is wrong with a row.
pub(super) fn faults(row: u64, faults: &Faults) {
    for Fault { line, column, reason } in faults.iter() {
        print(&Event::Fault { row, line: *line, column: *column, reason });
    }
}

pub(super) fn progress(snapshot: &Snapshot) {
    let Snapshot { rows, done, applied, rejected, not_sent, unknown, settled, superseded, retried, in_flight, .. } =
        *snapshot;
    print(&Event::Progress {
        rows,
        done,
        applied,
        rejected,
        not_sent,
        unknown,
        settled,
        superseded,
        retried,
        in_flight,
        rows_per_second: snapshot.pace,
        seconds_left: snapshot.left.map(|left| left.as_secs()),
        waiting_for: snapshot.wait.map(|(_, why)| match why {
            Wait::RateLimit => "rate_limit",
            Wait::Concurrency => "concurrency",
            Wait::Server => "server",
            Wait::Outage => "outage",
            _ => "other",
        }),
        waiting_seconds: snapshot.wait.and_then(|(time, _)| time).map(|time| time.as_secs()),
        cause: snapshot.cause.as_deref(),
    });
}

/// How an import or a check ended.
pub(super) struct End<'a> {
    pub(super) end: &'a str,
    /// Why the last attempt failed, if that is why the run ended.
    pub(super) cause: Option<&'a str>,
    pub(super) rows: u64,
    /// Of all rows.
    pub(super) tally: &'a Tally,
}

/// The last event.
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
        applied: tally.applied,
        rejected: tally.rejected,
        not_sent: tally.not_sent,
        unknown: tally.unknown,
        settled: tally.settled,
        superseded: tally.superseded,
        reasons: reasons.collect(),
        unknown_rows: &files.unknown_rows,
        journal: journal.map(|path| path.display().to_string()),
        failed: files.failed.as_ref().map(|path| path.display().to_string()),
        unknown_file: files.unknown.as_ref().map(|path| path.display().to_string()),
    });
}

/// That nobody reads any more does not stop an import; its journal and its exit code tell the rest.
fn print(event: &Event<'_>) {
    let mut out = io::stdout().lock();
    if serde_json::to_writer(&mut out, event).is_ok() {
        let _ = out.write_all(b"\n").and_then(|()| out.flush());
    }
}

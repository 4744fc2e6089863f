//! The state of an import as text.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::{View, view::between};
use crate::{
    import::{
        journal::{Activity, ReasonRows},
        progress::format,
        report,
    },
    numbers::{count, plural},
};

/// Returns the state of an import as several lines.
pub(super) fn of(view: &View) -> String {
    let mut text = format!("{}\n{}\n", activity(view), line(view));
    for reason in &view.reasons {
        let width = view.reasons.iter().map(|reason| count(reason.rows).len()).max().unwrap_or_default();
        let ReasonRows { outcome, status, reason: why, rows, .. } = reason;
        let row = report::table_row(width, *outcome, *status, why, *rows);
        // Writing to a `String` cannot fail.
        let lines = Some(lines(reason)).filter(|lines| !lines.is_empty());
        let _ = writeln!(text, "{row}{}", lines.map(|lines| format!(" ({lines})")).unwrap_or_default());
    }
    if view.lost_lines > 0 {
        let lines = plural(view.lost_lines, "line");
        let _ = writeln!(text, "the journal is damaged in {lines}: the next run sends the rows of these lines again");
    }
    let _ = writeln!(text, "started: {}{}", minute(view.started), runs(view));
    let _ = writeln!(text, "server: {}", view.server);
    if let Some(key) = &view.key {
        let _ = writeln!(text, "API key: fingerprint {key}");
    }
    let _ = writeln!(text, "journal: {}", view.journal.display());
    text
}

/// Returns the counts and the speed on one line.
pub(super) fn line(view: &View) -> String {
    let of = format!("{} of {}", count(view.done()), plural(view.rows, "row"));
    let pace = view.pace.map(|pace| format!(", {}", format::pace(pace))).unwrap_or_default();
    let left = view.left.map(|left| format!(", {} left", format::duration(left))).unwrap_or_default();
    let counts = report::counts(&view.tally);
    format!("{of} ({}){pace}{left}: {counts}", format::percent(view.done(), view.rows))
}

/// Describes the activity of the last run.
pub(super) fn activity(view: &View) -> String {
    let elapsed = format::duration(view.elapsed);
    let moved = format!("last moved {} ago", format::duration(between(view.last_moved, view.now)));
    match view.activity {
        Activity::Running => format!("running for {elapsed}, {moved}"),
        Activity::Ended => format!("ended {} after {elapsed}", view.run_ended.map(minute).unwrap_or_default()),
        Activity::Killed => format!("stopped without an end after {elapsed}, {moved}: run the import again to resume"),
        Activity::RunningOrKilled => format!("running, or stopped without an end, {moved}"),
        Activity::NotStarted => "no run has started".to_owned(),
    }
}

fn runs(view: &View) -> String {
    match view.run_started {
        Some(started) if view.runs > 1 => format!(", run {} {}", view.runs, minute(started)),
        _ => String::new(),
    }
}

/// Lists the lines of some rows, as `lines 3, 9 and 17 more`; empty if the journal has none. Without commas in the numbers, which are
/// to be typed into editors.
pub(in crate::import) fn lines(reason: &ReasonRows) -> String {
    let lines: Vec<_> =
        reason.examples.iter().filter_map(|example| example.line).map(|line| line.to_string()).collect();
    let more = match reason.rows.saturating_sub(lines.len() as u64) {
        0 => String::new(),
        more => format!(" and {} more", count(more)),
    };
    match lines.len() {
        0 => String::new(),
        1 => format!("line {}{more}", lines.concat()),
        _ => format!("lines {}{more}", lines.join(", ")),
    }
}

/// Formats a time to the minute.
pub(in crate::import) fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

//! The report at the end of an import, for people: counts, reasons and files.

use std::fmt;

use serde::Serialize;

use super::{
    files::Written,
    journal::{Outcome, Tally},
};
use crate::{
    numbers::{self, count, plural},
    terminal::Paint,
};

/// The maximum number of unknown rows to list; the file has all of them.
const NAMED: usize = 10;

/// The report on an import or a check.
pub(super) struct Report<'a> {
    pub(super) rows: u64,
    /// True for `--dry-run`: rows without an outcome are valid.
    pub(super) is_check: bool,
    pub(super) tally: &'a Tally,
    pub(super) files: &'a Written,
    /// The options that an import of the failed file needs, too.
    pub(super) options: &'a [&'static str],
}

/// The position of a row in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct RowPosition {
    pub(super) row: u64,
    /// The line on which it begins, if the journal has it.
    pub(super) line: Option<u64>,
}

impl fmt::Display for RowPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{} (line {line})", self.row),
            None => write!(f, "{}", self.row),
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, is_check, tally, files, options } = self;
        let counts = match is_check {
            true => list([
                (rows.saturating_sub(tally.rows()), "valid", Some(Paint::Good)),
                (tally.rejected, "invalid", Some(Paint::Bad)),
            ]),
            false => counts(tally),
        };
        writeln!(f, "{}: {counts}", plural(*rows, "row"))?;
        f.write_str(&table(tally))?;
        if let Some(failed) = &files.failed {
            let with = match options {
                [] => String::new(),
                options => format!(" with the same {}", options.join(", ")),
            };
            writeln!(f, "rejected rows, to fix and import again{with}: {}", failed.display())?;
        }
        if !files.unknown_rows.is_empty() {
            let named: Vec<_> = files.unknown_rows.iter().take(NAMED).map(ToString::to_string).collect();
            let more = tally.unknown.saturating_sub(named.len() as u64);
            let more = if more > 0 { format!(" and {} more", count(more)) } else { String::new() };
            writeln!(f, "unknown rows: {}{more}", named.join(", "))?;
        }
        if let Some(unknown) = &files.unknown {
            writeln!(f, "unknown rows with their reasons: {}", unknown.display())?;
        }
        Ok(())
    }
}

/// Lists the counts of rows, coloured; only the applied ones if there are none.
pub(super) fn counts(tally: &Tally) -> String {
    list([
        (tally.applied, "applied", Some(Paint::Good)),
        (tally.rejected, "rejected", Some(Paint::Bad)),
        (tally.not_sent, "not sent", None),
        (tally.unknown, "unknown", Some(Paint::Doubtful)),
        (tally.settled, "settled", None),
        (tally.superseded, "superseded", None),
    ])
}

/// Lists the first count, and the others unless they are zero. A zero has no colour.
fn list<const N: usize>(counts: [(u64, &str, Option<Paint>); N]) -> String {
    let shown = counts.into_iter().enumerate().filter(|(index, (number, ..))| *index == 0 || *number > 0);
    let shown = shown.map(|(_, (number, what, paint))| numbers::painted(number, what, paint));
    shown.collect::<Vec<_>>().join(", ")
}

/// Returns the line of a reason. `width` is that of the largest number of rows.
///
/// The reason is escaped, since it may be the server's message.
pub(super) fn table_row(width: usize, outcome: Outcome, status: Option<u16>, reason: &str, rows: u64) -> String {
    let status = status.map_or_else(|| "-".to_owned(), |status| status.to_string());
    format!("  {:>width$}  {:<8}  {status:>3}  {}", count(rows), outcome.as_str(), reason.escape_debug())
}

/// Returns a line for each reason, the most frequent first.
fn table(tally: &Tally) -> String {
    let mut lines: Vec<_> = tally.reasons().collect();
    lines.sort_by(|(a, many), (b, more)| more.cmp(many).then_with(|| a.cmp(b)));
    let width = lines.iter().map(|(_, rows)| count(*rows).len()).max().unwrap_or_default();
    let rows = lines.iter().map(|((outcome, status, reason), rows)| table_row(width, *outcome, *status, reason, *rows));
    rows.map(|row| row + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::journal::Record;

    #[test]
    fn lists_frequent_reasons_first_and_unknown_rows() {
        let mut tally = Tally::default();
        let mut add = |number: u64, outcome, status, reason: Option<&str>| {
            for row in 0..number {
                let reason = reason.map(str::to_owned);
                tally.add(&Record { status, reason, ..Record::new(row, outcome) });
            }
        };
        add(1_234, Outcome::Applied, None, None);
        add(2, Outcome::Rejected, Some(404), Some("Contact not found"));
        add(11, Outcome::Rejected, None, Some("a \u{1b}[31m cell"));
        add(1, Outcome::Unknown, Some(503), Some("down"));
        tally.add_rows(752, Outcome::NotSent, "the run ended");
        let files = Written {
            failed: Some("orders.failed.csv".into()),
            unknown: Some("orders.unknown.csv".into()),
            unknown_rows: vec![RowPosition { row: 7, line: Some(8) }],
        };
        let report = Report { rows: 2_000, is_check: false, tally: &tally, files: &files, options: &[] };
        assert_eq!(
            crate::terminal::without_colours(&report.to_string()),
            "2,000 rows: 1,234 applied, 13 rejected, 752 not sent, 1 unknown
  752  not sent    -  the run ended
   11  rejected    -  a \\u{1b}[31m cell
    2  rejected  404  Contact not found
    1  unknown   503  down
rejected rows, to fix and import again: orders.failed.csv
unknown rows: 7 (line 8)
unknown rows with their reasons: orders.unknown.csv
"
        );
        let mut tally = Tally::default();
        tally.add_rows(30, Outcome::Unknown, "down");
        let unknown_rows = (1..=30).map(|row| RowPosition { row, line: None }).collect();
        let files = Written { unknown_rows, ..Written::default() };
        let report = Report { rows: 30, is_check: false, tally: &tally, files: &files, options: &[] };
        assert!(
            report.to_string().ends_with("\nunknown rows: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 20 more\n"),
            "{report}"
        );
    }
}

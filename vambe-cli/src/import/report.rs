//! The end of an import, for people: how many rows became what, and why.

use std::fmt::{self, Write as _};

use serde::Serialize;

use super::{
    files::Written,
    journal::{Outcome, Tally},
    progress::{count, plural},
};

/// The maximum number of unknown rows that are named to people; all of them are in their file.
const NAMED: usize = 10;

/// The end of an import, or of a check.
pub(super) struct Report<'a> {
    pub(super) rows: u64,
    /// Whether nothing was to be sent, so that rows without an outcome are valid.
    pub(super) is_check: bool,
    pub(super) tally: &'a Tally,
    pub(super) files: &'a Written,
}

/// Where a row is in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    pub(super) row: u64,
    /// On which line it begins, if the journal says so.
    pub(super) line: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{} (line {line})", self.row),
            None => write!(f, "{}", self.row),
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, is_check, tally, files } = self;
        let counts = match is_check {
            true => vec![(rows.saturating_sub(tally.rows()), "valid"), (tally.rejected, "invalid")],
            false => vec![
                (tally.applied, "applied"),
                (tally.rejected, "rejected"),
                (tally.not_sent, "not sent"),
                (tally.unknown, "unknown"),
                (tally.settled, "settled"),
                (tally.superseded, "superseded"),
            ],
        };
        write!(f, "{}: ", plural(*rows, "row"))?;
        let shown = counts.into_iter().enumerate().filter(|(index, (number, _))| *index == 0 || *number > 0);
        let shown = shown.map(|(_, (number, what))| format!("{} {what}", count(number)));
        f.write_str(&shown.collect::<Vec<_>>().join(", "))?;
        f.write_char('\n')?;
        f.write_str(&table(tally))?;
        if let Some(failed) = &files.failed {
            writeln!(f, "rejected rows, to be fixed and imported: {}", failed.display())?;
        }
        if !files.unknown_rows.is_empty() {
            let named: Vec<_> = files.unknown_rows.iter().take(NAMED).map(ToString::to_string).collect();
            let more = tally.unknown.saturating_sub(named.len() as u64);
            let more = if more > 0 { format!(" and {} more", count(more)) } else { String::new() };
            writeln!(f, "unknown rows: {}{more}", named.join(", "))?;
        }
        if let Some(unknown) = &files.unknown {
            writeln!(f, "unknown rows, each with its reason: {}", unknown.display())?;
        }
        Ok(())
    }
}

/// A line for each reason, the most frequent first.
fn table(tally: &Tally) -> String {
    let mut lines: Vec<_> = tally.reasons().collect();
    lines.sort_by(|(a, many), (b, more)| more.cmp(many).then_with(|| a.cmp(b)));
    let counts: Vec<_> = lines.iter().map(|(_, rows)| count(*rows)).collect();
    let width = counts.iter().map(String::len).max().unwrap_or_default();
    let mut table = String::new();
    for (((outcome, status, reason), _), rows) in lines.iter().zip(&counts) {
        let status = status.map_or_else(|| "-".to_owned(), |status| status.to_string());
        // Writing to a `String` cannot fail. The reason may be the server's, of any form.
        let _ = writeln!(table, "  {rows:>width$}  {:<8}  {status:>3}  {}", word(*outcome), reason.escape_debug());
    }
    table
}

/// The word for an outcome.
pub(super) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Applied => "applied",
        Outcome::Rejected => "rejected",
        Outcome::NotSent => "not sent",
        Outcome::Unknown => "unknown",
        Outcome::Settled => "settled",
        Outcome::Superseded => "superseded",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::journal::Record;

    #[test]
    fn frequent_reasons_come_first_and_unknown_rows_are_named() {
        let mut tally = Tally::default();
        let mut add = |number: u64, outcome, status, reason: Option<&str>| {
            for row in 0..number {
                let reason = reason.map(str::to_owned);
                tally.add(&Record {
                    row,
                    outcome,
                    attempts: 1,
                    last_request_ms: None,
                    status,
                    reason,
                    line: None,
                    input: None,
                });
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
            unknown_rows: vec![Place { row: 7, line: Some(8) }],
        };
        let report = Report { rows: 2_000, is_check: false, tally: &tally, files: &files };
        assert_eq!(
            report.to_string(),
            "2,000 rows: 1,234 applied, 13 rejected, 752 not sent, 1 unknown
  752  not sent    -  the run ended
   11  rejected    -  a \\u{1b}[31m cell
    2  rejected  404  Contact not found
    1  unknown   503  down
rejected rows, to be fixed and imported: orders.failed.csv
unknown rows: 7 (line 8)
unknown rows, each with its reason: orders.unknown.csv
"
        );
        let mut tally = Tally::default();
        tally.add_rows(30, Outcome::Unknown, "down");
        let unknown_rows = (1..=30).map(|row| Place { row, line: None }).collect();
        let files = Written { unknown_rows, ..Written::default() };
        let report = Report { rows: 30, is_check: false, tally: &tally, files: &files };
        assert!(
            report.to_string().ends_with("\nunknown rows: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 20 more\n"),
            "{report}"
        );
    }
}

//! The end of an import, for people: how many rows became what, and why.

use std::{
    fmt::{self, Write as _},
    path::Path,
};

use super::{
    journal::{Outcome, Tally},
    progress::{count, plural},
};

/// What is told at the end.
pub(super) struct Report<'a> {
    pub(super) rows: u64,
    /// Whether the rest of the rows was to be sent.
    pub(super) is_check: bool,
    pub(super) tally: &'a Tally,
    /// Where the failed rows are, if there are any.
    pub(super) failed: Option<&'a Path>,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, is_check, tally, failed } = self;
        let Tally { applied, rejected, not_sent, unknown, .. } = tally;
        let rest = rows.saturating_sub(tally.rows());
        let counts = match is_check {
            true => vec![(rest, "well"), (*rejected, "wrong")],
            // What a run did not come to is not sent either.
            false => {
                let not_sent = not_sent.saturating_add(rest);
                vec![(*applied, "applied"), (*rejected, "rejected"), (not_sent, "not sent"), (*unknown, "unknown")]
            }
        };
        write!(f, "{}: ", plural(*rows, "row"))?;
        let shown = counts.into_iter().enumerate().filter(|(index, (number, _))| *index == 0 || *number > 0);
        let shown = shown.map(|(_, (number, what))| format!("{} {what}", count(number)));
        f.write_str(&shown.collect::<Vec<_>>().join(", "))?;
        f.write_char('\n')?;
        f.write_str(&table(tally))?;
        match failed {
            Some(failed) => writeln!(f, "rejected rows, to be mended and imported: {}", failed.display()),
            None => Ok(()),
        }
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::journal::Record;

    #[test]
    fn the_most_frequent_reason_comes_first_and_rows_that_were_not_reached_are_not_sent() {
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
        let report =
            Report { rows: 2_000, is_check: false, tally: &tally, failed: Some(Path::new("orders.failed.csv")) };
        assert_eq!(
            report.to_string(),
            "2,000 rows: 1,234 applied, 13 rejected, 752 not sent, 1 unknown
  11  rejected    -  a \\u{1b}[31m cell
   2  rejected  404  Contact not found
   1  unknown   503  down
rejected rows, to be mended and imported: orders.failed.csv
"
        );
        let report = Report { rows: 13, is_check: true, tally: &tally, failed: None };
        assert!(report.to_string().starts_with("13 rows: 0 well, 13 wrong\n"), "{report}");
    }
}

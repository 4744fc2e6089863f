//! `--dry-run`: every row is read and judged, and nothing is sent.

use super::{
    error::ImportError,
    events,
    files::Written,
    input::{Input, Row},
    journal::{Outcome, Record, Tally},
    record::reason_of,
    report::Report,
};
use crate::{args::Format, exit::Exit, output};

/// Tells of each fault with its place, and how many rows are well.
pub(super) fn run(input: &Input, name: &str, format: Format) -> Result<Exit, ImportError> {
    let mut tally = Tally::default();
    let mut rows = 0_u64;
    for row in input.rows()? {
        let Row { number, content, .. } = row?;
        rows += 1;
        let Err(faults) = content else { continue };
        match format {
            Format::Json => events::faults(number, &faults),
            Format::Text => output::print(|out| {
                for fault in faults.iter() {
                    writeln!(out, "{name}:{}:{}: {}", fault.line, fault.column, fault.reason)?;
                }
                match faults.left_out() {
                    0 => Ok(()),
                    more => writeln!(out, "{name}: row {number} has {more} more faults"),
                }
            })?,
        }
        let reason = Some(reason_of(&faults));
        tally.add(&Record {
            row: number,
            outcome: Outcome::Rejected,
            attempts: 0,
            last_request_ms: None,
            status: None,
            reason,
            line: None,
            input: None,
        });
    }
    let files = Written::default();
    match format {
        Format::Json => {
            tally.not_sent = rows.saturating_sub(tally.rows());
            events::summary(&events::End { end: "checked", cause: None, rows, tally: &tally }, None, &files);
        }
        Format::Text => output::print(|out| {
            write!(out, "{}", Report { rows, is_check: true, tally: &tally, files: &files })?;
            writeln!(out, "nothing was sent")
        })?,
    }
    Ok(if tally.rejected == 0 { Exit::Done } else { Exit::Rejected })
}

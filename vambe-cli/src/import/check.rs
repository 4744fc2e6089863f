//! `--dry-run`: checks every row and sends nothing.

use std::collections::BTreeMap;

use vambe_api::TicketRef;

use super::{
    error::ImportError,
    events,
    files::Written,
    input::{Input, Row},
    journal::{Outcome, Record, Tally},
    record::reason_of,
    report::Report,
};
use crate::{
    args::{Format, ImportArgs},
    exit::Exit,
    numbers::plural,
    output,
};

/// Reports each fault with line and column, and the number of valid rows.
pub(super) fn run(input: &Input, args: &ImportArgs) -> Result<Exit, ImportError> {
    let (name, format) = (&args.file, args.format);
    let mut tally = Tally::default();
    let mut rows = 0_u64;
    // The rows whose contact number has no country code, by the country as which it is read.
    let mut national = BTreeMap::new();
    for row in input.rows()?.until(args.input.limit_rows) {
        let Row { number, content, .. } = row?;
        rows += 1;
        let faults = match content {
            Err(faults) => faults,
            Ok(update) => {
                if let (true, TicketRef::ContactNumber(number)) = (update.is_national, &update.ticket) {
                    *national.entry(number.calling_code()).or_insert(0_u64) += 1;
                }
                continue;
            }
        };
        match format {
            Format::Json => events::faults(number, &faults),
            Format::Text => output::print(|out| {
                for fault in faults.iter() {
                    writeln!(out, "{name}:{}: {}", fault.place(), fault.reason)?;
                }
                match faults.left_out() {
                    0 => Ok(()),
                    more => writeln!(out, "{name}: row {number} has {more} more faults"),
                }
            })?,
        }
        tally.add(&Record { reason: Some(reason_of(&faults)), ..Record::new(number, Outcome::Rejected) });
    }
    for (code, rows) in national {
        let country = code.map_or_else(|| "an unknown country".to_owned(), |code| code.to_string());
        let rows = plural(rows, "row");
        output::note(format_args!("{rows}: the contact number has no `+` and is read as a number of {country}"));
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

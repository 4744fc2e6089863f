//! Checks every row and sends nothing, as `--dry-run` does.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, IsTerminal as _},
};

use vambe_api::{CallingCode, TicketRef};

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
    args::{self, Format, InputArgs},
    exit::Exit,
    numbers::{count, plural},
    output,
};

/// The maximum number of lines about faults on a terminal.
const ON_SCREEN: u64 = 20;

/// The number of rows whose contact number has no country code, by the country that it was read as one of.
pub(super) type NationalNumbers = BTreeMap<Option<CallingCode>, u64>;

/// The rows of an input, and those with faults.
pub(super) struct Checked {
    rows: u64,
    tally: Tally,
    national: NationalNumbers,
    format: Format,
}

/// Reports each fault with line and column.
pub(super) fn run(input: &Input, name: &args::Input, args: &InputArgs, format: Format) -> Result<Checked, ImportError> {
    let mut tally = Tally::default();
    let mut rows = 0_u64;
    let mut screen = Screen::new(format);
    let mut national = NationalNumbers::new();
    for row in input.rows()?.until(args.limit_rows) {
        let Row { number, content, .. } = row?;
        rows += 1;
        let faults = match content {
            Err(faults) => faults,
            Ok(update) => {
                if let (true, TicketRef::ContactNumber(number)) = (update.is_national, &update.ticket) {
                    *national.entry(number.calling_code()).or_default() += 1;
                }
                continue;
            }
        };
        match format {
            Format::Json => events::faults(number, &faults),
            Format::Text => {
                for fault in faults.iter() {
                    screen.show(format_args!("{name}:{}: {}", fault.place(), fault.reason))?;
                }
                if faults.left_out() > 0 {
                    screen.show(format_args!("{name}: row {number} has {} more faults", faults.left_out()))?;
                }
            }
        }
        tally.add(&Record { reason: Some(reason_of(&faults)), ..Record::new(number, Outcome::Rejected) });
    }
    screen.end()?;
    for (code, rows) in &national {
        let country = code.map_or_else(|| "an unknown country".to_owned(), |code| code.to_string());
        let rows = plural(*rows, "row");
        output::note(format_args!("{rows}: the contact number has no `+` and is read as a number of {country}"));
    }
    Ok(Checked { rows, tally, national, format })
}

impl Checked {
    /// Returns true if no row has a fault.
    pub(super) fn is_valid(&self) -> bool {
        self.tally.rejected == 0
    }

    /// Reports the number of valid rows, and with this text what was not done.
    pub(super) fn conclude(mut self, not_done: &str) -> Result<Exit, Exit> {
        let rows = self.rows;
        let files = Written::default();
        match self.format {
            Format::Json => {
                self.tally.not_sent = rows.saturating_sub(self.tally.rows());
                let (tally, national) = (&self.tally, Some(&self.national));
                let end = events::End { end: "checked", cause: None, rows, tally, speed: None, national };
                events::summary(&end, None, &files);
            }
            Format::Text => {
                let report = Report { rows, is_check: true, tally: &self.tally, files: &files, options: &[] };
                output::print_text(&format!("{report}{not_done}\n"))?;
            }
        }
        Ok(if self.is_valid() { Exit::Done } else { Exit::Rejected })
    }
}

/// Shows faults: the first ones on a terminal, all of them elsewhere.
struct Screen {
    most: u64,
    lines: u64,
}

impl Screen {
    fn new(format: Format) -> Self {
        let is_screen = format == Format::Text && io::stdout().is_terminal();
        Self { most: if is_screen { ON_SCREEN } else { u64::MAX }, lines: 0 }
    }

    fn show(&mut self, line: fmt::Arguments<'_>) -> Result<(), Exit> {
        self.lines += 1;
        if self.lines > self.most { Ok(()) } else { output::print_text(&format!("{line}\n")) }
    }

    fn end(&self) -> Result<(), Exit> {
        match self.lines.saturating_sub(self.most) {
            0 => Ok(()),
            more => output::print_text(&format!(
                "… and {} more; send the output to a file to see all of them\n",
                count(more)
            )),
        }
    }
}

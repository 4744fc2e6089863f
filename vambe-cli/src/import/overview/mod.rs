//! `vambe ticket metadata status`: shows an import as its journal has it, also while a run is writing it.

mod error;
mod text;
mod view;
mod watch;

use std::path::{Path, PathBuf};

pub(super) use self::{
    error::OverviewError,
    text::{lines, minute},
    view::View,
};
use super::{
    events, files,
    journal::{KeptRow, KeptRows, Outcome, Overview, is_journal, row_sets},
};
use crate::{
    args::{Format, StatusArgs},
    exit::Exit,
    output,
};

/// Shows the state of an import.
pub(crate) fn status(args: &StatusArgs) -> Exit {
    let shown = open(&args.file, false).and_then(|overview| match args.watch {
        true => watch::run(overview, args.format),
        false => show(&overview, args),
    });
    shown.unwrap_or_else(|error| {
        output::report(&error, None);
        Exit::Unusable
    })
}

fn show(overview: &Overview, args: &StatusArgs) -> Result<Exit, OverviewError> {
    let view = View::of(overview);
    let shown = match args.format {
        Format::Text => output::print_text(&text::of(&view)),
        Format::Json => output::print(|out| events::write(out, &events::status(&view))),
    };
    if let Err(exit) = shown {
        return Ok(exit);
    }
    if args.rows { list_rows(overview.path(), args) } else { Ok(Exit::Done) }
}

/// Prints the rejected and then the unknown rows, each in the order of the input.
fn list_rows(journal: &Path, args: &StatusArgs) -> Result<Exit, OverviewError> {
    let failed = |error| OverviewError::new(journal.to_owned(), error);
    let rows = row_sets(journal).map_err(failed)?;
    for outcome in [Outcome::Rejected, Outcome::Unknown] {
        for row in KeptRows::open(journal, outcome, &rows).map_err(failed)? {
            let row = row.map_err(failed)?;
            let printed = output::print(|out| match args.format {
                Format::Text => writeln!(out, "{}", line_of(&args.file, outcome, &row)),
                Format::Json => events::write(out, &events::kept_row(outcome, &row)),
            });
            if let Err(exit) = printed {
                return Ok(exit);
            }
        }
    }
    Ok(Exit::Done)
}

/// Returns `orders.csv:3: rejected 404 Contact not found`, so that editors can jump to the line.
fn line_of(file: &Path, outcome: Outcome, row: &KeptRow) -> String {
    let at = row.line.map_or_else(|| format!(" row {}", row.row), |line| line.to_string());
    let status = row.status.map(|status| format!(" {status}")).unwrap_or_default();
    format!("{}:{at}: {}{status} {}", file.display(), outcome.as_str(), row.reason.escape_debug())
}

/// Opens the journal that a path names. With `keeps_text`, the example rows have their text.
pub(super) fn open(file: &Path, keeps_text: bool) -> Result<Overview, OverviewError> {
    let journal = find(file)?;
    match Overview::open(&journal, keeps_text) {
        Ok(Some(overview)) => Ok(overview),
        Ok(None) => Err(OverviewError::Empty { journal }),
        Err(error) => Err(OverviewError::new(journal, error)),
    }
}

/// Returns the path itself if it is a journal, or else that of the journal next to it. The input need not exist any more.
fn find(file: &Path) -> Result<PathBuf, OverviewError> {
    if is_journal(file).unwrap_or(false) {
        return Ok(file.to_owned());
    }
    let journal = files::journal_of(file);
    if journal.exists() { Ok(journal) } else { Err(OverviewError::NoJournal { file: file.to_owned(), journal }) }
}

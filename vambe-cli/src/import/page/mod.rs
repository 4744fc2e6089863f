//! `vambe ticket metadata report`: the report on an import as a web page.

mod chart;
mod html;
mod next_steps;

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{
    overview::{self, OverviewError, View},
    temporary,
};
use crate::{args::ReportArgs, exit::Exit, output};

/// An error while writing the page.
#[derive(Debug, thiserror::Error)]
enum PageError {
    #[error(transparent)]
    Overview(#[from] OverviewError),
    #[error("the page would overwrite the {what} `{}`: give another path to --html", path.display())]
    SameFile { what: &'static str, path: PathBuf },
    #[error("cannot write the page `{}`: check that the directory exists, and its permissions", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// Writes the report on an import.
pub(crate) fn report(args: &ReportArgs) -> Exit {
    write_page(args).unwrap_or_else(|error| {
        output::report(&error, None);
        Exit::Unusable
    })
}

fn write_page(args: &ReportArgs) -> Result<Exit, PageError> {
    let overview = overview::open(&args.file, args.show_values)?;
    let page = html::page(&args.file.display().to_string(), &View::of(&overview), overview.timeline());
    if args.html == Path::new("-") {
        return Ok(output::print(|out| out.write_all(page.as_bytes())).err().unwrap_or(Exit::Done));
    }
    for (what, path) in [("input", args.file.as_path()), ("journal", overview.path())] {
        if is_same(path, &args.html) {
            return Err(PageError::SameFile { what, path: args.html.clone() });
        }
    }
    // Written whole or not at all, and readable by its owner alone, who forwards it.
    let written = temporary::next_to(&args.html).and_then(|mut file| {
        file.write_all(page.as_bytes())?;
        file.persist(&args.html).map(drop).map_err(io::Error::from)
    });
    written.map_err(|source| PageError::Write { path: args.html.clone(), source })?;
    Ok(Exit::Done)
}

/// Returns true if two paths lead to the same file.
fn is_same(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

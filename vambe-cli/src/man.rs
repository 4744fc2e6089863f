//! `vambe man`: manual pages, made from the grammar.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Command, builder::Resettable};
use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};

use crate::{args, exit::Exit, output};

/// The environment variables, for the manual.
const ENVIRONMENT: [(&str, &str); 3] = [
    ("VAMBE_API_KEY", "The API key, unless --api-key-file names a file that holds it."),
    ("VAMBE_BASE_URL", "The base URL, unless --base-url is given; https://api.vambe.me by default."),
    ("VAMBE_QUOTA_URL", "The URL of the database that has the quotas, for --quota and `vambe quota`."),
];

/// An error while writing a manual page.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the manual page `{}`: check that the directory exists, and its permissions", path.display())]
struct PageError {
    path: PathBuf,
    source: io::Error,
}

/// Prints the page of `vambe`, or writes the pages of `vambe` and all its commands into a directory.
pub(crate) fn run(out: Option<&Path>) -> Exit {
    let mut root = args::grammar().disable_help_subcommand(true);
    // Gives the commands their full names.
    root.build();
    let Some(folder) = out else {
        return output::print(|out| write_page(&root, out)).err().unwrap_or(Exit::Done);
    };
    match write_pages(&root, folder) {
        Ok(()) => Exit::Done,
        Err(error) => {
            output::report(&error, None);
            Exit::Unusable
        }
    }
}

fn write_pages(command: &Command, folder: &Path) -> Result<(), PageError> {
    let path = folder.join(Man::new(command.clone()).get_filename());
    let mut page = Vec::new();
    write_page(command, &mut page)
        .and_then(|()| fs::write(&path, page))
        .map_err(|source| PageError { path, source })?;
    command.get_subcommands().try_for_each(|command| write_pages(command, folder))
}

/// Writes a page with clap_mangen. Its section "EXTRA", the end of `--help`, becomes sections with standard names.
fn write_page(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let version = args::grammar().render_version();
    Man::new(command.clone().after_help(Resettable::Reset)).source(version.trim_end()).render(out)?;
    if command.get_after_help().is_none() {
        return Ok(());
    }
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in Exit::table() {
        roff.control("TP", []).text([bold(code.to_string())]).text([roman(meaning)]);
    }
    roff.control("SH", ["ENVIRONMENT"]);
    for (variable, meaning) in ENVIRONMENT {
        roff.control("TP", []).text([bold(variable)]).text([roman(meaning)]);
    }
    // Without the definitions, which are at the start of the page already.
    out.write_all(roff.to_roff().as_bytes())
}

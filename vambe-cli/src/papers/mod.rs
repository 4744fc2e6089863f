//! What a package of the command holds besides it: completions and manual pages, made from the grammar.

mod fish;

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Command, builder::Resettable};
use clap_complete::Shell;
use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};

use crate::{args, exit::Exit, output};

/// What the environment gives, for the manual.
const ENVIRONMENT: [(&str, &str); 2] = [
    ("VAMBE_API_KEY", "The API key, unless --api-key-file names a file that holds it."),
    ("VAMBE_BASE_URL", "Where to send to, unless --base-url tells; https://api.vambe.me by default."),
];

/// A manual page could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the manual page {}; check that the directory exists, and who may write there", path.display())]
struct PageError {
    path: PathBuf,
    source: io::Error,
}

/// Prints the completions for a shell.
pub(crate) fn completions(shell: Shell) -> Exit {
    // clap_complete panics if it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::grammar(), "vambe", &mut script);
    if shell == Shell::Fish {
        script.extend(fish::deeper_commands().bytes());
    }
    print(&script)
}

/// Prints the page of `vambe`, or writes the pages of it and of all its commands into a directory.
pub(crate) fn man(out: Option<&Path>) -> Exit {
    let mut root = args::grammar().disable_help_subcommand(true);
    // Gives the commands their full names.
    root.build();
    let Some(folder) = out else {
        let mut page = Vec::new();
        return match write_page(&root, &mut page) {
            Ok(()) => print(&page),
            Err(error) => output::printed(Err(error)).err().unwrap_or(Exit::Done),
        };
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

/// A page as clap_mangen writes it. What stands below `--help` becomes sections by their usual names; there it is "EXTRA".
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
    // Without the definitions that the page begins with already.
    out.write_all(roff.to_roff().as_bytes())
}

fn print(bytes: &[u8]) -> Exit {
    output::print(|out| out.write_all(bytes)).err().unwrap_or(Exit::Done)
}

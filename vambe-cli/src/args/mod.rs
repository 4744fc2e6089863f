//! The grammar of the command line; `--help`, the manual and the completions are made from it.
//!
//! What may be private is taken as text and read later, since clap's errors repeat what they refuse.

mod connection;
mod duration;
mod import;
mod rate;
mod set;
mod usage;

use std::path::PathBuf;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum, ValueHint};

pub(crate) use self::{
    connection::ConnectionArgs,
    import::{ImportArgs, Input},
    rate::Rate,
    set::SetArgs,
};
use crate::exit::Exit;

/// Set the metadata of tickets in Vambe
///
/// The API key is read from VAMBE_API_KEY or from a file, and is never an argument.
#[derive(Parser)]
#[command(name = "vambe", version = version(), max_term_width = 100, after_help = Exit::help())]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Work with tickets
    #[command(subcommand)]
    Ticket(Ticket),
    // The options, and their help, are those of the program `vambe-emulator`.
    Emulator(vambe_emulator::program::Options),
    /// Print the completions for a shell
    Completions {
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write those of all commands
    ///
    /// Try it with `vambe man | man -l -`.
    Man {
        /// Write a page for each command into this directory, which has to exist
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        out: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
pub(crate) enum Ticket {
    /// Work with the metadata of tickets
    #[command(subcommand)]
    Metadata(Metadata),
}

#[derive(Subcommand)]
pub(crate) enum Metadata {
    #[command(after_help = Exit::help())]
    Set(SetArgs),
    #[command(after_help = Exit::help())]
    Import(ImportArgs),
}

/// In which form the result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Reads the command line. If it is not a command to carry out, all is said that is to say.
pub(crate) fn parse() -> Result<Command, Exit> {
    let mut grammar = grammar();
    let mut matches = grammar.try_get_matches_from_mut(std::env::args_os()).map_err(usage::explain)?;
    let cli = Cli::from_arg_matches_mut(&mut matches).map_err(|error| usage::explain(error.format(&mut grammar)))?;
    if let Command::Ticket(Ticket::Metadata(Metadata::Import(args))) = &cli.command {
        args.check(&mut grammar).map_err(usage::explain)?;
    }
    Ok(cli.command)
}

/// The grammar itself, for what is made from it.
pub(crate) fn grammar() -> clap::Command {
    Cli::command()
}

/// The version and the spec that it was made for, as it stands in the user agent of its requests.
fn version() -> String {
    let spec = vambe_api::raw::SPEC_SHA256;
    format!("{} (spec {})", env!("CARGO_PKG_VERSION"), spec.get(..12).unwrap_or(spec))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_grammar_does_not_contradict_itself() {
        super::grammar().debug_assert();
    }
}

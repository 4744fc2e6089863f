//! The grammar of the command line, from which `--help`, the manual and the completions are made.
//!
//! Private values are strings here and parsed later, since clap's errors repeat invalid values.

mod connection;
mod doctor;
mod duration;
mod import;
mod input;
#[cfg(feature = "queue")]
mod queue;
#[cfg(feature = "queue")]
mod quota;
mod rate;
mod report;
mod set;
mod status;
mod usage;

use std::path::PathBuf;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum, ValueHint};

pub(crate) use self::{
    connection::{ConnectionArgs, ServerArgs},
    doctor::DoctorArgs,
    import::{ImportArgs, Input},
    input::InputArgs,
    rate::Rate,
    report::ReportArgs,
    set::SetArgs,
    status::StatusArgs,
};
#[cfg(feature = "queue")]
pub(crate) use self::{
    queue::{Dead, EnqueueArgs, Queue, QueueDatabaseArgs, Selection, StatusFormat, WorkerArgs},
    quota::{DatabaseArgs, Quota},
};
use crate::exit::Exit;

/// Set the metadata of tickets in Vambe
///
/// The API key comes from VAMBE_API_KEY or from a file, never from an argument.
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
    Doctor(DoctorArgs),
    /// Set and show a request limit that all hosts share
    #[cfg(feature = "queue")]
    #[command(subcommand)]
    Quota(Quota),
    /// Run the queue that services enqueue updates to
    ///
    /// The queue is kept in a PostgreSQL database, whose URL is in VAMBE_QUEUE_URL. Begin with `vambe queue migrate`; `docs/fleet.md`
    /// in the repository is the guide.
    #[cfg(feature = "queue")]
    #[command(subcommand)]
    Queue(Queue),
    // The options, and their help, are those of the program `vambe-emulator`.
    Emulator(vambe_emulator::program::Options),
    /// Print completions for a shell
    Completions {
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write the pages of all commands
    ///
    /// Try it with `vambe man | man -l -`.
    Man {
        /// Write a page for each command into this existing directory
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
    // By far the largest.
    Import(Box<ImportArgs>),
    Status(StatusArgs),
    Report(ReportArgs),
}

/// The form in which the result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Parses the command line. On `--help` or a usage error the message is already printed; returns the exit code.
pub(crate) fn parse() -> Result<Command, Exit> {
    let mut grammar = grammar();
    let mut matches = grammar.try_get_matches_from_mut(std::env::args_os()).map_err(usage::print)?;
    let cli = Cli::from_arg_matches_mut(&mut matches).map_err(|error| usage::print(error.format(&mut grammar)))?;
    let check = match &cli.command {
        Command::Ticket(Ticket::Metadata(Metadata::Import(args))) => args.check(&mut grammar),
        #[cfg(feature = "queue")]
        Command::Queue(Queue::Enqueue(args)) => args.input.check(&mut grammar),
        _ => Ok(()),
    };
    check.map_err(usage::print)?;
    Ok(cli.command)
}

/// Returns the grammar, for the completions and the manual.
pub(crate) fn grammar() -> clap::Command {
    Cli::command()
}

/// Returns the version and the digest of the spec, as in the user agent of requests.
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

//! The command `vambe`: sets the metadata of one Vambe ticket, or of a file of tickets.
//!
//! `vambe --help` is its documentation, `args/` the grammar of its command line, and `exit.rs` its exit codes. Results go to
//! the standard output and everything else to the standard error; neither ever has an API key, a contact number or a metadata
//! value.

mod api_key;
mod args;
mod client;
mod completions;
mod doctor;
mod exit;
mod import;
mod man;
mod numbers;
mod output;
mod pairs;
#[cfg(feature = "queue")]
mod queue;
#[cfg(feature = "queue")]
mod quota;
mod set;
mod signals;
mod terminal;

use std::process::ExitCode;

use crate::args::{Command, Metadata, Ticket};

fn main() -> ExitCode {
    let command = match args::parse() {
        Ok(command) => command,
        Err(exit) => return exit.into(),
    };
    match command {
        Command::Ticket(Ticket::Metadata(Metadata::Set(args))) => set::run(args).into(),
        Command::Ticket(Ticket::Metadata(Metadata::Import(args))) => import::run(&args).into(),
        Command::Ticket(Ticket::Metadata(Metadata::Status(args))) => import::status(&args).into(),
        Command::Ticket(Ticket::Metadata(Metadata::Report(args))) => import::report(&args).into(),
        Command::Doctor(args) => doctor::run(&args).into(),
        #[cfg(feature = "queue")]
        Command::Quota(command) => quota::run(command).into(),
        #[cfg(feature = "queue")]
        Command::Queue(command) => queue::run(command).into(),
        Command::Emulator(options) => options.run(),
        Command::Completions { shell } => completions::print(shell).into(),
        Command::Man { out } => man::run(out.as_deref()).into(),
    }
}

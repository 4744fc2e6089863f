//! The command `vambe`: sets the metadata of Vambe's tickets, for one ticket or for a file of them, from a shell or a script.
//!
//! `vambe --help` is its documentation; `args/` is the whole grammar of its command line, and `exit.rs` its exit codes.
//! Results go to the standard output, all else to the standard error, and neither has an API key, a contact number or a
//! metadata value in it.

mod api_key;
mod args;
mod client;
mod exit;
mod import;
mod output;
mod pairs;
mod papers;
mod set;

use std::process::ExitCode;

use crate::args::{Command, Metadata, Ticket};

fn main() -> ExitCode {
    let command = match args::parse() {
        Ok(command) => command,
        Err(exit) => return exit.into(),
    };
    match command {
        Command::Ticket(Ticket::Metadata(Metadata::Set(args))) => set::run(args).into(),
        Command::Ticket(Ticket::Metadata(Metadata::Import(args))) => import::run(args).into(),
        Command::Emulator(options) => options.run(),
        Command::Completions { shell } => papers::completions(shell).into(),
        Command::Man { out } => papers::man(out.as_deref()).into(),
    }
}

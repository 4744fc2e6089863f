//! `cargo xtask`: the maintainer's commands, each in a module of its own. This file reads the command line.

mod bench;
mod ci;
mod codegen;
mod demo;
mod diff;
mod features;
mod packages;
mod release_check;
mod root;
mod run;
mod sources;

use std::{error::Error, io::Write as _, process::ExitCode};

const USAGE: &str = "\
The maintainer's commands.

Usage: cargo xtask <COMMAND>

Commands:
  codegen [--check]  Generate vambe-api/src/generated.rs from openapi/vambe.yaml; with --check only compare the two
  diff [OPTIONS]     Say for whom a change of openapi/vambe.yaml breaks and which bump it needs; see diff --help
  demo               Run the requests of the published page against the emulator and show what happens
  bench [--quick] [PART...]
                     Measure what the client costs beside the alternatives and write benches/RESULTS.md; some of the parts
                     call, in-flight, import, consumer and generator, or --quick, are only printed; budget compares with
                     benches/budget.txt
  ci [--full]        Everything that has to pass: format, lints, docs, codegen check, tests; with --full also every
                     combination of features, and benches/budget.txt, which needs valgrind
  release-check      What has to hold before a version is tagged: version, change log, packages
";

/// One parsed command line.
enum Command {
    Help,
    Codegen { check: bool },
    Diff(diff::Options),
    Demo,
    Bench { arguments: Vec<String> },
    Ci { full: bool },
    ReleaseCheck,
}

fn main() -> ExitCode {
    let command = match parse(lexopt::Parser::from_env()) {
        Ok(command) => command,
        Err(error) => {
            report(format_args!("error: {error}\n\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    match execute(&command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(format_args!("error: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

fn execute(command: &Command) -> Result<(), Box<dyn Error>> {
    match command {
        // A closed pipe is the reader's choice, not a failure.
        Command::Help => Ok(std::io::stdout().write_all(USAGE.as_bytes()).or_else(run::ignore_broken_pipe)?),
        Command::Codegen { check } => Ok(codegen::run(&root::find()?, *check)?),
        Command::Diff(options) => Ok(diff::run(&root::find()?, options)?),
        Command::Demo => Ok(demo::run(&root::find()?)?),
        Command::Bench { arguments } => Ok(bench::run(&root::find()?, arguments)?),
        Command::Ci { full } => ci::run(&root::find()?, *full),
        Command::ReleaseCheck => release_check::run(&root::find()?),
    }
}

fn parse(mut arguments: lexopt::Parser) -> Result<Command, lexopt::Error> {
    use lexopt::prelude::*;

    let mut command = match arguments.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(Value(name)) => match name.to_str() {
            Some("codegen") => Command::Codegen { check: false },
            Some("diff") => Command::Diff(diff::Options::default()),
            Some("demo") => Command::Demo,
            Some("bench") => Command::Bench { arguments: Vec::new() },
            Some("ci") => Command::Ci { full: false },
            Some("release-check") => Command::ReleaseCheck,
            _ => return Err(format!("unknown command {}", name.display()).into()),
        },
        Some(other) => return Err(other.unexpected()),
    };
    while let Some(argument) = arguments.next()? {
        match (&mut command, argument) {
            (Command::Diff(options), Short('h') | Long("help")) => options.help = true,
            (_, Short('h') | Long("help")) => return Ok(Command::Help),
            (Command::Codegen { check }, Long("check")) => *check = true,
            (Command::Ci { full }, Long("full")) => *full = true,
            (Command::Bench { arguments }, Long("quick")) => arguments.push("--quick".to_owned()),
            (Command::Bench { arguments }, Value(part)) => arguments.push(part.string()?),
            (Command::Diff(options), Long(name)) => {
                let name = name.to_owned();
                if !options.take(&name, || arguments.value())? {
                    return Err(Long(&name).unexpected());
                }
            }
            (_, other) => return Err(other.unexpected()),
        }
    }
    if let Command::Diff(options) = &command {
        options.check()?;
    }
    Ok(command)
}

/// Says something to the person at the terminal. Nobody is left to tell if that fails.
fn report(message: std::fmt::Arguments<'_>) {
    let _ = std::io::stderr().lock().write_fmt(message);
}

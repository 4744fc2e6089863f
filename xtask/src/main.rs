//! `cargo xtask`: the maintainer's commands. This file reads the command line; each command has a module.

mod bench;
mod ci;
mod codegen;
mod demo;
mod diff;
mod features;
mod input;
mod packages;
mod release_check;
mod root;
mod run;
mod sources;
mod test;
mod trial;

use std::{error::Error, io::Write as _, path::PathBuf, process::ExitCode};

use demo::Demo;
use trial::Trial;

const USAGE: &str = "\
The maintainer's commands.

Usage: cargo xtask <COMMAND>

Commands:
  codegen [--check]  Generate vambe-api/src/generated.rs from openapi/vambe.yaml, overlay.yaml and codegen.yaml; --check only
                     compares them
  codegen --from FILE [--overlay FILE] [--settings FILE] [--format json]
                     Try a document without changing anything: list the operations that it would give, with their names,
                     and the parts that cannot be generated, with the reasons
  diff [OPTIONS]     List the changes of openapi/vambe.yaml since the last release, with the bump they need;
                     see diff --help
  demo [--watch | --fleet]
                     Send the requests of Vambe's page to the emulator and show the results; --watch sends updates until
                     Ctrl-C, for the emulator's live page; --fleet runs three workers with one queue and kills one, which
                     takes 80 seconds (needs PostgreSQL)
  bench [--quick] [PART...]
                     Measure the client against the alternatives (needs valgrind), and write benches/RESULTS.md.
                     With parts (call, bad-paths, in-flight, import, queue, consumer, generator), only print
                     the results. --quick takes fewer rounds. The part `budget` compares with benches/budget.txt
  test [ARGUMENTS]   Run all tests, with arguments for `cargo test`. First checks that the machine has the programs that they
                     need, and installs them from Debian's packages where it may
  ci [--full]        Check format, lints, docs and generated code, and run all tests; --full also checks each
                     feature alone and with each other one, and benches/budget.txt (needs valgrind)
  release-check      Check that the current version can be tagged: version, spec, change log, files, packages
";

/// One parsed command line.
enum Command {
    Help,
    Codegen { check: bool, from: Option<PathBuf>, trial: Trial },
    Diff(diff::Options),
    Demo(Demo),
    Bench { arguments: Vec<String> },
    Test { arguments: Vec<String> },
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
        // A reader that closes the pipe is not a failure.
        Command::Help => Ok(std::io::stdout().write_all(USAGE.as_bytes()).or_else(run::ignore_broken_pipe)?),
        Command::Codegen { from: Some(from), trial, .. } => trial::run(from, trial),
        Command::Codegen { check, .. } => Ok(codegen::run(&root::find()?, *check)?),
        Command::Diff(options) => Ok(diff::run(&root::find()?, options)?),
        Command::Demo(demo) => demo::run(&root::find()?, *demo),
        Command::Bench { arguments } => Ok(bench::run(&root::find()?, arguments)?),
        Command::Test { arguments } => test::run(&root::find()?, arguments),
        Command::Ci { full } => ci::run(&root::find()?, *full),
        Command::ReleaseCheck => release_check::run(&root::find()?),
    }
}

fn parse(mut arguments: lexopt::Parser) -> Result<Command, lexopt::Error> {
    use lexopt::prelude::*;

    let mut command = match arguments.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(Value(name)) => match name.to_str() {
            Some("codegen") => Command::Codegen { check: false, from: None, trial: Trial::default() },
            Some("diff") => Command::Diff(diff::Options::default()),
            Some("demo") => Command::Demo(Demo::Page),
            Some("bench") => Command::Bench { arguments: Vec::new() },
            // The rest is for cargo.
            Some("test") => {
                let arguments = arguments.raw_args()?.map(|argument| argument.string()).collect::<Result<_, _>>()?;
                return Ok(Command::Test { arguments });
            }
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
            (Command::Codegen { check, .. }, Long("check")) => *check = true,
            (Command::Codegen { from, .. }, Long("from")) => *from = Some(arguments.value()?.into()),
            (Command::Codegen { trial, .. }, Long("overlay")) => trial.overlay = Some(arguments.value()?.into()),
            (Command::Codegen { trial, .. }, Long("settings")) => trial.settings = Some(arguments.value()?.into()),
            (Command::Codegen { trial, .. }, Long("format")) => {
                trial.json = match arguments.value()?.to_str() {
                    Some("text") => false,
                    Some("json") => true,
                    _ => return Err("--format takes text or json".into()),
                }
            }
            (Command::Demo(demo @ Demo::Page), Long("watch")) => *demo = Demo::Watch,
            (Command::Demo(demo @ Demo::Page), Long("fleet")) => *demo = Demo::Fleet,
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
    match &command {
        Command::Codegen { check: true, from: Some(_), .. } => Err("--check and --from exclude each other".into()),
        Command::Codegen { from: None, trial, .. } if *trial != Trial::default() => {
            Err("--overlay, --settings and --format need --from".into())
        }
        _ => Ok(command),
    }
}

/// Prints a message to the standard error, and ignores failures: there is no other place to report them.
fn report(message: std::fmt::Arguments<'_>) {
    let _ = std::io::stderr().lock().write_fmt(message);
}

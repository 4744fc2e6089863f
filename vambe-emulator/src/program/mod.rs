//! The emulator as a program: starts it, says how to reach it, and waits for Ctrl-C or SIGTERM.
//!
//! Here rather than in the binary, so that `vambe emulator` is the same program, with the same command line.

mod args;
mod banner;
mod fault_list;
mod stop;

use std::{
    error::Error,
    ffi::OsString,
    fmt,
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use thiserror::Error;

use self::args::{Command, Faults};
use crate::{Emulator, Seed, SeedError, StartError};

/// The exit code of a command line that makes no sense, as most programs have it.
const BAD_USAGE: u8 = 2;

/// Why the program ends with exit code 1.
#[derive(Debug, Error)]
enum Failure {
    #[error("cannot read the state file {}; check the path, and that it is UTF-8 text", path.display())]
    ReadState { path: PathBuf, source: io::Error },
    #[error("cannot use the state file {}; correct what is named here", path.display())]
    ParseState { path: PathBuf, source: SeedError },
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("cannot wait for Ctrl-C and SIGTERM; look for a limit on open files")]
    Interrupt(#[source] io::Error),
    #[error("cannot write to the standard output; check where it is redirected to")]
    Output(#[source] io::Error),
}

/// Runs the program with the arguments after its name, until it is told to stop, and gives its exit code: 0, 1 if it could
/// not run, 2 if the arguments make no sense.
///
/// `name` is how it was started, for its help. It writes to the standard output and error, and takes Ctrl-C and SIGTERM over
/// while it serves.
///
/// # Example
///
/// ```
/// let code = vambe_emulator::program::run("vambe-emulator", ["--list-faults".into()]);
/// assert_eq!(code, std::process::ExitCode::SUCCESS);
/// ```
pub fn run(name: &str, args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<_> = args.into_iter().collect();
    let command = match args::parse(lexopt::Parser::from_args(args)) {
        Ok(command) => command,
        Err(error) => {
            complain(format_args!("error: {error}\nusage: {name} {} (--help says more)", args::USAGE));
            return ExitCode::from(BAD_USAGE);
        }
    };
    match carry_out(name, command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(format_args!("error: {}", Chain(&failure)));
            ExitCode::FAILURE
        }
    }
}

fn carry_out(name: &str, command: Command) -> Result<(), Failure> {
    match command {
        Command::Help => print(|out| args::write_help(out, name)),
        Command::Version => print(|out| writeln!(out, "{name} {}", banner::VERSION)),
        Command::PrintState => print(|out| {
            serde_json::to_writer_pretty(&mut *out, &Seed::default())?;
            writeln!(out)
        }),
        Command::ListFaults => print(fault_list::write),
        Command::Serve { address, state, faults } => serve(address, state, &faults),
    }
}

fn serve(address: SocketAddr, state: Option<PathBuf>, faults: &Faults) -> Result<(), Failure> {
    let seed = match &state {
        Some(path) => read_seed(path.clone())?,
        None => Seed::default(),
    };
    // Nobody can ask the program for the requests, so they would only pile up.
    let builder = Emulator::builder().address(address).state(seed).record_requests(false);
    let builder = match faults {
        Faults::None => builder,
        Faults::Rotation(faults) => builder.fault_rotation(faults.iter().cloned()),
        Faults::Mix(mix) => builder.fault_mix(mix.clone()),
    };
    let emulator = builder.start()?;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().map_err(Failure::Interrupt)?;
    runtime.block_on(async {
        // Before the output, so that whoever has read the output can rely on it.
        let stop = stop::listen().map_err(Failure::Interrupt)?;
        print(|out| banner::write(out, &emulator, state.as_deref(), faults))?;
        stop.await;
        Ok(())
    })
}

fn read_seed(path: PathBuf) -> Result<Seed, Failure> {
    match std::fs::read_to_string(&path) {
        Ok(json) => Seed::from_json(&json).map_err(|source| Failure::ParseState { path, source }),
        Err(source) => Err(Failure::ReadState { path, source }),
    }
}

/// Writes to the standard output. A reader that has gone away, such as `head`, is no failure.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

/// Writes to the standard error; if even that fails, only the exit code is left to tell.
fn complain(message: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// An error with its causes, each of which says only its own part.
struct Chain<'a>(&'a dyn Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

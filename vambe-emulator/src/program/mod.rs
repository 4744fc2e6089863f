//! The program `vambe-emulator`, which is also the command `vambe emulator`.
//!
//! Requires the feature `program`.

mod banner;
mod fault_list;
mod options;
mod request_lines;
mod stop;

use std::{
    error::Error as _,
    io::{self, Write},
    iter,
    path::{Path, PathBuf},
    process::ExitCode,
};

use thiserror::Error;

pub use self::options::Options;
use crate::{Emulator, Seed, SeedError, StartError};

/// An error that ends the program with exit code 1.
#[derive(Debug, Error)]
enum ProgramError {
    #[error("cannot read the state file {}; check the path, and that it is UTF-8 text", path.display())]
    ReadState { path: PathBuf, source: io::Error },
    #[error("cannot use the state file {}; fix the problem and start again", path.display())]
    ParseState { path: PathBuf, source: SeedError },
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("cannot install the handler for Ctrl-C and SIGTERM; check the limit on open files")]
    Signals(#[source] io::Error),
    #[error("cannot write to the standard output; check where it is redirected to")]
    Output(#[source] io::Error),
}

impl Options {
    /// Runs the program until Ctrl-C or SIGTERM, or prints what an option asks for. Returns exit
    /// code 0, or 1 after an error.
    ///
    /// The program writes to the standard output and the standard error, and handles Ctrl-C and
    /// SIGTERM while it serves.
    ///
    /// # Example
    ///
    /// ```
    /// use clap::{Args as _, FromArgMatches as _};
    /// use vambe_emulator::program::Options;
    ///
    /// let command = Options::augment_args(clap::Command::new("emulator"));
    /// let matches = command.get_matches_from(["emulator", "--list-faults"]);
    /// let code = Options::from_arg_matches(&matches)?.run();
    /// assert_eq!(code, std::process::ExitCode::SUCCESS);
    /// # Ok::<(), clap::Error>(())
    /// ```
    pub fn run(&self) -> ExitCode {
        let result = if self.print_state {
            print(write_default_state)
        } else if self.list_faults {
            print(fault_list::write)
        } else {
            serve(self)
        };
        match result {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let causes = iter::successors(error.source(), |&cause| cause.source());
                let message = causes.fold(error.to_string(), |message, cause| format!("{message}: {cause}"));
                // If the standard error cannot be written, only the exit code remains.
                let _ = writeln!(io::stderr().lock(), "error: {message}");
                ExitCode::FAILURE
            }
        }
    }
}

fn serve(options: &Options) -> Result<(), ProgramError> {
    let seed = options.state.as_deref().map_or_else(|| Ok(Seed::default()), read_seed)?;
    let builder = Emulator::builder().address(options.address()).state(seed);
    let builder = builder.answers(options.answers);
    let builder = if options.any_contact { builder.any_contact() } else { builder };
    let builder = match options.quiet {
        true => builder,
        false => builder.observer(request_lines::start().map_err(StartError::Thread)?),
    };
    let builder = match (options.control, options.quiet) {
        (true, _) => builder.control(),
        (false, false) => builder,
        // Nothing shows requests.
        (false, true) => builder.keep_requests(0),
    };
    let builder = match options.limit {
        Some(limit) => builder.limit(limit),
        None => builder,
    };
    let builder = match options.fault_mix() {
        Some(mix) => builder.fault_mix(mix),
        None => builder.fault_rotation(options.fault.iter().cloned()),
    };
    let emulator = builder.start()?;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().map_err(ProgramError::Signals)?;
    runtime.block_on(async {
        // Before the output, so that a reader of the output can already send a signal.
        let stop = stop::listen().map_err(ProgramError::Signals)?;
        print(|out| banner::write(out, &emulator, options))?;
        stop.await;
        Ok(())
    })
}

fn read_seed(path: &Path) -> Result<Seed, ProgramError> {
    let json =
        std::fs::read_to_string(path).map_err(|source| ProgramError::ReadState { path: path.to_owned(), source })?;
    Seed::from_json(&json).map_err(|source| ProgramError::ParseState { path: path.to_owned(), source })
}

fn write_default_state(out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Seed::default())?;
    writeln!(out)
}

/// Writes to the standard output. A closed pipe, as with `| head`, is not an error.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), ProgramError> {
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(ProgramError::Output(error)),
        _ => Ok(()),
    }
}

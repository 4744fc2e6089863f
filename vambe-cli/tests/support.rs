//! Runs the real binary against an emulator in the process of the tests.

use std::{ffi::OsString, time::Duration};

use assert_cmd::Command;
use vambe_emulator::{Contact, Emulator, Seed, Ticket, Uuid};

/// The key of the emulators of these tests. [`run`] asserts that no output has it.
pub(crate) const API_KEY: &str = "planted-api-key";

/// A time limit far above what any test needs, which keeps a failing one from hanging.
pub(crate) const PATIENCE: Duration = Duration::from_mins(10);

/// The output and the exit code of a command.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    /// Without the time that an import took, which differs from run to run.
    pub(crate) stderr: String,
    /// True if an import has printed it.
    pub(crate) took: bool,
}

impl Outcome {
    /// Asserts the exit code, and that these words are in the standard error.
    #[track_caller]
    pub(crate) fn assert(&self, code: i32, words: &[&str]) -> &Self {
        assert_eq!(self.code, code, "{self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "{word:?} is not in {self:?}");
        }
        self
    }

    /// Asserts that none of these words is in any output.
    #[track_caller]
    pub(crate) fn assert_hides(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(!self.stdout.contains(word) && !self.stderr.contains(word), "{word:?} is in {self:?}");
        }
        self
    }
}

/// Returns the path of the binary, which cargo sets for each run: with a copied target folder, the path at compile time is that
/// of another checkout.
pub(crate) fn program() -> OsString {
    std::env::var_os("CARGO_BIN_EXE_vambe").expect("CARGO_BIN_EXE_vambe is not set: run the tests with `cargo test`")
}

/// Creates a process of the binary without arguments and settings.
pub(crate) fn binary() -> std::process::Command {
    let mut command = std::process::Command::new(program());
    command.env_clear().envs(clean_environment());
    command
}

/// The binary as a terminal starts it. Whoever runs the tests may ignore SIGHUP, as `nohup` does, and a program inherits that.
pub(crate) fn binary_with_default_signals() -> std::process::Command {
    if !cfg!(target_os = "linux") {
        return binary();
    }
    let mut command = std::process::Command::new("env");
    command.arg("--default-signal=HUP").arg(program()).env_clear().envs(clean_environment());
    command
}

/// Creates a command of the binary with these arguments and without settings.
pub(crate) fn vambe(args: &[&str]) -> Command {
    let mut command = Command::from_std(binary());
    command.args(args).timeout(PATIENCE);
    command
}

/// Creates a command with the key and the URL of an emulator in its environment.
pub(crate) fn vambe_with(emulator: &Emulator, args: &[&str]) -> Command {
    let mut command = vambe(args);
    command.env("VAMBE_API_KEY", emulator.api_key()).env("VAMBE_BASE_URL", emulator.url());
    command
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let (took, others): (Vec<_>, Vec<_>) = stderr.split_inclusive('\n').partition(|line| line.starts_with("took "));
    let outcome = Outcome {
        code: output.status.code().expect("no signal ended it"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: others.concat(),
        took: !took.is_empty(),
    };
    outcome.assert_hides(&[API_KEY, "panicked"]);
    outcome
}

/// Starts an emulator with these contacts and [`API_KEY`].
pub(crate) fn emulator(contacts: impl IntoIterator<Item = Contact>) -> Emulator {
    let seed = contacts.into_iter().fold(Seed::new(API_KEY), Seed::with_contact);
    Emulator::builder().state(seed).start().unwrap()
}

/// Creates a contact with the number [`number`] and one active ticket, [`ticket_id`], of the same index.
pub(crate) fn contact(index: u32) -> Contact {
    Contact::new(contact_id(index)).with_number(number(index)).with_ticket(Ticket::active(ticket_id(index)))
}

pub(crate) fn contact_id(index: u32) -> Uuid {
    Uuid::from_u128(1 << 64 | u128::from(index))
}

pub(crate) fn ticket_id(index: u32) -> Uuid {
    Uuid::from_u128(2 << 64 | u128::from(index))
}

pub(crate) fn number(index: u32) -> String {
    format!("+569{index:08}")
}

/// Returns the variables that a process needs to run, without proxies, colours, widths, and settings for the real server.
fn clean_environment() -> impl Iterator<Item = (&'static str, OsString)> {
    ["SystemRoot", "LLVM_PROFILE_FILE"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)))
}

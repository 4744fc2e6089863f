//! The real binary, as a process of its own, against an emulator in the process of the tests.

use std::{ffi::OsString, time::Duration};

use assert_cmd::Command;
use vambe_emulator::{Contact, Emulator, Seed, Ticket, Uuid};

/// The key that the emulators of these tests take. No output may have it, which [`run`] sees to.
pub(crate) const API_KEY: &str = "planted-api-key";

/// Far above what any test needs: it only keeps a failing one from hanging.
pub(crate) const PATIENCE: Duration = Duration::from_mins(10);

/// What a command has printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
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

/// The path of the binary. Cargo sets it for each run: with a copied target folder, the one that was compiled in is another
/// checkout's.
pub(crate) fn program() -> OsString {
    std::env::var_os("CARGO_BIN_EXE_vambe").expect("CARGO_BIN_EXE_vambe is not set: run the tests with `cargo test`")
}

/// The binary without arguments and settings, for who needs more of the process than its end.
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

/// The binary with these arguments and an environment without any setting.
pub(crate) fn vambe(args: &[&str]) -> Command {
    let mut command = Command::from_std(binary());
    command.args(args).timeout(PATIENCE);
    command
}

/// The same, with the key and the URL of an emulator in its environment.
pub(crate) fn vambe_with(emulator: &Emulator, args: &[&str]) -> Command {
    let mut command = vambe(args);
    command.env("VAMBE_API_KEY", emulator.api_key()).env("VAMBE_BASE_URL", emulator.url());
    command
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    let outcome = Outcome {
        code: output.status.code().expect("no signal ended it"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    outcome.assert_hides(&[API_KEY, "panicked"]);
    outcome
}

/// An emulator with these contacts, which takes [`API_KEY`].
pub(crate) fn emulator(contacts: impl IntoIterator<Item = Contact>) -> Emulator {
    let seed = contacts.into_iter().fold(Seed::new(API_KEY), Seed::with_contact);
    Emulator::builder().state(seed).start().unwrap()
}

/// A contact with the number [`number`] and one active ticket, [`ticket_id`], of the same index.
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

/// What a process needs to run at all. All else is left out: proxies, colours, widths, and what is set for the real server.
fn clean_environment() -> impl Iterator<Item = (&'static str, OsString)> {
    ["SystemRoot", "LLVM_PROFILE_FILE"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)))
}

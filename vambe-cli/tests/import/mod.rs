//! `vambe ticket metadata import` against the emulator, each with an input in a directory of its own.

mod brake;
#[cfg(unix)]
mod disk;
mod ends;
mod failed;
mod faults;
mod growing;
mod input;
mod journal;
#[cfg(unix)]
mod kill;
mod later;
mod order;
mod privacy;
#[cfg(unix)]
mod rate;
mod reading;
mod report;
mod retry;
mod rows;
pub(crate) mod schema;
mod session;
#[cfg(unix)]
mod signals;
mod status;
mod unknown;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, ChildStderr, ExitStatus, Stdio},
    thread,
};

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;
use vambe_emulator::{Emulator, Seed, Uuid};

use self::rows::{Random, csv, numbered};
use crate::support::{API_KEY, Outcome, binary_with_default_signals, contact, run, vambe_with};

/// The start of every metadata value of these tests, which no output may have.
const SECRET: &str = "hunter2";
/// A part of the first 9,999 contact numbers, which no output may have.
const NUMBER: &str = "5690000";

const IMPORT: [&str; 3] = ["ticket", "metadata", "import"];

/// The metadata of all tickets.
type State = BTreeMap<Uuid, BTreeMap<String, String>>;

/// A directory with an input, in which commands run, and a server for them.
struct Bench {
    dir: TempDir,
    emulator: Emulator,
    input: &'static str,
}

impl Bench {
    /// Starts a server with contacts from 1 to `contacts`, which does not record its requests.
    fn new(contacts: u32, input: &'static str, content: impl AsRef<[u8]>) -> Self {
        let seed = (1..=contacts).map(contact).fold(Seed::new(API_KEY), Seed::with_contact);
        let emulator = Emulator::builder().state(seed).keep_requests(0).start().unwrap();
        let bench = Self { dir: tempfile::tempdir().unwrap(), emulator, input };
        bench.write(input, content);
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    #[track_caller]
    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Returns the names of all files.
    fn files(&self) -> BTreeSet<String> {
        let files = fs::read_dir(self.dir.path()).unwrap();
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Creates an import of the input.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = vambe_with(&self.emulator, &IMPORT);
        command.arg(self.input).args(args).current_dir(self.dir.path());
        command
    }

    /// Runs an import of the input to its end.
    #[track_caller]
    fn run(&self, args: &[&str]) -> Outcome {
        checked(&mut self.command(args))
    }

    /// Runs an import with `--format json`.
    #[track_caller]
    fn events(&self, args: &[&str]) -> Events {
        Events::of(checked(self.command(args).args(["--format", "json"])))
    }

    /// Starts an import of the input, which ends by itself or by a signal.
    fn start(&self, args: &[&str]) -> Running {
        let mut command = binary_with_default_signals();
        command.env("VAMBE_API_KEY", API_KEY).env("VAMBE_BASE_URL", self.emulator.url());
        command.args(IMPORT).arg(self.input).args(args).current_dir(self.dir.path());
        Running::new(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// Waits until the server has applied `updates`, or the import has ended; returns true if it has.
    fn wait_for_updates(&self, updates: u64, running: &mut Running) -> bool {
        while self.emulator.updates() < updates {
            if running.process.try_wait().unwrap().is_some() {
                return true;
            }
            thread::yield_now();
        }
        false
    }

    /// Waits until the requests of a killed process have ended.
    fn wait_for_quiet(&self) {
        while self.emulator.open_connections() > 0 {
            thread::yield_now();
        }
    }

    fn state(&self) -> State {
        self.emulator.tickets().into_iter().map(|ticket| (ticket.id(), ticket.metadata().clone())).collect()
    }

    /// Returns the rows of [`numbered`] that the server has applied.
    fn applied(&self) -> BTreeSet<u64> {
        let keys = self.state().into_values().flat_map(BTreeMap::into_keys);
        keys.filter_map(|key| key.strip_prefix("row_")?.parse().ok()).collect()
    }

    /// Reads the journal next to the input.
    #[track_caller]
    fn journal(&self) -> Journal {
        Journal::read(&self.read(&format!("{}.journal", self.input)))
    }
}

/// Runs a command to its end, and asserts that it shows nothing private.
#[track_caller]
fn checked(command: &mut Command) -> Outcome {
    let outcome = run(command);
    outcome.assert_hides(&[SECRET, NUMBER]);
    outcome
}

/// A running import, killed if the test fails.
struct Running {
    process: Child,
    stderr: BufReader<ChildStderr>,
}

impl Running {
    fn new(mut process: Child) -> Self {
        let stderr = BufReader::new(process.stderr.take().unwrap());
        Self { process, stderr }
    }

    /// Reads the standard error up to a line with these words.
    #[track_caller]
    fn wait_for_line(&mut self, words: &str) {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(self.stderr.read_line(&mut line).unwrap(), 0, "{words:?} was not printed");
        }
    }

    fn wait(mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The output of `--format json`.
#[derive(Debug)]
struct Events {
    outcome: Outcome,
    all: Vec<Value>,
}

impl Events {
    /// Parses the lines, each an object with an event; the last one is the summary.
    #[track_caller]
    fn of(outcome: Outcome) -> Self {
        let all = schema::events(&outcome.stdout);
        let events: Vec<_> = all.iter().map(|event| event["event"].as_str().unwrap()).collect();
        assert_eq!(events.last(), Some(&"summary"), "{outcome:?}");
        assert_eq!(events.iter().filter(|event| **event == "summary").count(), 1, "{outcome:?}");
        Self { outcome, all }
    }

    /// Returns the events with this name.
    fn named(&self, name: &str) -> Vec<&Value> {
        self.all.iter().filter(|event| event["event"] == name).collect()
    }

    fn summary(&self) -> &Value {
        self.all.last().unwrap()
    }

    /// Returns the numbers of applied, rejected, unsent and unknown rows; with settled and superseded ones they add up.
    #[track_caller]
    fn counts(&self) -> [u64; 4] {
        let summary = self.summary();
        let counts = ["applied", "rejected", "not_sent", "unknown"].map(|name| summary[name].as_u64().unwrap());
        let others = ["settled", "superseded"].map(|name| summary[name].as_u64().unwrap());
        assert_eq!(json!(counts.iter().chain(&others).sum::<u64>()), summary["rows"], "{summary}");
        // The reasons add up to the counts; of a check, rows without a reason are valid.
        for (name, count) in ["rejected", "not_sent", "unknown"].into_iter().zip(&counts[1..]) {
            if summary["end"] == "checked" && name == "not_sent" {
                continue;
            }
            let reasons = summary["reasons"].as_array().unwrap().iter().filter(|reason| reason["outcome"] == name);
            assert_eq!(reasons.map(|reason| reason["rows"].as_u64().unwrap()).sum::<u64>(), *count, "{summary}");
        }
        counts
    }
}

/// The content of a journal.
struct Journal {
    header: Value,
    records: Vec<Value>,
}

impl Journal {
    /// Reads a journal whose lines are all whole.
    #[track_caller]
    fn read(bytes: &[u8]) -> Self {
        assert!(bytes.ends_with(b"\n"));
        Self::whole_lines(bytes)
    }

    /// Reads the lines before a torn one.
    #[track_caller]
    fn whole_lines(bytes: &[u8]) -> Self {
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let text = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = text.lines().map(|line| {
            let (crc, json) = line.split_once(' ').unwrap();
            assert_eq!(crc, format!("{:08x}", crc32fast::hash(json.as_bytes())));
            serde_json::from_str::<Value>(json).unwrap()
        });
        let header = lines.next().unwrap_or_default();
        // Without the lines of runs.
        Self { header, records: lines.filter(|line| line.get("row").is_some()).collect() }
    }

    /// Returns the rows with this outcome in any run.
    fn rows(&self, outcome: &str) -> BTreeSet<u64> {
        let records = self.records.iter().filter(|record| record["outcome"] == outcome);
        records.map(|record| record["row"].as_u64().unwrap()).collect()
    }

    /// Returns the numbers of applied and rejected rows.
    fn counts(&self) -> [u64; 2] {
        ["applied", "rejected"].map(|outcome| self.rows(outcome).len() as u64)
    }
}

//! How much memory an import takes, as the kernel counts it: a bound, and that it does not grow with the rows.
#![cfg(target_os = "linux")]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use nix::sys::resource::{UsageWho, getrusage};
use sha2::{Digest as _, Sha256};
use vambe_emulator::Emulator;

use crate::support::{binary, contact, emulator, number};

const MIB: u64 = 1 << 20;

/// What an import may take, whatever its input is.
const BOUND: u64 = 64 * MIB;

/// By how much an import of many rows may take more than one of few. Eight bytes for each row would be more.
const GROWTH: u64 = 3 * MIB;

const MANY: u32 = 500_000;

/// A finished import.
struct Measured {
    code: i32,
    /// The most memory that it had at any time, in bytes.
    peak: u64,
    /// What it printed, on both streams.
    printed: String,
}

/// The arguments of the command to measure, one a line.
const ARGUMENTS: &str = "VAMBE_TESTS_MEASURE";
/// Precedes the result in the output of [`child`].
const RESULT: &str = "measured: ";

/// Imports this file, and has the kernel say how much memory that took at most.
///
/// A process of its own, [`child`], runs the command, since the kernel keeps one peak for all children of a process, and
/// counts the size of the process that starts a command as the command's.
fn import(emulator: &Emulator, input: &Path, args: &[&str]) -> Measured {
    let args = [&["ticket", "metadata", "import", input.to_str().unwrap()], args].concat();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "memory::child", "--nocapture"])
        .env(ARGUMENTS, args.join("\n"))
        .env("VAMBE_API_KEY", emulator.api_key())
        .env("VAMBE_BASE_URL", emulator.url())
        .output()
        .unwrap();
    let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let result = printed.split_once(RESULT).and_then(|(_, rest)| rest.lines().next()?.split_once(' '));
    let Some((code, peak)) = result else { panic!("{printed}") };
    Measured { code: code.parse().unwrap(), peak: peak.parse().unwrap(), printed }
}

/// Runs a command and prints its exit code and its peak; in the ordinary run of the tests it does nothing.
#[test]
fn child() {
    let Ok(args) = std::env::var(ARGUMENTS) else { return };
    let mut command = binary();
    command.args(args.lines());
    for name in ["VAMBE_API_KEY", "VAMBE_BASE_URL"] {
        command.env(name, std::env::var(name).unwrap());
    }
    let status = command.stdin(Stdio::null()).status().unwrap();
    let own = own_peak();
    let kilobytes = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
    let peak = u64::try_from(kilobytes).unwrap() << 10;
    assert!(peak > own, "{peak} bytes may be the {own} of the process that started the command");
    println!("{RESULT}{} {peak}", status.code().unwrap());
}

/// The most memory that this process has had, in bytes.
fn own_peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    kilobytes.unwrap().parse::<u64>().unwrap() << 10
}

/// A CSV file of these rows.
fn file(dir: &tempfile::TempDir, rows: impl Iterator<Item = (u32, String)>) -> PathBuf {
    let mut text = "contact_number,note\n".to_owned();
    for (contact, note) in rows {
        writeln!(text, "{},{note}", number(contact)).unwrap();
    }
    let path = dir.path().join("rows.csv");
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn large_cells_with_many_in_flight_stay_below_the_bound() {
    let dir = tempfile::tempdir().unwrap();
    let emulator = emulator([]);
    let input = file(&dir, (0..40).map(|row| (row, "x".repeat(1_000_000))));
    // More than the server takes: so they are in the journal and in the file of failed rows as well.
    let Measured { code, peak, printed } = import(&emulator, &input, &["--in-flight", "64", "--max-rejected", "40"]);
    assert_eq!(code, 1, "{printed}");
    assert!(fs::metadata(dir.path().join("rows.failed.csv")).unwrap().len() > 40_000_000);
    assert!(peak < BOUND, "{peak} bytes");
}

#[test]
fn rows_that_all_wait_for_the_same_ticket_stay_below_the_bound() {
    let dir = tempfile::tempdir().unwrap();
    let emulator = emulator([contact(1)]);
    // While nothing may be sent, as many rows are read as will be.
    emulator.inject("429:retry-after=4".parse().unwrap());
    let input = file(&dir, (0..500).map(|row| (1, format!("{row}{}", "x".repeat(90_000)))));
    let Measured { code, peak, printed } = import(&emulator, &input, &["--in-flight", "64"]);
    assert_eq!(code, 0, "{printed}");
    assert!(peak < BOUND, "{peak} bytes");
}

#[test]
fn memory_does_not_grow_with_the_rows() {
    let dir = tempfile::tempdir().unwrap();
    let emulator = emulator([]);
    let peaks = |rows| {
        let input = file(&dir, (0..rows).map(|row| (row, "x".to_owned())));
        let checked = import(&emulator, &input, &["--dry-run"]);
        assert_eq!(checked.code, 0, "{}", checked.printed);

        // As if they had all been sent, but for the last.
        let applied = |row| format!("{{\"row\":{row},\"outcome\":\"applied\",\"attempts\":1}}");
        write_journal(&input, rows, emulator.url(), (1..rows).map(applied));
        let resumed = import(&emulator, &input, &["--same-account"]);
        assert_eq!(resumed.code, 1, "{}", resumed.printed);
        assert_eq!(emulator.requests().len(), 1);
        emulator.clear_requests();
        (checked.peak, resumed.peak)
    };
    let (few, many) = (peaks(1_000), peaks(MANY));
    assert!(many.0 < few.0 + GROWTH, "checked: {few:?}, {many:?}");
    assert!(many.1 < few.1 + GROWTH, "resumed: {few:?}, {many:?}");
}

#[test]
fn memory_does_not_grow_with_the_rejected_rows() {
    let (few, many) = (peak_with_rejected(1_000), peak_with_rejected(500_000));
    // The rows that are sorted at once are 4 MiB, the first thousand of them nothing.
    assert!(many < few + 4 * MIB + GROWTH, "{few}, {many}");
    assert!(many < BOUND, "{many} bytes");
}

/// The peak of an import by whose journal all rows are rejected, so that they are only written out.
fn peak_with_rejected(rows: u32) -> u64 {
    let dir = tempfile::tempdir().unwrap();
    let emulator = emulator([]);
    let input = file(&dir, (0..rows).map(|row| (row, "x".to_owned())));
    let rejected = |row: u32| {
        let input = format!("{},x", number(row - 1));
        let line = row + 1;
        format!(
            "{{\"row\":{row},\"outcome\":\"rejected\",\"attempts\":1,\"status\":404,\"reason\":\"Contact not found\",\
             \"line\":{line},\"input\":\"{input}\"}}"
        )
    };
    write_journal(&input, rows, emulator.url(), (1..=rows).map(rejected));
    let Measured { code, peak, printed } = import(&emulator, &input, &["--same-account"]);
    assert_eq!(code, 1, "{printed}");
    let failed = fs::read_to_string(dir.path().join("rows.failed.csv")).unwrap();
    assert_eq!(failed.lines().count(), 1 + rows as usize);
    peak
}

/// A journal of version 0.1.0 with these records.
fn write_journal(input: &Path, rows: u32, base_url: &str, records: impl Iterator<Item = String>) {
    let bytes = fs::read(input).unwrap();
    let sha256 = Sha256::digest(&bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let header = format!(
        "{{\"vambe_journal\":1,\"input_sha256\":\"{sha256}\",\"input_bytes\":{},\"input_rows\":{rows},\
         \"format\":\"csv, ','\",\"base_url\":\"{base_url}\",\"started\":\"2026-11-22T12:00:00Z\"}}",
        bytes.len()
    );
    let mut text = String::new();
    for json in std::iter::once(header).chain(records) {
        writeln!(text, "{:08x} {json}", crc32fast::hash(json.as_bytes())).unwrap();
    }
    fs::write(input.with_extension("csv.journal"), text).unwrap();
}

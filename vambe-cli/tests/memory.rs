//! How much memory an import takes, read from its process: a bound, and that it does not grow with the rows.
#![cfg(target_os = "linux")]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use sha2::{Digest as _, Sha256};
use vambe_emulator::Emulator;

use crate::support::{binary, contact, emulator, number};

const MIB: u64 = 1 << 20;

/// What an import may take, whatever its input is.
const BOUND: u64 = 64 * MIB;

/// By how much an import of many rows may take more than one of few. Eight bytes for each row would be more.
const GROWTH: u64 = 3 * MIB;

const MANY: u32 = 500_000;

/// An import of this file.
fn import(emulator: &Emulator, input: &Path, args: &[&str]) -> Command {
    let mut command = binary();
    command.args(["ticket", "metadata", "import"]).arg(input).args(args);
    command.env("VAMBE_API_KEY", emulator.api_key()).env("VAMBE_BASE_URL", emulator.url());
    command
}

/// Runs a command to its end, and gives the most memory that it had at a time.
fn peak(mut command: Command) -> (Output, u64) {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let (sender, ended) = mpsc::channel();
    let waiting = thread::spawn(move || sender.send(child.wait_with_output().unwrap()).unwrap());
    let mut peak = 0;
    let output = loop {
        // The system keeps the peak itself: only what comes after the last look is missed.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let kilobytes = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        peak = peak.max(kilobytes.map_or(0, |kilobytes| kilobytes.parse::<u64>().unwrap() << 10));
        if let Ok(output) = ended.recv_timeout(Duration::from_millis(1)) {
            break output;
        }
    };
    waiting.join().unwrap();
    assert!(peak > MIB, "nothing was measured: {output:?}");
    (output, peak)
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
    let (output, peak) = peak(import(&emulator, &input, &["--in-flight", "64"]));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
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
    let (output, peak) = peak(import(&emulator, &input, &["--in-flight", "64"]));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(peak < BOUND, "{peak} bytes");
}

#[test]
fn memory_does_not_grow_with_the_rows() {
    let dir = tempfile::tempdir().unwrap();
    let emulator = emulator([]);
    let peaks = |rows| {
        let input = file(&dir, (0..rows).map(|row| (row, "x".to_owned())));
        let (output, checked) = peak(import(&emulator, &input, &["--dry-run"]));
        assert_eq!(output.status.code(), Some(0), "{output:?}");

        // As if they had all been sent, but for the last.
        let applied = |row| format!("{{\"row\":{row},\"outcome\":\"applied\",\"attempts\":1}}");
        write_journal(&input, rows, emulator.url(), (1..rows).map(applied));
        let (output, resumed) = peak(import(&emulator, &input, &["--same-account"]));
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert_eq!(emulator.requests().len(), 1, "{output:?}");
        emulator.clear_requests();
        (checked, resumed)
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
    let (output, peak) = peak(import(&emulator, &input, &["--same-account"]));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
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

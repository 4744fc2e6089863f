//! The sources of the API key, and errors without one.

use std::{fs, path::PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;
use vambe_emulator::Emulator;

use crate::support::{API_KEY, contact, emulator, run, ticket_id, vambe};

/// Creates a command without a key.
fn set(emulator: &Emulator) -> Command {
    let mut command = vambe(&["ticket", "metadata", "set", "--max-attempts", "1", "a=b"]);
    command.args(["--base-url", emulator.url(), "--ticket-id", &ticket_id(1).to_string()]);
    command
}

/// Creates a file that only its owner can read.
fn key_file(folder: &TempDir, content: &[u8]) -> PathBuf {
    let path = folder.path().join("vambe-key");
    fs::write(&path, content).unwrap();
    #[cfg(unix)]
    permit(&path, 0o600);
    path
}

#[cfg(unix)]
fn permit(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;

    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn the_key_file_takes_precedence_over_the_environment() {
    let emulator = emulator([contact(1)]);
    let folder = tempfile::tempdir().unwrap();
    run(set(&emulator).env("VAMBE_API_KEY", API_KEY)).assert(0, &[]);
    for end in ["", "\n", "\r\n", "\n\n"] {
        let path = key_file(&folder, format!("{API_KEY}{end}").as_bytes());
        let outcome = run(set(&emulator).arg("--api-key-file").arg(path));
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{end:?}");
    }
    let path = key_file(&folder, API_KEY.as_bytes());
    run(set(&emulator).env("VAMBE_API_KEY", "wrong-key").arg("--api-key-file").arg(path)).assert(0, &[]);
    assert_eq!(emulator.updates(), 6);
}

#[test]
fn the_url_option_takes_precedence_over_the_environment() {
    let emulator = emulator([contact(1)]);
    for elsewhere in ["http://127.0.0.1:1", ""] {
        run(set(&emulator).env("VAMBE_API_KEY", API_KEY).env("VAMBE_BASE_URL", elsewhere)).assert(0, &[]);
    }
}

#[test]
fn explains_a_missing_or_invalid_key() {
    let emulator = emulator([contact(1)]);
    run(&mut set(&emulator)).assert(2, &["no API key", "VAMBE_API_KEY", "--api-key-file"]);
    for (key, words) in
        [("", "VAMBE_API_KEY is empty"), ("hunter\u{7f}2", "a character that cannot be sent, at position 7")]
    {
        run(set(&emulator).env("VAMBE_API_KEY", key)).assert(2, &[words]).assert_hides(&["hunter"]);
    }
    assert_eq!(emulator.requests().len(), 0);
}

#[test]
fn explains_a_file_without_a_valid_key() {
    let emulator = emulator([contact(1)]);
    let folder = tempfile::tempdir().unwrap();
    for (content, words) in [
        (&b""[..], "is empty: write the key into it"),
        (b" \n", "is empty: write the key into it"),
        (b"hunter2\xff", "is not UTF-8: save it as plain text"),
        (&[b'x'; 4097], "has more than 4096 bytes"),
        (b"hunter2\nhunter3", "a character that cannot be sent, at position 8"),
    ] {
        let path = key_file(&folder, content);
        run(set(&emulator).arg("--api-key-file").arg(&path)).assert(2, &[words]).assert_hides(&["hunter"]);
    }
    run(set(&emulator).arg("--api-key-file").arg(folder.path())).assert(2, &["error: "]);
    let missing = folder.path().join("missing");
    run(set(&emulator).arg("--api-key-file").arg(&missing))
        .assert(2, &["cannot read the file of --api-key-file", "caused by: "]);
    let outcome = run(set(&emulator).args(["--api-key-file", "hunter2"]));
    outcome.assert(2, &["a path, not the key"]).assert_hides(&["hunter2"]);
    assert_eq!(emulator.requests().len(), 0);
}

#[cfg(unix)]
#[test]
fn warns_of_a_file_that_others_can_read() {
    let emulator = emulator([contact(1)]);
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(&folder, API_KEY.as_bytes());
    for (mode, warned) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o644, true)] {
        permit(&path, mode);
        let outcome = run(set(&emulator).arg("--api-key-file").arg(&path));
        outcome.assert(0, &[]);
        assert_eq!(
            outcome.stderr.starts_with("warning: other users of this machine can read"),
            warned,
            "{mode:o}: {outcome:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn rejects_a_directory_and_an_endless_file() {
    let emulator = emulator([contact(1)]);
    for (path, words) in [("/", "names a directory: name a file in it"), ("/dev/zero", "has more than 4096 bytes")] {
        run(set(&emulator).args(["--api-key-file", path])).assert(2, &[words]);
    }
}

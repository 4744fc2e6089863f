//! The standard output that nobody reads any more, and colours.

use std::{io, process::Stdio};

use crate::support::{binary, contact, emulator, number, run, vambe};

#[test]
fn a_closed_pipe_is_no_failure() {
    let emulator = emulator([contact(1)]);
    let number = number(1);
    for args in [
        &["--help"][..],
        &["--version"],
        &["help", "ticket"],
        &["completions", "bash"],
        &["man"],
        &["emulator", "--help"],
        &["ticket", "metadata", "set", "--contact-number", &number, "a=b"],
        &["ticket", "metadata", "set", "--contact-number", &number, "a=b", "--format", "json"],
    ] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut command = binary();
        command.env("VAMBE_API_KEY", emulator.api_key()).env("VAMBE_BASE_URL", emulator.url());
        let output = command.args(args).stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).spawn();
        let output = output.unwrap().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{args:?}");
    }
    assert_eq!(emulator.updates(), 2);
}

/// A device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn an_output_error_is_a_failure() {
    for args in [&["--help"][..], &["completions", "bash"], &["man"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = binary().args(args).stdin(Stdio::null()).stdout(full).stderr(Stdio::piped()).spawn();
        let output = output.unwrap().wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{args:?}: {stderr}");
        assert!(stderr.starts_with("error: cannot write to the standard output; "), "{args:?}: {stderr}");
    }
}

#[test]
fn colours_are_used_only_where_wanted() {
    let is_coloured = |name, value| {
        let (help, refusal) = (run(vambe(&["--help"]).env(name, value)), run(vambe(&["--unknown"]).env(name, value)));
        assert_eq!(help.stdout.contains('\u{1b}'), refusal.stderr.contains('\u{1b}'));
        help.stdout.contains('\u{1b}')
    };
    assert!(!is_coloured("TERM", "xterm"), "it goes into a pipe");
    assert!(is_coloured("CLICOLOR_FORCE", "1"), "colours can be seen by this test");
    assert!(!run(vambe(&["--help"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")).stdout.contains('\u{1b}'));
}

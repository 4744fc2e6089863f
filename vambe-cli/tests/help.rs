//! The texts of `--help` and `--version`.

use std::fs;

use crate::support::{run, vambe};

/// All commands. Each is in the help of its parent.
pub(crate) const COMMANDS: [&str; 29] = [
    "",
    "ticket",
    "ticket metadata",
    "ticket metadata set",
    "ticket metadata import",
    "ticket metadata status",
    "ticket metadata report",
    "doctor",
    "quota",
    "quota set",
    "quota show",
    "quota resume",
    "queue",
    "queue migrate",
    "queue enqueue",
    "queue worker",
    "queue status",
    "queue list",
    "queue show",
    "queue dead",
    "queue dead retry",
    "queue dead drop",
    "queue hold",
    "queue release",
    "queue pause",
    "queue resume",
    "emulator",
    "completions",
    "man",
];

/// The texts are in `fixtures/help.txt`, to be read as a whole; `UPDATE_FIXTURES=1` writes it.
#[test]
fn each_command_has_its_help() {
    let mut texts = String::new();
    for command in COMMANDS {
        let args: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let outcome = run(&mut vambe(&args));
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{command}");
        texts += &format!("$ vambe {}\n{}\n", args.join(" "), outcome.stdout);
    }
    // Cargo runs tests in the folder of their package.
    let path = "tests/fixtures/help.txt";
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(path, &texts).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == texts, "read the diff of `UPDATE_FIXTURES=1 cargo test --package vambe-cli`");
}

#[test]
fn the_version_names_the_spec() {
    let spec = &vambe_api::raw::SPEC_SHA256[..12];
    for option in ["--version", "-V"] {
        let outcome = run(&mut vambe(&[option]));
        assert_eq!(outcome.stdout, format!("vambe {} (spec {spec})\n", env!("CARGO_PKG_VERSION")));
        assert_eq!(outcome.code, 0);
    }
}

#[test]
fn no_command_shows_the_help_as_an_error() {
    for args in [&[][..], &["ticket"], &["ticket", "metadata"]] {
        let outcome = run(&mut vambe(args));
        outcome.assert(2, &["Usage: vambe"]);
        assert_eq!(outcome.stdout, "", "{args:?}");
    }
}

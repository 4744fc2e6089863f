//! `cargo xtask ci`: everything that has to pass before a change lands, cheapest first.

use std::{error::Error, path::Path};

use crate::{bench, codegen, features, report, run::cargo};

const FEATURES: &str = "vambe-api/blocking,vambe-api/bulk,vambe-api/schemars,vambe-emulator/tls";

const STEPS: &[&[&str]] = &[
    &["fmt", "--all", "--check"],
    // Not `--all-features`: `native-tls` needs the headers of the platform's TLS library, which a fresh machine lacks.
    &["clippy", "--workspace", "--all-targets", "--locked", "--features", FEATURES, "--", "--deny", "warnings"],
    &["check", "--package", "vambe-api", "--no-default-features", "--locked"],
    // As a dev-dependency has it, without the program.
    &["clippy", "--package", "vambe-emulator", "--no-default-features", "--locked", "--", "--deny", "warnings"],
    // The doors that fuzz/ goes in by; it is a workspace of its own.
    &["rustc", "--package", "vambe-api", "--lib", "--profile", "check", "--locked", "--", "--cfg", "fuzzing"],
    // Its lock file too: the versions that a crash was found with.
    &["update", "--workspace", "--locked", "--quiet", "--manifest-path", "fuzz/Cargo.toml"],
    &["doc", "--workspace", "--no-deps", "--locked", "--features", FEATURES],
    // The command of the README; CI keeps it true.
    &["test", "--workspace", "--locked"],
];

/// With `full` also what takes long or needs other tools: every combination of features, and what a call costs.
pub(crate) fn run(root: &Path, full: bool) -> Result<(), Box<dyn Error>> {
    report(format_args!("==> cargo xtask codegen --check\n"));
    codegen::run(root, true)?;
    for step in STEPS {
        report(format_args!("==> cargo {}\n", step.join(" ")));
        cargo(root, step, &[("RUSTDOCFLAGS", "--deny warnings")])?;
    }
    if full {
        features::check_all(root)?;
        report(format_args!("==> cargo xtask bench budget\n"));
        bench::budget(root)?;
    }
    Ok(())
}

//! `cargo xtask ci`: everything that has to pass before a change lands, cheapest first.

use std::error::Error;

use crate::{codegen, report, run::cargo};

const FEATURES: &str = "vambe-api/blocking,vambe-api/bulk,vambe-api/schemars,vambe-emulator/tls";

const STEPS: &[&[&str]] = &[
    &["fmt", "--all", "--check"],
    // Not `--all-features`: `native-tls` needs the headers of the platform's TLS library, which a fresh machine lacks.
    &["clippy", "--workspace", "--all-targets", "--locked", "--features", FEATURES, "--", "--deny", "warnings"],
    &["check", "--package", "vambe-api", "--no-default-features", "--locked"],
    // The doors that fuzz/ goes in by; it is a workspace of its own.
    &["rustc", "--package", "vambe-api", "--lib", "--profile", "check", "--locked", "--", "--cfg", "fuzzing"],
    &["doc", "--workspace", "--no-deps", "--locked", "--features", FEATURES],
    // The command of the README; CI keeps it true.
    &["test", "--workspace", "--locked"],
];

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    report(format_args!("==> cargo xtask codegen --check\n"));
    codegen::run(true)?;
    for step in STEPS {
        report(format_args!("==> cargo {}\n", step.join(" ")));
        cargo(step, &[("RUSTDOCFLAGS", "--deny warnings")])?;
    }
    Ok(())
}

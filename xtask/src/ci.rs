//! `cargo xtask ci`: the checks for a change, cheapest first.

use std::{error::Error, path::Path};

use crate::{bench, codegen, features, report, run::cargo, test};

const FEATURES: &str = "vambe-api/blocking,vambe-api/bulk,vambe-api/national-numbers,vambe-api/schemars,vambe-api/testing,\
     vambe-emulator/tls";

const STEPS: &[&[&str]] = &[
    &["fmt", "--all", "--check"],
    // Not `--all-features`: with `native-tls`, the tests would not use rustls. `check_native_tls` builds it.
    &["clippy", "--workspace", "--all-targets", "--locked", "--features", FEATURES, "--", "--deny", "warnings"],
    &["check", "--package", "vambe-api", "--no-default-features", "--locked"],
    // As a dev-dependency has it, without the program.
    &["clippy", "--package", "vambe-emulator", "--no-default-features", "--locked", "--", "--deny", "warnings"],
    // The entry points for fuzz/, which is a workspace of its own.
    &["rustc", "--package", "vambe-api", "--lib", "--profile", "check", "--locked", "--", "--cfg", "fuzzing"],
    // The lock file of fuzz/, which has the versions that a crash was found with.
    &["update", "--workspace", "--locked", "--quiet", "--manifest-path", "fuzz/Cargo.toml"],
    &["doc", "--workspace", "--no-deps", "--locked", "--features", FEATURES],
];

/// Runs all steps; with `full` also the ones that take long or need other tools: each feature with each other one, and the
/// budgets.
pub(crate) fn run(root: &Path, full: bool) -> Result<(), Box<dyn Error>> {
    test::prepare()?;
    report(format_args!("==> cargo xtask codegen --check\n"));
    codegen::run(root, true)?;
    for step in STEPS {
        report(format_args!("==> cargo {}\n", step.join(" ")));
        cargo(root, step, &[("RUSTDOCFLAGS", "--deny warnings")])?;
    }
    features::check_native_tls(root)?;
    report(format_args!("==> cargo xtask test\n"));
    test::run(root, &[])?;
    if full {
        features::check_all(root)?;
        report(format_args!("==> cargo xtask bench budget\n"));
        bench::budget(root)?;
    }
    Ok(())
}

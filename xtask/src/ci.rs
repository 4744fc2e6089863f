//! `cargo xtask ci`: everything that has to pass before a change lands, cheapest first.

use std::error::Error;

use crate::{codegen, report, run::cargo};

const STEPS: &[&[&str]] = &[
    &["fmt", "--all", "--check"],
    &["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"],
    &["doc", "--workspace", "--no-deps", "--locked"],
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

//! `cargo xtask bench`: builds the programs of `benches/` and runs the one that measures.
//!
//! They are processes of their own, since this crate must build without vambe-api.

use crate::run::{self, cargo};

/// The generator is built along, for progenitor's own client.
const PACKAGE: &[&str] = &["--package", "vambe-benches", "--features", "progenitor", "--release", "--locked"];

/// Measures what the arguments name, by default all.
pub(crate) fn run(arguments: &[String]) -> Result<(), run::Error> {
    // All of the programs: the one that measures runs the others, and the command.
    cargo(&["build", "--quiet", "--package", "vambe-cli", "--release", "--locked"], &[])?;
    cargo(&[&["build", "--quiet", "--bins"], PACKAGE].concat(), &[])?;
    let mut measure = [&["run", "--quiet", "--bin", "bench"], PACKAGE, &["--"]].concat();
    measure.extend(arguments.iter().map(String::as_str));
    cargo(&measure, &[])
}

/// Fails if a call or the tree of crates costs more than `benches/budget.txt` says.
pub(crate) fn budget() -> Result<(), run::Error> {
    run(&["budget".to_owned()])
}

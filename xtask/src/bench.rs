//! `cargo xtask bench`: builds the programs of `benches/` and runs the one that measures.
//!
//! They run as separate processes, since this crate must build without vambe-api.

use std::path::Path;

use crate::run::{self, cargo};

const PACKAGE: &[&str] = &["--package", "vambe-benches", "--release", "--locked"];
/// The feature builds the alternatives, and with progenitor's own client the generator. They also change the features of reqwest.
const CONTENDERS: &[&str] = &["--features", "contenders"];

/// Measures the parts that the arguments name, by default all.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), run::Error> {
    let contenders: &[&str] = if arguments == ["budget"] { &[] } else { CONTENDERS };
    // The measuring program runs the others and the command.
    cargo(root, &["build", "--package", "vambe-cli", "--release", "--locked"], &[])?;
    cargo(root, &[&["build", "--bins"], PACKAGE, contenders].concat(), &[])?;
    let mut measure = [&["run", "--bin", "bench"], PACKAGE, contenders, &["--"]].concat();
    measure.extend(arguments.iter().map(String::as_str));
    cargo(root, &measure, &[])
}

/// Fails if a call or the tree of crates costs more than `benches/budget.txt` says.
pub(crate) fn budget(root: &Path) -> Result<(), run::Error> {
    run(root, &["budget".to_owned()])
}

//! `cargo xtask demo`: the example of vambe-api, run.
//!
//! It is a process of its own, since this crate must build without vambe-api.

use std::path::Path;

use crate::run::{self, cargo};

pub(crate) fn run(root: &Path) -> Result<(), run::Error> {
    cargo(root, &["run", "--package", "vambe-api", "--example", "demo"], &[])
}

//! `cargo xtask demo`: runs the example of vambe-api.
//!
//! It runs as a separate process, since this crate must build without vambe-api.

use std::path::Path;

use crate::run::{self, cargo};

pub(crate) fn run(root: &Path) -> Result<(), run::Error> {
    cargo(root, &["run", "--package", "vambe-api", "--example", "demo"], &[])
}

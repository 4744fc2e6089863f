//! `cargo xtask demo`: the example of vambe-api, run.
//!
//! It is a process of its own, since this crate must build without vambe-api.

use crate::run::{self, cargo};

pub(crate) fn run() -> Result<(), run::Error> {
    cargo(&["run", "--quiet", "--package", "vambe-api", "--example", "demo"], &[])
}

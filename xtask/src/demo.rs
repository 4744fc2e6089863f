//! `cargo xtask demo`: runs the example of vambe-api.
//!
//! It runs as a separate process, since this crate must build without vambe-api.

use std::path::Path;

use crate::{
    report,
    run::{self, cargo},
};

pub(crate) fn run(root: &Path, watch: bool) -> Result<(), run::Error> {
    report(format_args!("==> building the demo; the first time, it takes a minute or more\n"));
    let mut arguments = vec!["run", "--quiet", "--package", "vambe-api", "--example", "demo"];
    if watch {
        arguments.extend(["--", "--watch"]);
    }
    cargo(root, &arguments, &[])
}

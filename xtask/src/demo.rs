//! `cargo xtask demo`: runs the example of vambe-api; with `--fleet`, the one of vambe-cli.
//!
//! They run as separate processes, since this crate must build without vambe-api.

use std::{error::Error, path::Path};

use crate::{report, run::cargo, test};

/// The demo to run.
#[derive(Clone, Copy)]
pub(crate) enum Demo {
    /// The requests of the page.
    Page,
    /// Updates until Ctrl-C, for the emulator's live page.
    Watch,
    /// Three workers with one queue, in a PostgreSQL of the demo's own.
    Fleet,
}

pub(crate) fn run(root: &Path, demo: Demo) -> Result<(), Box<dyn Error>> {
    if let Demo::Fleet = demo {
        test::prepare_postgresql()?;
    }
    report(format_args!("==> building the demo; the first time, it takes a minute or more\n"));
    let page = ["run", "--quiet", "--package", "vambe-api", "--example", "demo"];
    match demo {
        Demo::Page => cargo(root, &page, &[])?,
        Demo::Watch => cargo(root, &[&page[..], &["--", "--watch"]].concat(), &[])?,
        Demo::Fleet => {
            // Together, so that both have the same dependencies.
            cargo(root, &["build", "--quiet", "--package", "vambe-cli", "--bin", "vambe", "--example", "fleet"], &[])?;
            cargo(root, &["run", "--quiet", "--package", "vambe-cli", "--example", "fleet"], &[])?;
        }
    }
    Ok(())
}

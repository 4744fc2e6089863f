//! `vambe ticket metadata import`: a file of updates, sent row by row, with a journal.

#[allow(dead_code)]
mod failed;
#[allow(dead_code, unused_imports)]
mod input;
#[allow(dead_code)]
mod journal;

use crate::{args::ImportArgs, exit::Exit, output};

/// What is told until the import is put together.
#[derive(Debug, thiserror::Error)]
#[error("the import is not built yet")]
struct NotBuilt;

/// Imports a file.
pub(crate) fn run(_args: ImportArgs) -> Exit {
    output::report(&NotBuilt, None);
    Exit::Unusable
}

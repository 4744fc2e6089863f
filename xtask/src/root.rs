//! The root of the workspace, in which all commands work.

use std::{
    env, fmt,
    path::{Path, PathBuf},
};

/// Finds the root of the workspace whose `cargo xtask` is running, by the variable that `cargo run` sets.
///
/// The folder in which this program was compiled is not used: with a copied or shared target folder, it is another checkout.
pub(crate) fn find() -> Result<PathBuf, NoRoot> {
    let package = env::var_os("CARGO_MANIFEST_DIR").ok_or(NoRoot)?;
    Path::new(&package).parent().map(Path::to_owned).ok_or(NoRoot)
}

/// An error: the program was not started by cargo.
#[derive(Debug)]
pub(crate) struct NoRoot;

impl fmt::Display for NoRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot find the workspace, since CARGO_MANIFEST_DIR is not set: run `cargo xtask`")
    }
}

impl std::error::Error for NoRoot {}

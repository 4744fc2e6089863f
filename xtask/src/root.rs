//! The folder that all commands work in.

use std::{
    env, fmt,
    path::{Path, PathBuf},
};

/// Finds the root of the workspace whose `cargo xtask` is running, by the variable that `cargo run` sets.
///
/// The folder that this program was compiled in would be wrong: with a copied or shared target folder, it is another checkout,
/// which a command would read and write.
pub(crate) fn find() -> Result<PathBuf, NoRoot> {
    let package = env::var_os("CARGO_MANIFEST_DIR").ok_or(NoRoot)?;
    Path::new(&package).parent().map(Path::to_owned).ok_or(NoRoot)
}

/// The program was not started by cargo.
#[derive(Debug)]
pub(crate) struct NoRoot;

impl fmt::Display for NoRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot find the workspace, since CARGO_MANIFEST_DIR is not set: run this as `cargo xtask`")
    }
}

impl std::error::Error for NoRoot {}

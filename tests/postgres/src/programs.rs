//! Finds the programs of PostgreSQL.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The folder with one folder per version; Debian puts only the clients on the PATH.
pub(crate) const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder that has `initdb` and what belongs to it.
#[derive(Debug)]
pub(crate) struct Programs(PathBuf);

impl Programs {
    /// Finds the programs: on the PATH, or the newest version in Debian's folder.
    pub(crate) fn find() -> Option<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        let on_path = env::split_paths(&path).find_map(|folder| {
            // A link may be alone in its folder, without the other programs.
            let initdb = fs::canonicalize(folder.join("initdb")).ok()?;
            initdb.parent().map(Path::to_owned)
        });
        on_path.or_else(newest_of_debian).map(Self)
    }

    pub(crate) fn command(&self, program: &str) -> Command {
        Command::new(self.0.join(program))
    }
}

fn newest_of_debian() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN).ok()?.flatten();
    let numbered = versions.filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        let folder = entry.path().join("bin");
        folder.join("initdb").exists().then_some((version, folder))
    });
    numbered.max().map(|(_, folder)| folder)
}

//! Temporary files next to the file that they are meant for, which a killed run leaves behind and the next one removes.

use std::{
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

/// The end of their names.
const SUFFIX: &str = ".vambe-tmp";

/// Creates a temporary file next to `path`, readable by its owner alone: `.orders.failed.csv.x7Yq2a.vambe-tmp`.
///
/// It is locked for as long as it is open.
pub(super) fn next_to(path: &Path) -> io::Result<NamedTempFile> {
    let file = Builder::new().prefix(&prefix(path)).suffix(SUFFIX).tempfile_in(directory(path))?;
    // Where files cannot be locked, only the removal by another run is at stake, and that run could not lock it either.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Removes those that killed runs have left next to `path`. One that is still written is locked, and stays.
///
/// A file that cannot be removed stays too: it is in nobody's way.
pub(super) fn remove_stale(path: &Path) {
    let prefix = prefix(path);
    let Ok(entries) = fs::read_dir(directory(path)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| {
            let random = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(SUFFIX));
            random.is_some_and(|random| random.len() == 6 && random.chars().all(|c| c.is_ascii_alphanumeric()))
        });
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let path = entry.path();
            let is_stale = OpenOptions::new().write(true).open(&path).is_ok_and(|file| file.try_lock().is_ok());
            if is_stale {
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// The directory that `path` is in.
pub(super) fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn prefix(path: &Path) -> String {
    let name: PathBuf = path.file_name().map(PathBuf::from).unwrap_or_default();
    format!(".{}.", name.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_is_removed_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("orders.failed.csv");
        let open = next_to(&path).unwrap();
        // As if the process had ended without a destructor.
        let stale = next_to(&path).unwrap().into_temp_path().keep().unwrap();
        let others = ["orders.failed.csv", ".orders.failed.csv.notes.vambe-tmp", ".other.csv.abcdef.vambe-tmp"];
        for name in others {
            fs::write(dir.path().join(name), "mine").unwrap();
        }
        remove_stale(&path);
        assert!(!stale.exists());
        assert!(open.path().exists());
        assert!(others.iter().all(|name| dir.path().join(name).exists()));
    }
}

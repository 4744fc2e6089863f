//! The files of a checkout, as git lists them.

use std::{error::Error, path::Path, process::Command};

/// The files of the working tree that are not ignored, with paths relative to the root.
#[derive(Debug)]
pub(crate) struct Sources {
    pub(crate) all: Vec<String>,
    /// The files that are not added to git.
    pub(crate) untracked: Vec<String>,
}

impl Sources {
    pub(crate) fn of(root: &Path) -> Result<Self, Box<dyn Error>> {
        let untracked = list(root, &["--others", "--exclude-standard"])?;
        let mut all = list(root, &["--cached", "--deduplicate"])?;
        // Git lists a deleted file until its removal is staged.
        all.retain(|path| root.join(path).symlink_metadata().is_ok());
        all.extend_from_slice(&untracked);
        Ok(Self { all, untracked })
    }
}

fn list(root: &Path, options: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
    let output = Command::new("git").args(["ls-files", "-z"]).args(options).current_dir(root).output();
    let output = output.map_err(|error| format!("could not start git, which lists the files to package: {error}"))?;
    if !output.status.success() {
        return Err(format!("git cannot list the files: {}", String::from_utf8_lossy(&output.stderr).trim_end()).into());
    }
    Ok(String::from_utf8(output.stdout)?.split_terminator('\0').map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn git(root: &Path, arguments: &[&str]) {
        let status = Command::new("git").args(arguments).current_dir(root).status().unwrap();
        assert!(status.success(), "git {arguments:?}");
    }

    #[test]
    fn new_files_are_listed_ignored_and_deleted_ones_are_not() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        git(root, &["init", "--quiet", "."]);
        for name in ["known.rs", "deleted.rs", "ignored.rs", "new.rs", ".gitignore"] {
            fs::write(root.join(name), "/ignored.rs\n").unwrap();
        }
        git(root, &["add", "known.rs", "deleted.rs", ".gitignore"]);
        fs::remove_file(root.join("deleted.rs")).unwrap();
        let Sources { mut all, untracked } = Sources::of(root).unwrap();
        all.sort_unstable();
        assert_eq!(all, [".gitignore", "known.rs", "new.rs"]);
        assert_eq!(untracked, ["new.rs"]);
    }

    #[test]
    fn a_folder_that_is_no_repository_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        let message = Sources::of(root.path()).unwrap_err().to_string();
        assert!(message.starts_with("git cannot list the files: fatal: "), "{message}");
    }
}

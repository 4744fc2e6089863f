//! Builds the published crates from their packages alone.

use std::{error::Error, fs, path::Path, process::Command};

use crate::run::cargo;

/// The dependency in `Cargo.toml`, and in a package. Without a registry, cargo would take the crate of that name from the public
/// registry, where anybody could publish one. `Cargo.toml` does not name the registry, since every build from the repository
/// would then need it.
const FROM_HERE: &str = "vambe-derive = { path = \"vambe-derive\", ";
const FROM_REGISTRY: &str = "vambe-derive = { path = \"vambe-derive\", registry = \"internal\", ";

/// Builds the packages from a copy of these files.
pub(crate) fn build(root: &Path, files: &[String]) -> Result<(), Box<dyn Error>> {
    let copy = tempfile::tempdir()?;
    for path in files {
        let target = copy.path().join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(root.join(path), target)?;
    }
    let manifest = copy.path().join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    if !text.contains(FROM_HERE) {
        return Err(format!("Cargo.toml has no line that starts with `{FROM_HERE}`: update packages.rs").into());
    }
    fs::write(&manifest, text.replace(FROM_HERE, FROM_REGISTRY))?;
    let registry = empty_registry()?;
    let index = format!("registries.internal.index=\"file://{}\"", registry.path().display());
    let manifest = manifest.display().to_string();
    let target = root.join("target/package-check").display().to_string();
    let mut arguments = vec!["package", "--manifest-path", &manifest, "--target-dir", &target];
    for package in ["vambe-derive", "vambe-api", "vambe-emulator"] {
        arguments.extend(["--package", package]);
    }
    arguments.extend(["--allow-dirty", "--quiet", "--config", &index]);
    Ok(cargo(root, &arguments, &[])?)
}

/// Creates a registry without packages. cargo reads the index of the registry for publishing, even if it needs nothing from it.
fn empty_registry() -> Result<tempfile::TempDir, Box<dyn Error>> {
    let index = tempfile::tempdir()?;
    fs::write(index.path().join("config.json"), r#"{"dl": "http://127.0.0.1:1/"}"#)?;
    let identity = ["-c", "user.name=release-check", "-c", "user.email=release-check@localhost"];
    for arguments in [["init", "--quiet", "."], ["add", "--all", "."], ["commit", "--quiet", "--message=empty"]] {
        let status = Command::new("git").args(identity).args(arguments).current_dir(index.path()).status()?;
        if !status.success() {
            return Err(format!("`git {}` failed, see above", arguments.join(" ")).into());
        }
    }
    Ok(index)
}

//! The processes of a run: the programs of this package, valgrind and cargo.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use vambe_benches::Failure;

/// Finds the root of the workspace by the variable that `cargo run` sets. With a copied target folder, a path that was compiled in
/// is another checkout's.
pub(crate) fn root() -> Result<PathBuf, Failure> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let root = package.as_deref().and_then(Path::parent).map(Path::to_owned);
    root.ok_or_else(|| "cannot find the workspace, since CARGO_MANIFEST_DIR is not set: run `cargo xtask bench`".into())
}

/// Returns the path of another program of this package, which `cargo xtask bench` has built.
pub(crate) fn program(name: &str) -> Result<PathBuf, Failure> {
    let path = std::env::current_exe()?.with_file_name(name);
    if !path.exists() {
        return Err(format!("{} is not there: build it with `cargo xtask bench`", path.display()).into());
    }
    Ok(path)
}

/// Runs a program in the root and returns its output.
pub(crate) fn output(program: impl AsRef<OsStr>, arguments: &[&str]) -> Result<String, Failure> {
    let command = format!("{} {}", program.as_ref().display(), arguments.join(" "));
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root()?)
        .output()
        .map_err(|error| format!("`{command}` could not be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{command}` failed:\n{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Measures the time of a cargo command in a folder.
pub(crate) fn cargo(arguments: &[&str], folder: &Path) -> Result<Duration, Failure> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(folder).env("CARGO_INCREMENTAL", "0");
    // Settings of this program's build, and a compiler cache, would affect the other build.
    for name in ["CARGO_TARGET_DIR", "CARGO_PROFILE_DEV_DEBUG", "RUSTC_WRAPPER"] {
        command.env_remove(name);
    }
    let start = Instant::now();
    let output = command.output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`cargo {}` in {} failed:\n{said}", arguments.join(" "), folder.display()).into());
    }
    Ok(start.elapsed())
}

/// Counts the crates that a package of the manifest in `folder` builds, without itself.
pub(crate) fn crates(folder: &Path, package: &str) -> Result<f64, Failure> {
    let manifest = folder.join("Cargo.toml").display().to_string();
    let arguments = ["--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree =
        output(cargo, &[&["tree", "--manifest-path", &manifest, "--package", package], &arguments[..]].concat())?;
    let mut lines: Vec<_> = tree.lines().skip(1).map(|line| line.trim_end_matches(" (*)")).collect();
    lines.sort_unstable();
    lines.dedup();
    Ok(lines.len() as f64)
}

/// The server, in its own process so that callgrind measures only the client.
pub(crate) struct Server {
    pub(crate) url: String,
    process: Child,
}

impl Server {
    pub(crate) fn start() -> Result<Self, Failure> {
        let mut process = Command::new(program("serve")?).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut url = String::new();
        if let Some(output) = &mut process.stdout {
            BufReader::new(output).read_line(&mut url)?;
        }
        Ok(Self { url: url.trim_end().to_owned(), process })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

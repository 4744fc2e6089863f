//! `cargo xtask release-check`: checks that a version can be tagged, and reports everything that is missing at once.

use std::{error::Error, fmt, fs, path::Path, process::Command};

use crate::{
    diff::{OVERLAY_EXTENSION, RELEASED, compare_files, last_release, numbers, read},
    input::{Files, OVERLAY, SPEC},
    packages, report,
    run::cargo,
    sources::Sources,
};

/// The version of all crates.
const VERSION: &str = env!("CARGO_PKG_VERSION");
const CHANGELOG: &str = "CHANGELOG.md";

/// A step that is missing before the release.
struct Finding(String);

pub(crate) fn run(root: &Path) -> Result<(), Box<dyn Error>> {
    let mut findings = Vec::new();
    findings.extend(check_version(root)?);
    findings.extend(check_copies(root)?);
    findings.extend(check_api(root));
    step(format_args!("{CHANGELOG} has an entry for {VERSION}"));
    findings.extend(check_changelog(&fs::read_to_string(root.join(CHANGELOG))?, VERSION));
    let sources = Sources::of(root)?;
    findings.extend(check_untracked(&sources.untracked));
    findings.extend(check_packages(root, &sources));
    if findings.is_empty() {
        report(format_args!("{VERSION} is ready to be tagged\n"));
        return Ok(());
    }
    Err(Box::new(Findings(findings)))
}

/// Checks that the version is as far from the last one as the changes of the document require.
fn check_version(root: &Path) -> Result<Option<Finding>, Box<dyn Error>> {
    let path = last_release(root, numbers(VERSION))?;
    let released = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let bump = compare_files(&read(&path)?, &Files::of_workspace(root)?)?.bump();
    let wanted = bump.next(released).unwrap_or_default();
    step(format_args!("{SPEC} since {released}: bump {bump}, version {wanted} or later"));
    Ok(is_behind(VERSION, &wanted).then(|| {
        Finding(format!(
            "version {VERSION} is too low for the changes of {SPEC} since {released}: set {wanted} or later in Cargo.toml; \
             `cargo xtask diff` explains the changes"
        ))
    }))
}

/// Checks that the tag will have the copies of document and overlay that the next `cargo xtask diff` compares with.
fn check_copies(root: &Path) -> Result<Vec<Finding>, Box<dyn Error>> {
    let mut findings = Vec::new();
    for (original, extension) in [(SPEC, "yaml"), (OVERLAY, OVERLAY_EXTENSION)] {
        let path = format!("{RELEASED}/{VERSION}.{extension}");
        step(format_args!("{path} is a copy of {original}"));
        if fs::read(root.join(&path)).ok() != Some(fs::read(root.join(original))?) {
            findings.push(Finding(format!("{path} is not a copy of {original}: copy it before the tag")));
        }
    }
    Ok(findings)
}

fn is_behind(version: &str, wanted: &str) -> bool {
    numbers(version) < numbers(wanted)
}

/// Checks that the version covers the changes of the public API, if cargo-semver-checks is installed.
fn check_api(root: &Path) -> Option<Finding> {
    let installed = Command::new("cargo").args(["semver-checks", "--version"]).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        step(format_args!(
            "skipped the Rust API: cargo-semver-checks is not installed (`cargo install cargo-semver-checks --locked`)"
        ));
        return None;
    }
    let Some(tag) = last_tag(root) else {
        step(format_args!("skipped the Rust API: no tag v* to compare with"));
        return None;
    };
    step(format_args!("the Rust API since {tag}"));
    let checked = cargo(root, &["semver-checks", "--package", "vambe-api", "--baseline-rev", &tag], &[]);
    checked.err().map(|_| {
        Finding(format!(
            "version {VERSION} is too low for the changes of the Rust API since {tag}: set a later one in Cargo.toml"
        ))
    })
}

/// Returns the last tag of a release in the history of the current commit.
fn last_tag(root: &Path) -> Option<String> {
    let output = Command::new("git")
        .args(["describe", "--tags", "--abbrev=0", "--match", "v*"])
        .current_dir(root)
        .output()
        .ok()?;
    let tag = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !tag.is_empty()).then_some(tag)
}

/// Checks that the change log has a dated entry with at least one item.
fn check_changelog(text: &str, version: &str) -> Option<Finding> {
    let heading = format!("[{version}] - ");
    let text = format!("\n{text}");
    let entry = text.split("\n## ").find_map(|entry| entry.strip_prefix(&heading));
    match entry {
        Some(entry) if entry.lines().any(|line| line.starts_with("- ")) => None,
        Some(_) => Some(Finding(format!("the entry for {version} in {CHANGELOG} is empty: list the changes"))),
        None => Some(Finding(format!(
            "{CHANGELOG} has no entry `## {heading}YYYY-MM-DD`: move the items of Unreleased there"
        ))),
    }
}

/// Checks that no file of the build would be missing in the tag.
fn check_untracked(files: &[String]) -> Option<Finding> {
    step(format_args!("every file is added to git"));
    (!files.is_empty()).then(|| {
        Finding(format!(
            "not added to git: {}; add the files of the release, remove or ignore the others",
            files.join(", ")
        ))
    })
}

/// Checks that each published crate builds from its package alone.
fn check_packages(root: &Path, sources: &Sources) -> Option<Finding> {
    step(format_args!("the packages build"));
    packages::build(root, &sources.all).err().map(|error| Finding(format!("a package does not build: {error}")))
}

fn step(message: fmt::Arguments<'_>) {
    report(format_args!("==> {message}\n"));
}

/// The steps that are missing before the release.
struct Findings(Vec<Finding>);

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not ready for a release")?;
        self.0.iter().try_for_each(|Finding(finding)| write!(f, "\n  - {finding}"))
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Findings {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        for (version, wanted, behind) in
            [("0.1.0", "0.1.0", false), ("0.1.0", "0.1.1", true), ("0.10.0", "0.9.9", false), ("1.0.0", "0.2.0", false)]
        {
            assert_eq!(is_behind(version, wanted), behind, "{version} {wanted}");
        }
    }

    #[test]
    fn document_and_overlay_are_copied_before_the_tag() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join(RELEASED)).unwrap();
        fs::write(root.path().join(SPEC), "new").unwrap();
        fs::write(root.path().join(OVERLAY), "overlay").unwrap();
        let copy = |extension: &str| root.path().join(RELEASED).join(format!("{VERSION}.{extension}"));
        let findings = || check_copies(root.path()).unwrap().len();
        assert_eq!(findings(), 2, "there are no copies");
        fs::write(copy("yaml"), "old").unwrap();
        fs::write(copy("overlay.yaml"), "overlay").unwrap();
        assert_eq!(findings(), 1, "the copy is outdated");
        fs::write(copy("yaml"), "new").unwrap();
        assert_eq!(findings(), 0);
    }

    #[test]
    fn each_untracked_file_is_named() {
        assert!(check_untracked(&[]).is_none());
        let Finding(finding) = check_untracked(&["a.rs".to_owned(), "b/c.rs".to_owned()]).unwrap();
        assert!(finding.starts_with("not added to git: a.rs, b/c.rs; add "), "{finding}");
    }

    #[test]
    fn a_change_log_needs_a_dated_entry_with_an_item() {
        let cases = [
            ("# Log\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- a thing\n", None),
            ("## [0.2.0] - 2026-12-01\n\n- a thing\n", None),
            ("# Log\n\n## [0.2.0] - 2026-12-01\n\n## [0.1.0] - 2026-11-22\n\n- a thing\n", Some("is empty")),
            ("# Log\n\n## [Unreleased]\n\n- a thing\n\n## [0.1.0] - 2026-11-22\n", Some("has no entry")),
            ("# Log\n\n## [0.2.0]\n\n- a thing\n", Some("has no entry")),
            ("", Some("has no entry")),
        ];
        for (text, expected) in cases {
            let finding = check_changelog(text, "0.2.0").map(|Finding(finding)| finding);
            assert_eq!(finding.is_some(), expected.is_some(), "{text:?}: {finding:?}");
            assert!(finding.unwrap_or_default().contains(expected.unwrap_or_default()), "{text:?}");
        }
    }
}

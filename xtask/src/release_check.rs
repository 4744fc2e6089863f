//! `cargo xtask release-check`: what has to hold before a version is tagged. All findings are reported, not the first.

use std::{error::Error, fmt, fs, path::Path, process::Command};

use crate::{
    diff::{SPEC, compare_specs, last_release, numbers, read},
    packages, report,
    run::cargo,
    sources::Sources,
};

/// The version of all crates, which is this one's too.
const VERSION: &str = env!("CARGO_PKG_VERSION");
const CHANGELOG: &str = "CHANGELOG.md";
/// Something that has to be done before the release.
struct Finding(String);

pub(crate) fn run(root: &Path) -> Result<(), Box<dyn Error>> {
    let mut findings = Vec::new();
    findings.extend(check_spec(root)?);
    findings.extend(check_api(root));
    step(format_args!("{CHANGELOG} has an entry for {VERSION}"));
    findings.extend(check_changelog(&fs::read_to_string(root.join(CHANGELOG))?, VERSION));
    let sources = Sources::of(root)?;
    findings.extend(check_untracked(&sources.untracked));
    findings.extend(check_packages(root, &sources));
    if findings.is_empty() {
        report(format_args!("{VERSION} can be released\n"));
        return Ok(());
    }
    Err(Box::new(Findings(findings)))
}

/// The version must be as far from the last release's as the changes of the spec ask for.
fn check_spec(root: &Path) -> Result<Option<Finding>, Box<dyn Error>> {
    let path = last_release(root)?;
    let released = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let (base, head) = (read(&path)?, read(&root.join(SPEC))?);
    let bump = compare_specs((&path.display().to_string(), &base), (SPEC, &head))?.bump();
    let wanted = bump.next(released).unwrap_or_default();
    step(format_args!("the spec since {released}: bump {bump}, so at least {wanted}"));
    Ok(is_behind(VERSION, &wanted).then(|| {
        Finding(format!(
            "the version is {VERSION}, and the spec has changed since {released}: set it to {wanted} or later in Cargo.toml; \
             `cargo xtask diff` tells why"
        ))
    }))
}

fn is_behind(version: &str, wanted: &str) -> bool {
    numbers(version) < numbers(wanted)
}

/// The public API must not have changed more than the version says, by a tool that not everybody has.
fn check_api(root: &Path) -> Option<Finding> {
    let installed = Command::new("cargo").args(["semver-checks", "--version"]).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        step(format_args!(
            "cargo-semver-checks is not installed, so the Rust API is not compared (`cargo install cargo-semver-checks`)"
        ));
        return None;
    }
    let Some(tag) = last_tag(root) else {
        step(format_args!("there is no tag v*, so there is no release to compare the Rust API with"));
        return None;
    };
    step(format_args!("the Rust API since {tag}, by cargo-semver-checks"));
    let checked = cargo(root, &["semver-checks", "--package", "vambe-api", "--baseline-rev", &tag], &[]);
    checked.err().map(|_| {
        Finding(format!(
            "the Rust API has changed since {tag} more than {VERSION} says: set a later version in Cargo.toml"
        ))
    })
}

/// The latest release that is tagged in this history.
fn last_tag(root: &Path) -> Option<String> {
    let output = Command::new("git")
        .args(["describe", "--tags", "--abbrev=0", "--match", "v*"])
        .current_dir(root)
        .output()
        .ok()?;
    let tag = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !tag.is_empty()).then_some(tag)
}

/// The change log must have an entry with a date and something in it.
fn check_changelog(text: &str, version: &str) -> Option<Finding> {
    let heading = format!("[{version}] - ");
    let text = format!("\n{text}");
    let entry = text.split("\n## ").find_map(|entry| entry.strip_prefix(&heading));
    match entry {
        Some(entry) if entry.lines().any(|line| line.starts_with("- ")) => None,
        Some(_) => Some(Finding(format!("the entry for {version} in {CHANGELOG} says nothing: add what has changed"))),
        None => Some(Finding(format!(
            "{CHANGELOG} has no entry `## {heading}YYYY-MM-DD`: move what is under Unreleased there"
        ))),
    }
}

/// A file that git does not know is part of this build, and would be missing in the tag's.
fn check_untracked(files: &[String]) -> Option<Finding> {
    step(format_args!("git knows every file"));
    (!files.is_empty()).then(|| {
        Finding(format!(
            "git does not know {}: `git add` what belongs to the release, remove or ignore the rest",
            files.join(", ")
        ))
    })
}

/// What is published must build from its package alone.
fn check_packages(root: &Path, sources: &Sources) -> Option<Finding> {
    step(format_args!("the packages build"));
    packages::build(root, &sources.all).err().map(|error| Finding(format!("a package does not build: {error}")))
}

fn step(message: fmt::Arguments<'_>) {
    report(format_args!("==> {message}\n"));
}

/// Everything that has to be done before the release.
struct Findings(Vec<Finding>);

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this cannot be released yet")?;
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
    fn each_file_that_git_does_not_know_is_named() {
        assert!(check_untracked(&[]).is_none());
        let Finding(finding) = check_untracked(&["a.rs".to_owned(), "b/c.rs".to_owned()]).unwrap();
        assert!(finding.starts_with("git does not know a.rs, b/c.rs: `git add` "), "{finding}");
    }

    #[test]
    fn a_change_log_needs_a_dated_entry_that_says_something() {
        let cases = [
            ("# Log\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- a thing\n", None),
            ("## [0.2.0] - 2026-12-01\n\n- a thing\n", None),
            ("# Log\n\n## [0.2.0] - 2026-12-01\n\n## [0.1.0] - 2026-11-22\n\n- a thing\n", Some("says nothing")),
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

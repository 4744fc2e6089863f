//! `cargo xtask diff`: the files around the pure comparison of two specs.

use std::{
    fmt, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use lexopt::ValueExt as _;
use vambe_codegen::diff::{self, Bump, DiffError, Heading, Report};

use crate::{root, run::ignore_broken_pipe};

const SPEC: &str = "openapi/vambe.yaml";
const RELEASED: &str = "openapi/released";

/// What `cargo xtask diff --help` prints.
pub(crate) const USAGE: &str = "\
Says for whom a change of the spec breaks, which bump it needs, and what to write into the change log.

Usage: cargo xtask diff [OPTIONS]

Options:
  --base FILE        The spec before the change [default: the highest version in openapi/released/]
  --base-rev REV     Take openapi/vambe.yaml as it is in this git revision for the base
  --head FILE        The spec after the change [default: openapi/vambe.yaml]
  --format FORMAT    text, markdown or json [default: text]
  --fail-on LEVEL    breaking: a change breaks on the wire or in Rust, or nobody knows (unclear)
                     minor: as breaking, or the bump is at least minor
                     patch: as breaking, or the bump is at least patch
  --rules            Print the table of rules as Markdown; openapi/diff-rules.md is that
  -h, --help         Print this

Exit code: 0 all is well; 1 the level of --fail-on is reached, or the documents cannot be compared; 2 wrong usage.
";

/// What the command line asks for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) base: Option<PathBuf>,
    pub(crate) base_rev: Option<String>,
    pub(crate) head: Option<PathBuf>,
    pub(crate) format: Format,
    pub(crate) fail_on: Option<Level>,
    pub(crate) rules: bool,
    pub(crate) help: bool,
}

/// How the report is written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Format {
    #[default]
    Text,
    Markdown,
    Json,
}

/// From where on the command fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Breaking,
    Minor,
    Patch,
}

impl Options {
    /// Takes one option of the command line; gives it back if it is none of ours.
    pub(crate) fn take(
        &mut self,
        name: &str,
        value: impl FnOnce() -> Result<std::ffi::OsString, lexopt::Error>,
    ) -> Result<bool, lexopt::Error> {
        match name {
            "base" => self.base = Some(value()?.into()),
            "head" => self.head = Some(value()?.into()),
            "base-rev" => self.base_rev = Some(value()?.string()?),
            "rules" => self.rules = true,
            "format" => {
                self.format = match value()?.to_str() {
                    Some("text") => Format::Text,
                    Some("markdown") => Format::Markdown,
                    Some("json") => Format::Json,
                    _ => return Err("--format takes text, markdown or json".into()),
                }
            }
            "fail-on" => {
                self.fail_on = Some(match value()?.to_str() {
                    Some("breaking") => Level::Breaking,
                    Some("minor") => Level::Minor,
                    Some("patch") => Level::Patch,
                    _ => return Err("--fail-on takes breaking, minor or patch".into()),
                });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// What cannot be asked for at once.
    pub(crate) fn check(&self) -> Result<(), lexopt::Error> {
        if self.base.is_some() && self.base_rev.is_some() {
            return Err("--base and --base-rev are two bases: give one of them".into());
        }
        Ok(())
    }
}

/// Why there is no report, or why it is a failure.
#[derive(Debug)]
pub(crate) enum Error {
    NoRelease,
    Read { path: PathBuf, source: io::Error },
    Git { source: io::Error },
    Revision { revision: String, said: String },
    Compare { name: String, source: DiffError },
    Write { source: io::Error },
    Reached { level: Level, bump: Bump },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRelease => write!(
                f,
                "{RELEASED}/ has no X.Y.Z.yaml to compare with: copy the spec of the last release there, or name a base with --base or --base-rev"
            ),
            Self::Read { path, source } => {
                write!(
                    f,
                    "{} cannot be read: {source}: name a file that is there with --base or --head",
                    path.display()
                )
            }
            Self::Git { source } => {
                write!(f, "git could not be started: {source}: --base-rev needs it, --base does not")
            }
            Self::Revision { revision, said } => {
                write!(
                    f,
                    "git has no {SPEC} in {revision}: {said}: name a revision that has it, see `git log -- {SPEC}`"
                )
            }
            Self::Compare { name, source } => write!(f, "{name}: {source}"),
            Self::Write { source } => write!(f, "the report cannot be written: {source}"),
            Self::Reached { level, bump } => {
                let level = match level {
                    Level::Breaking => "breaking",
                    Level::Minor => "minor",
                    Level::Patch => "patch",
                };
                write!(f, "--fail-on {level} is reached, the bump is {bump}: see the report")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Compares, writes the report, and fails if it has to.
pub(crate) fn run(options: &Options) -> Result<(), Error> {
    let (text, outcome) = if options.help {
        (USAGE.to_owned(), Ok(()))
    } else if options.rules {
        (diff::rules_markdown(), Ok(()))
    } else {
        compare(&root(), options)?
    };
    let written = io::stdout().lock().write_all(text.as_bytes());
    // A closed pipe is the reader's choice, not a failure.
    written.or_else(ignore_broken_pipe).map_err(|source| Error::Write { source })?;
    outcome
}

/// The report, and whether the level of `--fail-on` is reached.
fn compare(root: &Path, options: &Options) -> Result<(String, Result<(), Error>), Error> {
    let (base_name, base, version) = base(root, options)?;
    let head_path = options.head.clone().unwrap_or_else(|| root.join(SPEC));
    let head_name = shown(root, &head_path);
    let head = read(&head_path)?;
    let report = diff::diff(&base, &head).map_err(|source| {
        let is_head = source.to_string().starts_with("the head");
        Error::Compare { name: if is_head { head_name.clone() } else { base_name.clone() }, source }
    })?;
    let heading = Heading { base: &base_name, head: &head_name, version: Some(&version) };
    let text = match options.format {
        Format::Text => report.to_text(&heading),
        Format::Markdown => report.to_markdown(&heading),
        Format::Json => format!("{:#}\n", report.to_json(&heading)),
    };
    let outcome = match options.fail_on {
        Some(level) if reaches(&report, level) => Err(Error::Reached { level, bump: report.bump() }),
        _ => Ok(()),
    };
    Ok((text, outcome))
}

fn reaches(report: &Report, level: Level) -> bool {
    report.may_break()
        || match level {
            Level::Breaking => false,
            Level::Minor => report.bump() >= Bump::Minor,
            Level::Patch => report.bump() >= Bump::Patch,
        }
}

/// The base's name, its text, and the version that the bump is counted from.
fn base(root: &Path, options: &Options) -> Result<(String, String, String), Error> {
    let current = env!("CARGO_PKG_VERSION").to_owned();
    if let Some(revision) = &options.base_rev {
        return Ok((format!("{SPEC} in {revision}"), of_revision(root, revision)?, current));
    }
    let path = match &options.base {
        Some(path) => path.clone(),
        None => last_release(root)?,
    };
    // A copy of a release tells by its name which one.
    let named = path.file_stem().and_then(|stem| stem.to_str()).filter(|stem| numbers(stem).is_some());
    let version = named.map_or(current, str::to_owned);
    Ok((shown(root, &path), read(&path)?, version))
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

fn of_revision(root: &Path, revision: &str) -> Result<String, Error> {
    let object = format!("{revision}:{SPEC}");
    let arguments = ["show", "--end-of-options", &object];
    let output =
        Command::new("git").args(arguments).current_dir(root).output().map_err(|source| Error::Git { source })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
        return Err(Error::Revision { revision: revision.to_owned(), said });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The copy of the highest version.
fn last_release(root: &Path) -> Result<PathBuf, Error> {
    let folder = root.join(RELEASED);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::NoRelease),
        Err(source) => return Err(Error::Read { path: folder, source }),
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let versions = paths.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    let versions = versions.filter_map(|path| Some((numbers(path.file_stem()?.to_str()?)?, path)));
    versions.max().map(|(_, path)| path).ok_or(Error::NoRelease)
}

/// The numbers of `X.Y.Z`.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let numbers: Option<Vec<u64>> = version.split('.').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}

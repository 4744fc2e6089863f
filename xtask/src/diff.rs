//! `cargo xtask diff`: reads two specs, compares them and writes the report.

use std::{
    fmt, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use vambe_codegen::diff::{self, Bump, DiffError, Heading, Report, Side};

use crate::{
    input::{self, Files, OVERLAY, SPEC},
    run::ignore_broken_pipe,
};

mod options;

pub(crate) use options::Options;
use options::{Format, Level, USAGE};

pub(crate) const RELEASED: &str = "openapi/released";
/// The end of the name of an overlay next to its document.
pub(crate) const OVERLAY_EXTENSION: &str = "overlay.yaml";

/// The command failed, or `--fail-on` was reached.
#[derive(Debug)]
pub(crate) enum Error {
    NoRelease,
    Read { path: PathBuf, source: io::Error },
    Input(input::Error),
    Git { source: io::Error },
    Revision { revision: String, stderr: String },
    Compare { name: String, rendered: String },
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
            Self::Read { path, source } => write!(f, "cannot read {}: {source}", path.display()),
            Self::Input(error) => write!(f, "{error}: name an existing file with --base or --head"),
            Self::Git { source } => {
                write!(f, "cannot start git: {source}: install it, or use --base instead of --base-rev")
            }
            Self::Revision { revision, stderr } => {
                write!(
                    f,
                    "cannot read {SPEC} in revision {revision}: {stderr}: choose a revision that has it, see `git log -- {SPEC}`"
                )
            }
            Self::Compare { name, rendered } => write!(f, "cannot read {name}:\n{}", rendered.trim_end()),
            Self::Write { source } => write!(f, "cannot write the report: {source}"),
            Self::Reached { level, bump } => {
                let level = match level {
                    Level::Breaking => "breaking",
                    Level::Minor => "minor",
                    Level::Patch => "patch",
                };
                write!(f, "--fail-on {level} was reached (bump: {bump}): see the report")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Compares, writes the report, and fails if `--fail-on` is reached.
pub(crate) fn run(root: &Path, options: &Options) -> Result<(), Error> {
    let (text, outcome) = if options.help {
        (USAGE.to_owned(), Ok(()))
    } else if options.rules {
        (diff::rules_markdown(), Ok(()))
    } else {
        compare(root, options)?
    };
    let written = io::stdout().lock().write_all(text.as_bytes());
    // A closed pipe is the reader's choice, not a failure.
    written.or_else(ignore_broken_pipe).map_err(|source| Error::Write { source })?;
    outcome
}

/// Returns the report, and an error if the level of `--fail-on` is reached.
fn compare(root: &Path, options: &Options) -> Result<(String, Result<(), Error>), Error> {
    let (base_name, base, version) = base(root, options)?;
    let (head_name, head) = match &options.head {
        Some(path) => (relative(root, path), read(path)?),
        None => (SPEC.to_owned(), Files::of_workspace(root).map_err(Error::Input)?),
    };
    let report = compare_files(&base, &head)?;
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

/// Compares two documents, each with its overlay.
pub(crate) fn compare_files(base: &Files, head: &Files) -> Result<Report, Error> {
    diff::diff_inputs(&base.input(), &head.input()).map_err(|DiffError { side, source, .. }| {
        let input = match side {
            Side::Base => base.input(),
            Side::Head => head.input(),
        };
        Error::Compare { name: input.document.name.to_owned(), rendered: source.render(&input) }
    })
}

fn reaches(report: &Report, level: Level) -> bool {
    report.may_break()
        || match level {
            Level::Breaking => false,
            Level::Minor => report.bump() >= Bump::Minor,
            Level::Patch => report.bump() >= Bump::Patch,
        }
}

/// Returns the base's name, its files, and the version that the bump starts from.
fn base(root: &Path, options: &Options) -> Result<(String, Files, String), Error> {
    let current = env!("CARGO_PKG_VERSION").to_owned();
    if let Some(revision) = &options.base_rev {
        return Ok((format!("{SPEC} in {revision}"), of_revision(root, revision)?, current));
    }
    let path = match &options.base {
        Some(path) => path.clone(),
        None => last_release(root, None)?,
    };
    // The name of a copy is the version of its release.
    let named = path.file_stem().and_then(|stem| stem.to_str()).filter(|stem| numbers(stem).is_some());
    let version = named.map_or(current, str::to_owned);
    Ok((relative(root, &path), read(&path)?, version))
}

/// Reads a document with its overlay, if there is one: that of `1.0.0.yaml` is `1.0.0.overlay.yaml`.
pub(crate) fn read(path: &Path) -> Result<Files, Error> {
    let overlay = path.with_extension(OVERLAY_EXTENSION);
    Files::of(path, Some(&*overlay).filter(|overlay| overlay.exists()), None).map_err(Error::Input)
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

fn of_revision(root: &Path, revision: &str) -> Result<Files, Error> {
    let show = |path: &str| {
        let object = format!("{revision}:{path}");
        let arguments = ["show", "--end-of-options", &object];
        let output = Command::new("git").args(arguments).current_dir(root).output();
        let output = output.map_err(|source| Error::Git { source })?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) })
    };
    let document = show(SPEC)?.map_err(|stderr| {
        let stderr = stderr.lines().next().unwrap_or_default().to_owned();
        Error::Revision { revision: revision.to_owned(), stderr }
    })?;
    // A revision without an overlay is older than it.
    let overlay = show(OVERLAY)?.ok();
    let named = |path: &str, text| (format!("{path} in {revision}"), text);
    Ok(Files::of_texts(named(SPEC, document), overlay.map(|text| named(OVERLAY, text))))
}

/// Returns the path of the released document with the highest version, below `before` if there is one.
pub(crate) fn last_release(root: &Path, before: Option<[u64; 3]>) -> Result<PathBuf, Error> {
    let folder = root.join(RELEASED);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::NoRelease),
        Err(source) => return Err(Error::Read { path: folder, source }),
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let versions = paths.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    let versions = versions.filter_map(|path| Some((numbers(path.file_stem()?.to_str()?)?, path)));
    let versions = versions.filter(|(version, _)| before.is_none_or(|before| *version < before));
    versions.max().map(|(_, path)| path).ok_or(Error::NoRelease)
}

/// The numbers of `X.Y.Z`.
pub(crate) fn numbers(version: &str) -> Option<[u64; 3]> {
    let numbers: Option<Vec<u64>> = version.split('.').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PING: &str = "paths: { /ping: { get: { operationId: ping } } }";
    const PONG: &str = "paths: { /ping: { get: { operationId: ping } }, /pong: { get: { operationId: pong } } }";

    /// A workspace with released specs and a current one.
    fn workspace(released: &[(&str, &str)], current: &str) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join(RELEASED)).unwrap();
        for (name, text) in released {
            fs::write(root.path().join(RELEASED).join(name), text).unwrap();
        }
        fs::write(root.path().join(SPEC), current).unwrap();
        root
    }

    #[test]
    fn the_default_base_is_the_numerically_highest_release() {
        let files = [("0.9.0.yaml", PONG), ("0.10.0.yaml", PING), ("1.yaml", PONG), ("README.md", "")];
        let root = workspace(&files, PONG);
        let (text, outcome) = compare(root.path(), &Options::default()).unwrap();
        assert!(text.starts_with("openapi/released/0.10.0.yaml -> openapi/vambe.yaml"), "{text}");
        assert!(text.contains("bump  minor, 0.10.0 to 0.10.1"), "{text}");
        outcome.unwrap();
    }

    #[test]
    fn each_level_of_fail_on_is_reached_by_its_changes() {
        let added = workspace(&[("0.1.0.yaml", PING)], PONG);
        let removed = workspace(&[("0.1.0.yaml", PONG)], PING);
        let unclear = workspace(&[("0.1.0.yaml", PING)], &format!("{PING}\nodd: 1"));
        let same = workspace(&[("0.1.0.yaml", PING)], PING);
        let cases = [
            (&added, [false, true, true]),
            (&removed, [true, true, true]),
            (&unclear, [true, true, true]),
            (&same, [false, false, false]),
        ];
        for (root, expected) in cases {
            let found = [Level::Breaking, Level::Minor, Level::Patch].map(|level| {
                let options = Options { fail_on: Some(level), ..Options::default() };
                compare(root.path(), &options).unwrap().1.is_err()
            });
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn errors_name_the_remedy() {
        let root = workspace(&[], PING);
        let at = |name: &str| Some(root.path().join(name));
        let broken = workspace(&[("0.1.0.yaml", PING)], "paths: [");
        let cases = [
            (root.path(), Options::default(), "name a base with --base or --base-rev"),
            (root.path(), Options { base: at("none.yaml"), ..Options::default() }, "name an existing file"),
            (
                root.path(),
                Options { base_rev: Some("--no-such".into()), ..Options::default() },
                "choose a revision that has it",
            ),
            (broken.path(), Options::default(), "openapi/vambe.yaml:1:8"),
        ];
        for (root, options, expected) in cases {
            let message = compare(root, &options).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn each_document_is_compared_with_its_overlay() {
        let overlay = |update: &str| {
            let head = "overlay: 1.0.0, info: { title: a, version: '1' }";
            format!("{{ {head}, actions: [{{ target: $.paths.*.get, update: {update} }}] }}")
        };
        let root =
            workspace(&[("0.1.0.yaml", PING), ("0.1.0.overlay.yaml", &overlay("{ x-idempotent: false }"))], PING);
        fs::write(root.path().join(OVERLAY), overlay("{ x-idempotent: true }")).unwrap();
        let (text, _) = compare(root.path(), &Options::default()).unwrap();
        assert!(text.contains("became repeatable"), "{text}");
        fs::write(root.path().join(OVERLAY), overlay("[]")).unwrap();
        let message = compare(root.path(), &Options::default()).unwrap_err().to_string();
        assert!(message.contains("--> openapi/overlay.yaml:1:"), "{message}");
    }

    #[test]
    fn json_is_json() {
        let root = workspace(&[("0.1.0.yaml", PING)], PONG);
        let options = Options { format: Format::Json, ..Options::default() };
        let (text, _) = compare(root.path(), &options).unwrap();
        assert!(text.starts_with("{\n") && text.contains("\"next_version\": \"0.1.1\""), "{text}");
    }
}

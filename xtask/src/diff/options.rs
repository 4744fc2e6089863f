//! The command line of `cargo xtask diff`.

use std::path::PathBuf;

use lexopt::ValueExt as _;

/// What `cargo xtask diff --help` prints.
pub(super) const USAGE: &str = "\
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
    pub(super) base: Option<PathBuf>,
    pub(super) base_rev: Option<String>,
    pub(super) head: Option<PathBuf>,
    pub(super) format: Format,
    pub(super) fail_on: Option<Level>,
    pub(super) rules: bool,
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

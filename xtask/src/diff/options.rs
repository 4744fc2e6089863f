//! The command line of `cargo xtask diff`.

use std::path::PathBuf;

use lexopt::ValueExt as _;

/// The output of `cargo xtask diff --help`.
pub(super) const USAGE: &str = "\
Reports what a change of the spec breaks, the version bump it requires, and the lines for the change log.

Usage: cargo xtask diff [OPTIONS]

Options:
  --base FILE        The spec before the change [default: the highest version in openapi/released/]
  --base-rev REV     Use openapi/vambe.yaml and openapi/overlay.yaml of this git revision as the base
  --head FILE        The spec after the change [default: openapi/vambe.yaml with openapi/overlay.yaml]. The overlay of another
                     a.yaml is a.overlay.yaml, if that exists
  --format FORMAT    text, markdown or json [default: text]
  --fail-on LEVEL    breaking: a change breaks on the wire or in Rust, or its impact is unclear
                     minor: like breaking, or the bump is at least minor
                     patch: like breaking, or the bump is at least patch
  --rules            Print the table of rules as Markdown, the content of openapi/diff-rules.md
  -h, --help         Print help

Exit code: 0 success; 1 the level of --fail-on was reached, or the documents cannot be compared; 2 usage error.
";

/// The options of the command.
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

/// The format of the report.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Format {
    #[default]
    Text,
    Markdown,
    Json,
}

/// The level at which the command fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Breaking,
    Minor,
    Patch,
}

impl Options {
    /// Parses one option; returns false if the name is unknown.
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

    /// Rejects options that exclude each other.
    pub(crate) fn check(&self) -> Result<(), lexopt::Error> {
        if self.base.is_some() && self.base_rev.is_some() {
            return Err("--base and --base-rev exclude each other".into());
        }
        Ok(())
    }
}

//! The terms of a judgement: impact, bump, affected users, and the rule that combines them.

use std::fmt;

/// The impact of a change on programs that speak HTTP with the server.
///
/// # Example
///
/// ```
/// use vambe_codegen::diff::WireImpact;
///
/// assert!(WireImpact::Breaking < WireImpact::Wording, "the most severe comes first");
/// assert_eq!(WireImpact::Unclear.to_string(), "unclear");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum WireImpact {
    /// A valid request is rejected or changes its meaning, or a response departs from what was documented.
    Breaking,
    /// It may break; the document does not say.
    Unclear,
    /// Everything that worked still works.
    Compatible,
    /// Only an extension of the vendor changed, which the generator does not read.
    Extension,
    /// Only descriptions changed.
    Wording,
}

impl fmt::Display for WireImpact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking => "breaking",
            Self::Unclear => "unclear",
            Self::Compatible => "compatible",
            Self::Extension => "extension",
            Self::Wording => "wording",
        })
    }
}

/// The bump that a change requires for the version of the Rust crate that follows it.
///
/// # Example
///
/// ```
/// use vambe_codegen::diff::Bump;
///
/// assert_eq!(Bump::Major.next("1.4.2").as_deref(), Some("2.0.0"));
/// // As Cargo reads 0.x: the first number that is not zero is the one that breaks.
/// assert_eq!(Bump::Major.next("0.1.3").as_deref(), Some("0.2.0"));
/// assert_eq!(Bump::Minor.next("0.1.3").as_deref(), Some("0.1.4"));
/// assert_eq!(Bump::Major.next("0.0.3").as_deref(), Some("0.0.4"));
/// assert_eq!(Bump::None.next("not a version"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Bump {
    /// No release needed.
    None,
    /// Behaviour or documentation changes.
    Patch,
    /// Something is added for callers.
    Minor,
    /// Callers of the typed layer have to change their code.
    Major,
}

impl Bump {
    /// The version that follows `version` with this bump; `None` if that is not `X.Y.Z`.
    pub fn next(self, version: &str) -> Option<String> {
        let mut numbers = version.split('.').map(|number| number.parse::<u64>().ok());
        let (major, minor, patch) = (numbers.next()??, numbers.next()??, numbers.next()??);
        if numbers.next().is_some() {
            return None;
        }
        let (major, minor, patch) = match (self, major, minor) {
            (Self::None, ..) => (major, minor, patch),
            (_, 0, 0) => (0, 0, patch.checked_add(1)?),
            (Self::Major, 0, _) => (0, minor.checked_add(1)?, 0),
            (Self::Minor, 0, _) | (Self::Patch, ..) => (major, minor, patch.checked_add(1)?),
            (Self::Minor, ..) => (major, minor.checked_add(1)?, 0),
            (Self::Major, ..) => (major.checked_add(1)?, 0, 0),
        };
        Some(format!("{major}.{minor}.{patch}"))
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// The users that a change affects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// Two fields are all there can be.
#[allow(clippy::exhaustive_structs)]
pub struct Affects {
    /// Callers of the Rust API.
    pub callers: bool,
    /// Users of the HTTP API in any language.
    pub wire: bool,
}

impl fmt::Display for Affects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.callers, self.wire) {
            (true, true) => "callers, wire",
            (true, false) => "callers",
            (false, true) => "wire",
            (false, false) => "nobody",
        })
    }
}

/// The direction that a rule applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Response,
    /// Neither: the document, an operation.
    Neither,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Neither => "-",
        })
    }
}

/// A section of a change log after "Keep a Changelog", without `Fixed` and `Security`: a document does not show what was a bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Section {
    /// New features.
    Added,
    /// Changes of existing features.
    Changed,
    /// Features that will be removed.
    Deprecated,
    /// Removed features.
    Removed,
    /// No line in the change log.
    NotListed,
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Deprecated => "Deprecated",
            Self::Removed => "Removed",
            Self::NotListed => "-",
        })
    }
}

/// The judgement of one kind of change.
///
/// # Example
///
/// ```
/// use vambe_codegen::diff::{WireImpact, rules};
///
/// let rule = rules().find(|rule| rule.id == "request-property-became-required").unwrap();
/// assert_eq!(rule.wire, WireImpact::Breaking);
/// ```
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// The name of the kind of change; oasdiff's if it has the same kind.
    pub id: &'static str,
    /// The direction that the rule applies to.
    pub direction: Direction,
    /// The impact on the wire.
    pub wire: WireImpact,
    /// The bump of the crate's version.
    pub bump: Bump,
    /// Code that uses `raw` may stop compiling; the bump does not count that.
    pub raw: bool,
    /// The affected users.
    pub affects: Affects,
    /// The section of the change log.
    pub section: Section,
    /// The change in one sentence, with `{name}` for the changed part.
    pub summary: &'static str,
    /// The reason for the judgement.
    pub rationale: &'static str,
    /// oasdiff's level, after its id if that differs; empty if it does not check this.
    pub oasdiff: &'static str,
}

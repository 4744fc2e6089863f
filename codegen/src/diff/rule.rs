//! The words of a judgement: verdict, bump, whom a change touches, and the rule that joins them.

use std::fmt;

/// What a change means for who speaks HTTP with the server.
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
    /// A request that was right is refused or means something else, or an answer is not what was promised.
    Breaking,
    /// It may break; the document does not tell.
    Unclear,
    /// What worked goes on working.
    Compatible,
    /// Nothing but words.
    Wording,
}

impl fmt::Display for WireImpact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking => "breaking",
            Self::Unclear => "unclear",
            Self::Compatible => "compatible",
            Self::Wording => "wording",
        })
    }
}

/// What a change asks of the version of the Rust crate that follows it.
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
    /// Behaviour or documentation follows.
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

/// Whom a change touches: either, both or nobody.
///
/// # Example
///
/// ```
/// assert_eq!(vambe_codegen::diff::Affects { callers: true, wire: false }.to_string(), "callers");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// Two fields are all there can be.
#[allow(clippy::exhaustive_structs)]
pub struct Affects {
    /// Callers of the Rust API.
    pub callers: bool,
    /// Users of the wire, whatever they are written in.
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

/// On which way a rule applies.
///
/// # Example
///
/// ```
/// assert_eq!(vambe_codegen::diff::Direction::Request.to_string(), "request");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// What the client sends.
    Request,
    /// What the server answers.
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

/// A section of a change log after "Keep a Changelog". `Fixed` and `Security` are not here: a document does not tell what was a fault.
///
/// # Example
///
/// ```
/// assert_eq!(vambe_codegen::diff::Section::Added.to_string(), "Added");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Section {
    /// For what is new.
    Added,
    /// For what is otherwise than it was.
    Changed,
    /// For what will go.
    Deprecated,
    /// For what has gone.
    Removed,
    /// Not worth a line.
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

/// What one kind of change means.
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
    /// The name of the kind; oasdiff's, where it has one for the same.
    pub id: &'static str,
    /// On which way the rule applies.
    pub direction: Direction,
    /// What it means on the wire.
    pub wire: WireImpact,
    /// What it asks of the crate's version.
    pub bump: Bump,
    /// Whether code that uses `raw` may stop compiling, which the bump does not count.
    pub raw: bool,
    /// Whom it touches.
    pub affects: Affects,
    /// The section of the change log.
    pub section: Section,
    /// When it applies, with `{name}` for what has changed.
    pub summary: &'static str,
    /// Why it is judged so.
    pub rationale: &'static str,
    /// oasdiff's id, if it is another, and its level; empty if it does not check this.
    pub oasdiff: &'static str,
}

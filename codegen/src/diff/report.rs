//! All changes of a comparison, and their form as JSON.

use serde_json::{Value, json};

use super::{Bump, Change, Section, WireImpact};

/// The heading of a report: the names of the documents, and the version that was released with the base.
///
/// # Example
///
/// ```
/// use vambe_codegen::diff::Heading;
///
/// let heading = Heading { base: "openapi/released/0.1.0.yaml", head: "openapi/vambe.yaml", version: Some("0.1.0") };
/// let report = vambe_codegen::diff::diff("a: 1", "a: 1")?;
/// assert!(report.to_text(&heading).contains("no difference"));
/// # Ok::<(), vambe_codegen::diff::DiffError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
// Every caller should consider a further part.
#[allow(clippy::exhaustive_structs)]
pub struct Heading<'a> {
    /// The name of the base document.
    pub base: &'a str,
    /// The name of the head document.
    pub head: &'a str,
    /// The version of the crate that was released with the base document.
    pub version: Option<&'a str>,
}

impl Heading<'_> {
    /// The bump, with the version that it leads to.
    pub(super) fn bump(&self, bump: Bump) -> String {
        match self.version.and_then(|version| Some((version, bump.next(version)?))) {
            Some((version, next)) if bump > Bump::None => format!("{bump}, {version} to {next}"),
            _ => bump.to_string(),
        }
    }
}

/// All changes between two documents.
///
/// # Example
///
/// ```
/// use vambe_codegen::diff::{Bump, Section, diff};
///
/// let base = "paths: {}";
/// let head = "paths: { /ping: { get: { operationId: ping } } }";
/// let report = diff(base, head)?;
/// assert_eq!(report.bump(), Bump::Minor);
/// assert_eq!(report.changelog(), [(Section::Added, vec!["Operation `ping` was added.".to_owned()])]);
/// # Ok::<(), vambe_codegen::diff::DiffError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The changes, most severe first, then by pointer.
    pub changes: Vec<Change>,
}

impl Report {
    /// The greatest bump of all changes.
    pub fn bump(&self) -> Bump {
        self.changes.iter().map(|change| change.bump).max().unwrap_or(Bump::None)
    }

    /// Counts the changes with this impact on the wire.
    pub fn count(&self, impact: WireImpact) -> usize {
        self.changes.iter().filter(|change| change.wire() == impact).count()
    }

    /// Returns whether a user may have to change code, see [`Change::may_break`].
    pub fn may_break(&self) -> bool {
        self.changes.iter().any(Change::may_break)
    }

    /// The lines for the change log, by the sections of "Keep a Changelog".
    pub fn changelog(&self) -> Vec<(Section, Vec<String>)> {
        let mut sections =
            [Section::Added, Section::Changed, Section::Deprecated, Section::Removed].map(|s| (s, Vec::new()));
        for (section, line) in self.changes.iter().filter_map(Change::changelog) {
            for (_, lines) in sections.iter_mut().filter(|(of, lines)| *of == section && !lines.contains(&line)) {
                lines.push(line.clone());
            }
        }
        let mut sections = Vec::from(sections);
        if sections.iter().all(|(_, lines)| lines.is_empty()) && self.bump() > Bump::None {
            let line = "The documentation of the generated client follows the spec.".to_owned();
            return vec![(Section::Changed, vec![line])];
        }
        sections.retain(|(_, lines)| !lines.is_empty());
        sections
    }

    /// The report as JSON, for other programs.
    ///
    /// The form is stable: `format` is 2, and changes if a member is removed or changes its meaning.
    /// `bump` is for the whole, `next_version` is null without a version in the heading. Each of `changes` has `kind`,
    /// `summary`, `rationale`, `direction`, `wire`, `bump`, `raw`, `affects`, `operations`, `inferred`, `base` and `head` (JSON pointers or
    /// null), `old`, `new`, and `covers`, a list of `{side, pointer}`.
    ///
    /// # Example
    ///
    /// ```
    /// let report = vambe_codegen::diff::diff("info: { title: a }", "info: { title: b }")?.to_json(&Default::default());
    /// assert_eq!(report["format"], 2);
    /// assert_eq!(report["changes"][0]["kind"], "info-changed");
    /// assert_eq!(report["changes"][0]["covers"][0]["pointer"], "/info/title");
    /// # Ok::<(), vambe_codegen::diff::DiffError>(())
    /// ```
    pub fn to_json(&self, heading: &Heading<'_>) -> Value {
        let changelog: serde_json::Map<String, Value> =
            self.changelog().into_iter().map(|(section, lines)| (section.to_string(), json!(lines))).collect();
        json!({
            "format": 2,
            "base": heading.base,
            "head": heading.head,
            "bump": self.bump().to_string(),
            "version": heading.version,
            "next_version": heading.version.and_then(|version| self.bump().next(version)),
            "may_break": self.may_break(),
            "changes": self.changes.iter().map(change).collect::<Vec<_>>(),
            "changelog": changelog,
        })
    }
}

fn change(change: &Change) -> Value {
    let mut affects = Vec::new();
    affects.extend(change.affects().callers.then_some("callers"));
    affects.extend(change.affects().wire.then_some("wire"));
    let covers = change.covers.iter().map(|leaf| json!({"side": leaf.side.to_string(), "pointer": leaf.pointer}));
    json!({
        "kind": change.kind(),
        "summary": change.summary(),
        "rationale": change.rule.rationale,
        "direction": change.direction().to_string(),
        "wire": change.wire().to_string(),
        "bump": change.bump.to_string(),
        "raw": change.rule.raw,
        "affects": affects,
        "operations": change.operations,
        "inferred": change.is_inferred(),
        "base": change.base,
        "head": change.head,
        "old": change.old,
        "new": change.new,
        "covers": covers.collect::<Vec<_>>(),
    })
}

//! One change of a report.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Affects, Bump, Direction, Leaf, Section, WireImpact, rule::Rule, walk::Found};

/// One change between two documents, and its consequences.
///
/// # Example
///
/// ```
/// let report = vambe_codegen::diff::diff("servers: [{ url: https://a }]", "servers: [{ url: https://b }]")?;
/// let change = report.changes.first().unwrap();
/// assert_eq!(change.kind(), "server-url-changed");
/// assert_eq!(change.base.as_deref(), Some("/servers/0/url"));
/// assert_eq!(change.summary(), "the server URL changed to `https://b`");
/// # Ok::<(), vambe_codegen::diff::DiffError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The rule that judges it.
    pub rule: &'static Rule,
    /// The name of the field, operation or status that changed.
    pub name: String,
    /// The JSON pointer in the base document, if the part exists there; behind a reference, the pointer of the target.
    pub base: Option<String>,
    /// The JSON pointer in the head document, if the part exists there.
    pub head: Option<String>,
    /// The value at `base`; for a rename, the old name.
    pub old: Option<Value>,
    /// The value at `head`; for a rename, the new name.
    pub new: Option<Value>,
    /// The bump of the crate's version: that of the rule, but at most minor within the schema of an error status.
    pub bump: Bump,
    /// The operations it was found in; empty for parts outside of operations.
    pub operations: Vec<String>,
    /// The differing leaves of the two documents that this change accounts for. Each is in exactly one change; a change has
    /// none where a deeper or more severe one accounts for the same leaves.
    pub covers: Vec<Leaf>,
}

impl Change {
    /// The id of the rule.
    pub fn kind(&self) -> &'static str {
        self.rule.id
    }

    /// The impact on the wire.
    pub fn wire(&self) -> WireImpact {
        self.rule.wire
    }

    /// The users that it affects.
    pub fn affects(&self) -> Affects {
        self.rule.affects
    }

    /// The direction in which it was found.
    pub fn direction(&self) -> Direction {
        self.rule.direction
    }

    /// Returns whether it is inferred from similar parts rather than declared by the document.
    pub fn is_inferred(&self) -> bool {
        self.rule.summary.contains("(inferred")
    }

    /// Returns whether a user may have to change code: it breaks on the wire or in Rust, or its impact is unclear.
    pub fn may_break(&self) -> bool {
        self.bump == Bump::Major || self.wire() <= WireImpact::Unclear
    }

    /// The change in one sentence.
    pub fn summary(&self) -> String {
        self.rule.summary.replace("{name}", &self.name)
    }

    /// The line for the change log and its section; `None` for a change that is not listed.
    pub fn changelog(&self) -> Option<(Section, String)> {
        let section = self.rule.section;
        if section == Section::NotListed {
            return None;
        }
        let mark = match (self.wire(), self.bump) {
            (WireImpact::Unclear, _) if self.kind() == "no-rule" => "To be described: ",
            (_, Bump::Major) => "**Breaking:** ",
            (WireImpact::Breaking, _) => "**Breaking on the wire:** ",
            _ => "",
        };
        let summary = self.summary();
        let line = match self.operations.as_slice() {
            // An operation that is named in the sentence is not named twice.
            operations if operations.iter().all(|operation| summary.contains(&format!("`{operation}`"))) => summary,
            operations => format!("`{}`: {summary}", operations.join("`, `")),
        };
        let line = if mark.is_empty() { capitalised(&line) } else { line };
        Some((section, format!("{mark}{line}.")))
    }

    /// Most severe first, then by pointer: a break of the wire and one of the Rust API are equally severe.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let key = |change: &Self| {
            let severe = match change.bump {
                Bump::Major => WireImpact::Breaking,
                _ => change.wire(),
            };
            (severe, change.wire(), std::cmp::Reverse(change.bump))
        };
        let pointer = |change: &Self| change.head.clone().or_else(|| change.base.clone());
        key(self)
            .cmp(&key(other))
            .then_with(|| pointer(self).cmp(&pointer(other)))
            .then_with(|| self.base.cmp(&other.base))
            .then_with(|| self.kind().cmp(other.kind()))
            .then_with(|| self.name.cmp(&other.name))
    }
}

impl From<Found> for Change {
    fn from(found: Found) -> Self {
        let (base, old) = found.base.unzip();
        let (head, new) = found.head.unzip();
        Self {
            rule: found.rule,
            name: found.name,
            base,
            head,
            old,
            new,
            bump: found.bump,
            operations: found.operations,
            covers: Vec::new(),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

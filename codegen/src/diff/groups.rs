//! The form of a long report: its breaking and unclear kinds on top, then the changes by operation.

use std::collections::{BTreeSet, HashMap};

use super::{Change, Report, WireImpact, rule::Rule};
use crate::document::tokens;

/// A report with more changes than this is grouped.
pub(super) const LONG: usize = 20;
/// The changes of one operation, of a component that several operations share, or of neither.
#[derive(Debug)]
pub(super) struct Group<'r> {
    pub(super) title: String,
    /// The operations that have its changes.
    pub(super) operations: BTreeSet<&'r str>,
    /// The changes that matter, most severe first.
    pub(super) changes: Vec<&'r Change>,
    /// The number of changes of words and extensions.
    pub(super) words: usize,
}

impl Report {
    pub(super) fn is_long(&self) -> bool {
        self.changes.len() > LONG
    }

    /// Counts the kinds of changes after which a user may have to act, most severe first, then most frequent.
    pub(super) fn severe_kinds(&self) -> Vec<(&'static Rule, usize)> {
        let mut counts: HashMap<&str, (&'static Rule, usize)> = HashMap::new();
        for change in self.changes.iter().filter(|change| change.may_break()) {
            counts.entry(change.kind()).or_insert((change.rule, 0)).1 += 1;
        }
        let mut counts: Vec<_> = counts.into_values().collect();
        counts.sort_by(|(a, count), (b, other)| (a.wire, other, a.id).cmp(&(b.wire, count, b.id)));
        counts
    }

    /// Groups the changes. The group with the most severe change comes first.
    pub(super) fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut indices = HashMap::new();
        for change in &self.changes {
            let index = *indices.entry(key(change)).or_insert(groups.len());
            if index == groups.len() {
                let operations = BTreeSet::new();
                groups.push(Group { title: key(change), operations, changes: Vec::new(), words: 0 });
            }
            let Some(group) = groups.get_mut(index) else { continue };
            group.operations.extend(change.operations.iter().map(String::as_str));
            match change.wire() {
                WireImpact::Extension | WireImpact::Wording => group.words += 1,
                _ => group.changes.push(change),
            }
        }
        groups.retain(|group| !group.changes.is_empty());
        groups
    }

    /// Counts the changes of words and extensions.
    pub(super) fn words(&self) -> usize {
        self.count(WireImpact::Extension) + self.count(WireImpact::Wording)
    }
}

impl Group<'_> {
    /// Names the operations, where the title is not one of them.
    pub(super) fn uses(&self) -> Option<String> {
        /// At most this many are named.
        const NAMED: usize = 5;
        if self.operations.len() < 2 {
            return None;
        }
        let names: Vec<&str> = self.operations.iter().copied().take(NAMED).collect();
        let more = if self.operations.len() > NAMED { ", …" } else { "" };
        Some(format!("in {} operations: {}{more}", self.operations.len(), names.join(", ")))
    }
}

fn key(change: &Change) -> String {
    if let [operation] = change.operations.as_slice() {
        return operation.clone();
    }
    let at = change.head.as_ref().or(change.base.as_ref()).map_or("", |at| at.as_str());
    let tokens: Vec<String> = tokens(at).collect();
    match tokens.as_slice() {
        [components, ..] if components == "components" && change.operations.is_empty() => "components".to_owned(),
        [components, _, name, ..] if components == "components" => name.clone(),
        [paths, path, ..] if paths == "paths" => path.clone(),
        _ => "the document".to_owned(),
    }
}

//! Attribution of each differing leaf to exactly one change.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::{
    Change, Leaf, Side,
    node::Node,
    rules::general,
    structural::{Root, difference},
    walk::{Found, Walk},
};
use crate::document::{canonical, is_within, pointer, tokens};

/// Merges and sorts the changes of a walk, attributes each leaf to one of them, and reports the remaining leaves as unclear.
pub(super) fn attribute_leaves(walk: Walk<'_>) -> Vec<Change> {
    let (base, head) = (walk.base, walk.head);
    let roots = difference(base, head);
    let mut changes = merged(walk.found);
    let left = assign(&mut changes, &roots);
    if !left.is_empty() {
        let mut rest = Walk::new(base, head);
        let used = [used(base), used(head)];
        for root in &roots {
            if root.leaves.iter().any(|leaf| left.contains(leaf)) {
                let [a, b] = [base, head].map(|document| node(document, &root.pointer));
                match unused_component(root, &used) {
                    Some(name) => {
                        rest.emit(general::UNUSED_COMPONENT_CHANGED, None, &name, a.as_ref(), b.as_ref());
                    }
                    None => rest.no_rule(None, a.as_ref(), b.as_ref()),
                }
            }
        }
        let owned: BTreeSet<Leaf> = changes.iter().flat_map(|(change, _)| change.covers.iter().cloned()).collect();
        let mut rest = merged(rest.found);
        for (change, _) in &mut rest {
            let root = roots.iter().find(|root| [&change.base, &change.head].contains(&&Some(root.pointer.clone())));
            change.covers = root.into_iter().flat_map(|root| root.leaves.difference(&owned).cloned()).collect();
        }
        changes.extend(rest);
    }
    let mut changes: Vec<Change> = changes.into_iter().map(|(change, _)| change).collect();
    changes.sort_by(Change::compare);
    changes
}

/// Merges changes of one kind at one pointer, which several operations may share.
fn merged(found: Vec<Found>) -> Vec<(Change, Vec<(Side, String)>)> {
    let mut merged: BTreeMap<_, (Change, Vec<(Side, String)>)> = BTreeMap::new();
    for found in found {
        let claims = found.claims.clone();
        let change = Change::from(found);
        let key = (change.kind(), change.base.clone(), change.head.clone());
        match merged.get_mut(&key) {
            None => drop(merged.insert(key, (change, claims))),
            Some((known, all)) => {
                known.bump = known.bump.max(change.bump);
                known.operations.extend(change.operations);
                known.operations.sort();
                known.operations.dedup();
                all.extend(claims);
            }
        }
    }
    let mut merged: Vec<_> = merged.into_values().collect();
    merged.sort_by(|(a, _), (b, _)| a.compare(b));
    merged
}

/// Attributes each leaf to the change with the deepest claim, among those to the most severe; returns the unclaimed leaves.
fn assign(changes: &mut [(Change, Vec<(Side, String)>)], roots: &[Root]) -> BTreeSet<Leaf> {
    let mut owners: HashMap<(Side, String), usize> = HashMap::new();
    for (index, (_, claims)) in changes.iter().enumerate() {
        for claim in claims {
            owners.entry(claim.clone()).or_insert(index);
        }
    }
    let mut left = BTreeSet::new();
    for leaf in roots.iter().flat_map(|root| &root.leaves) {
        let mut at = leaf.pointer.as_str();
        let owner = loop {
            if let Some(owner) = owners.get(&(leaf.side, at.to_owned())) {
                break changes.get_mut(*owner);
            }
            match at.rsplit_once('/') {
                Some((parent, _)) => at = parent,
                None => break None,
            }
        };
        match owner {
            Some((change, _)) => change.covers.push(leaf.clone()),
            None => drop(left.insert(leaf.clone())),
        }
    }
    left
}

fn node<'a>(document: &'a Value, pointer: &str) -> Option<Node<'a>> {
    let value = document.pointer(pointer)?;
    Some(Node { value, at: pointer.to_owned(), present: true })
}

/// Returns the component of a difference, if no operation uses it on a side that has a leaf there.
fn unused_component(root: &Root, used: &[BTreeSet<String>; 2]) -> Option<String> {
    let mut tokens = tokens(&root.pointer);
    let (Some("components"), section, name) = (tokens.next().as_deref(), tokens.next()?, tokens.next()?) else {
        return None;
    };
    let component = pointer(&["components", &section, &name]);
    let [base, head] = used;
    let is_used = root.leaves.iter().any(|leaf| {
        let used = if leaf.side == Side::Base { base } else { head };
        used.iter().any(|at| is_within(at, &component) || is_within(&component, at))
    });
    (!is_used && section != "securitySchemes").then_some(name)
}

/// Lists the targets of all references that are reachable from outside the components.
fn used(document: &Value) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut queue: Vec<&Value> =
        document.as_object().into_iter().flatten().filter(|(key, _)| *key != "components").map(|(_, v)| v).collect();
    while let Some(value) = queue.pop() {
        match value {
            Value::Array(elements) => queue.extend(elements),
            Value::Object(members) => {
                for (key, value) in members {
                    queue.push(value);
                    let targets: Vec<&str> = match key.as_str() {
                        "$ref" => value.as_str().into_iter().collect(),
                        "mapping" => value.as_object().into_iter().flatten().filter_map(|(_, v)| v.as_str()).collect(),
                        _ => Vec::new(),
                    };
                    for pointer in targets.into_iter().filter_map(|target| target.strip_prefix('#')) {
                        if used.insert(canonical(pointer)) {
                            queue.extend(document.pointer(pointer));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    used
}

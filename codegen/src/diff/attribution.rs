//! Attribution of each differing leaf to exactly one change.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::{
    Change, Leaf, Side,
    node::Node,
    pairs::Pairs,
    rules::general,
    structural::{Root, difference},
    walk::{Found, Walk},
};
use crate::document::{pointer, tokens};

/// Merges and sorts the changes of a walk, attributes each leaf to one of them, and reports the remaining leaves as unclear.
pub(super) fn attribute_leaves(walk: Walk<'_>) -> Vec<Change> {
    let (base, head) = (walk.base, walk.head);
    let roots = difference(base, head);
    let mut changes = merged(walk.found, &walk.pairs);
    let left = assign(&mut changes, &roots);
    let mut rest = Walk::new(base, head);
    let mut leaves = HashMap::new();
    for root in roots {
        let unclaimed: Vec<Leaf> = root.leaves.into_iter().filter(|leaf| left.contains(leaf)).collect();
        if !unclaimed.is_empty() {
            let [a, b] = [base, head].map(|document| node(document, &root.pointer));
            match (other_component(&root.pointer, &walk.compared), extension(&root.pointer)) {
                (Some(name), _) => {
                    rest.emit(general::UNUSED_COMPONENT_CHANGED, None, &name, a.as_ref(), b.as_ref());
                }
                (None, Some(name)) => {
                    rest.emit(general::EXTENSION_CHANGED, None, &name, a.as_ref(), b.as_ref());
                }
                (None, None) => {
                    let key = text_key(&root.pointer);
                    rest.text_changed(None, key.as_deref().unwrap_or_default(), a.as_ref(), b.as_ref());
                }
            }
            leaves.insert(root.pointer, unclaimed);
        }
    }
    for (mut change, claims) in merged(rest.found, &rest.pairs) {
        change.covers = claims.iter().find_map(|(_, at)| leaves.remove(at)).unwrap_or_default();
        changes.push((change, claims));
    }
    // Where only a change inside differs, the form around it is the same.
    changes.retain(|(change, _)| change.rule != general::SPELLING_CHANGED || !change.covers.is_empty());
    let mut changes: Vec<Change> = changes.into_iter().map(|(change, _)| change).collect();
    changes.sort_by(Change::compare);
    changes
}

/// Merges changes of one kind at one pointer, which several operations may share.
fn merged(found: Vec<Found>, pairs: &Pairs) -> Vec<(Change, Vec<(Side, String)>)> {
    let mut merged: BTreeMap<_, (Change, Vec<(Side, String)>)> = BTreeMap::new();
    let mut reached: HashMap<usize, Vec<String>> = HashMap::new();
    for mut found in found {
        if let Some(pair) = found.pair {
            let operations = reached.entry(pair).or_insert_with(|| pairs.operations(pair));
            found.operations.extend(operations.iter().cloned());
        }
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
    Some(Node::new(value, pointer.to_owned()))
}

/// Returns the component of a difference, if its old form is nowhere compared with its new form: no operation uses it, or the
/// use changed as well and is reported on its own.
fn other_component(at: &str, compared: &HashSet<String>) -> Option<String> {
    let mut tokens = tokens(at);
    let (Some("components"), section, name) = (tokens.next().as_deref(), tokens.next()?, tokens.next()?) else {
        return None;
    };
    let is_compared = compared.contains(&pointer(&["components", &section, &name]));
    (!is_compared && section != "securitySchemes").then_some(name)
}

/// Returns the last key, unless it is the name of a field.
fn text_key(at: &str) -> Option<String> {
    let tokens: Vec<String> = tokens(at).collect();
    match tokens.as_slice() {
        [.., before, key] if before != "properties" => Some(key.clone()),
        _ => None,
    }
}

/// Returns the extension that has the difference.
fn extension(at: &str) -> Option<String> {
    // In these, a name that begins with `x-` is not an extension.
    const NAMES: [&str; 5] = ["properties", "headers", "mapping", "scopes", "examples"];
    let tokens: Vec<String> = tokens(at).collect();
    let before = [""].into_iter().chain(tokens.iter().map(String::as_str));
    let found = tokens.iter().zip(before).find(|(token, before)| token.starts_with("x-") && !NAMES.contains(before));
    found.map(|(token, _)| token.clone())
}

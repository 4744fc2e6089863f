//! Check: merging the schemas of an `allOf` ends.
//!
//! A type generator writes one type for an `allOf`: where two of its parts have the same property, it merges the two schemas of
//! the property, and so on. For `A: { allOf: [B, { c: { allOf: [A, B] } }] }`, `B: { c: { allOf: [A, …] } }` that never ends and
//! overflows the stack. Inheritance that only refers back, such as a base with a `parent`, is fine.

use std::collections::{BTreeSet, HashSet};

use crate::document::{
    diagnostic::Diagnostic,
    fix::Fix,
    pointer::join,
    tree::{Node, Value},
};

/// Merges nested deeper than this are considered endless.
const MAX_DEPTH: usize = 48;

pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let mut done = HashSet::new();
    for entry in root.get("components").and_then(|node| node.get("schemas")).map(Node::entries).unwrap_or_default() {
        let start = join("/components/schemas", &entry.key);
        if endless(root, BTreeSet::from([start.clone()]), &mut done, 0) {
            let message = format!("merging the `allOf` of the schema `{}` never ends", entry.key);
            let help = "use a plain `$ref` for the property that leads back to the schema";
            let fix = Fix::any_value(&start);
            diagnostics.push(Diagnostic::new(start, message, help).with_fix(fix));
        }
    }
}

/// Follows the merges of a set of schemas, each given by its pointer; a set that is known to end is not followed again.
fn endless(root: &Node, merged: BTreeSet<String>, done: &mut HashSet<BTreeSet<String>>, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return true;
    }
    if done.contains(&merged) {
        return false;
    }
    if let Some(alternatives) = alternatives(root, &merged) {
        // Each is a type of its own.
        let ends = !alternatives.into_iter().any(|one| endless(root, BTreeSet::from([one]), done, depth + 1));
        done.insert(merged);
        return !ends;
    }
    let mut parts = BTreeSet::new();
    for pointer in &merged {
        collect(root, pointer, &mut parts);
    }
    let mut names = BTreeSet::new();
    let mut nodes: Vec<(&String, &Node)> = Vec::new();
    for part in &parts {
        let Some(node) = root.follow(part) else { continue };
        names.extend(node.get("properties").map(Node::entries).unwrap_or_default().iter().map(|entry| &*entry.key));
        nodes.push((part, node));
    }
    let below = |keys: [&str; 2]| -> BTreeSet<String> {
        let found = nodes.iter().filter_map(|(part, node)| {
            let named = keys
                .iter()
                .filter(|key| !key.is_empty())
                .try_fold((part.to_string(), *node), |(at, node), key| Some((join(&at, key), node.get(key)?)));
            // The schema of additional properties is merged with that of a named property.
            let other = || Some((join(part, "additionalProperties"), node.get("additionalProperties")?));
            named.or_else(|| if keys.first() == Some(&"properties") { other() } else { None })
        });
        found.filter(|(_, node)| matches!(node.value, Value::Map(_))).map(|(at, node)| target(&at, node)).collect()
    };
    let next = names.into_iter().map(|name| below(["properties", name]));
    let next = next.chain([below(["items", ""]), below(["additionalProperties", ""])]);
    for set in next.collect::<BTreeSet<_>>() {
        // One schema alone is not merged: it is a type of its own.
        if set.len() > 1 && endless(root, set, done, depth + 1) {
            return true;
        }
    }
    done.insert(merged);
    false
}

/// Lists the inline alternatives of a schema that is not merged with anything, and has nothing that is merged with them.
fn alternatives(root: &Node, merged: &BTreeSet<String>) -> Option<Vec<String>> {
    let [only] = merged.iter().collect::<Vec<_>>()[..] else { return None };
    let node = root.follow(only)?;
    let (one_of, any_of) = (node.get("oneOf"), node.get("anyOf"));
    let (key, list) = one_of.map(|list| ("oneOf", list)).or(any_of.map(|list| ("anyOf", list)))?;
    let has_more = one_of.is_some() && any_of.is_some()
        || ["allOf", "properties", "additionalProperties", "items", "$ref"].iter().any(|key| node.has(key));
    let inline = list.items().iter().enumerate().filter(|(_, item)| !item.has("$ref"));
    (!has_more).then(|| inline.map(|(index, _)| join(&join(only, key), &index.to_string())).collect())
}

/// Replaces a `$ref` by its target, so that two references to one schema are equal.
fn target(at: &str, node: &Node) -> String {
    node.text_of("$ref").and_then(|reference| reference.strip_prefix('#')).unwrap_or(at).to_owned()
}

/// Collects a schema and everything that is merged into it.
fn collect(root: &Node, start: &str, parts: &mut BTreeSet<String>) {
    let mut open = vec![start.to_owned()];
    while let Some(at) = open.pop() {
        let Some(node) = root.follow(&at) else { continue };
        let at = match node.text_of("$ref") {
            Some(_) => {
                open.push(target(&at, node));
                continue;
            }
            None => at,
        };
        if !parts.insert(at.clone()) {
            continue;
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            let count = node.get(key).map(Node::items).unwrap_or_default().len();
            open.extend((0..count).map(|index| join(&join(&at, key), &index.to_string())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    fn schemas(yaml: &str) -> usize {
        found(check, &format!("components: {{ schemas: {} }}", yaml.replace('=', "$ref: '#/components/schemas/"))).len()
    }

    #[test]
    fn a_merge_without_end_is_found() {
        for yaml in [
            "{ A: { allOf: [{ =B' }, { properties: { c: { allOf: [{ =A' }, { =B' }] } } }] }, B: { properties: { c: { allOf: [{ =A' }, { type: object }] } } } }",
            "{ A: { allOf: [{ properties: { p: { =A' } } }, { properties: { p: { =B' } } }] }, B: { allOf: [{ properties: { p: { =B' } } }, { properties: { p: { =A' } } }] } }",
            "{ A: { allOf: [{ items: { =A' } }, { items: { allOf: [{ =A' }, {}] } }] } }",
        ] {
            assert!(schemas(yaml) > 0, "{yaml}");
        }
    }

    #[test]
    fn accepts_inheritance_and_trees() {
        for yaml in [
            "{ A: { allOf: [{ =B' }, { properties: { c: { =A' } } }] }, B: { properties: { parent: { =A' } } } }",
            "{ A: { allOf: [{ properties: { p: { =A' } } }, { properties: { p: { =A' } } }] } }",
            "{ A: { properties: { a: { =A' }, b: { items: { =A' } } }, additionalProperties: false } }",
            "{ A: { allOf: [{ properties: { p: { type: string } } }, { properties: { p: { maxLength: 3 } } }] } }",
        ] {
            assert_eq!(schemas(yaml), 0, "{yaml}");
        }
    }
}

//! The plain difference of two values, without OpenAPI: the reference for the completeness of a report.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Side;
use crate::document::join;

/// A leaf of one of the documents: a scalar, or an empty mapping or list.
///
/// # Example
///
/// ```
/// let report = vambe_codegen::diff::diff("info: { title: a }", "info: { title: b }")?;
/// let covers: Vec<String> = report.changes.iter().flat_map(|c| &c.covers).map(ToString::to_string).collect();
/// assert_eq!(covers, ["base /info/title", "head /info/title"]);
/// # Ok::<(), vambe_codegen::diff::DiffError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Leaf {
    /// The document.
    pub side: Side,
    /// The JSON pointer in it.
    pub pointer: String,
}

impl std::fmt::Display for Leaf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.side, if self.pointer.is_empty() { "(root)" } else { &self.pointer })
    }
}

/// A node at which the documents differ: only one has it, or both have different values.
#[derive(Debug)]
pub(super) struct Root {
    pub(super) pointer: String,
    pub(super) leaves: BTreeSet<Leaf>,
}

/// Lists the nodes at which the documents differ. Maps are compared by key in any order, lists by index.
pub(super) fn difference(base: &Value, head: &Value) -> Vec<Root> {
    let mut roots = Vec::new();
    compare(Some(base), Some(head), String::new(), &mut roots);
    roots
}

fn compare(base: Option<&Value>, head: Option<&Value>, pointer: String, roots: &mut Vec<Root>) {
    match (base, head) {
        (Some(Value::Object(base)), Some(Value::Object(head))) => {
            let keys: BTreeSet<&String> = base.keys().chain(head.keys()).collect();
            for key in keys {
                compare(base.get(key), head.get(key), join(&pointer, key), roots);
            }
        }
        (Some(Value::Array(base)), Some(Value::Array(head))) => {
            for index in 0..base.len().max(head.len()) {
                compare(base.get(index), head.get(index), join(&pointer, &index.to_string()), roots);
            }
        }
        (base, head) if base == head => {}
        (base, head) => {
            let mut leaves = BTreeSet::new();
            for (side, value) in [(Side::Base, base), (Side::Head, head)] {
                if let Some(value) = value {
                    collect(value, pointer.clone(), side, &mut leaves);
                }
            }
            roots.push(Root { pointer, leaves });
        }
    }
}

fn collect(value: &Value, pointer: String, side: Side, leaves: &mut BTreeSet<Leaf>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(key, value)| collect(value, join(&pointer, key), side, leaves));
        }
        Value::Array(elements) if !elements.is_empty() => {
            let elements = elements.iter().enumerate();
            elements.for_each(|(i, value)| collect(value, join(&pointer, &i.to_string()), side, leaves));
        }
        _ => {
            leaves.insert(Leaf { side, pointer });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_differing_leaf_is_found_on_its_side() {
        let cases = [
            (json!({"a": 1}), json!({"a": 1}), vec![]),
            (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}), vec![]),
            (json!({"a": 1}), json!({"a": 2}), vec!["base /a", "head /a"]),
            (json!({}), json!({"a": {"b": 1, "c": []}}), vec!["head /a/b", "head /a/c"]),
            (json!({"a": [1, 2]}), json!({"a": [2]}), vec!["base /a/0", "base /a/1", "head /a/0"]),
            (json!({"a": {"b": 1}}), json!({"a": "b"}), vec!["base /a/b", "head /a"]),
            (json!({"a": []}), json!({"a": {}}), vec!["base /a", "head /a"]),
        ];
        for (base, head, expected) in cases {
            let roots = difference(&base, &head);
            let mut leaves: Vec<String> = roots.iter().flat_map(|r| &r.leaves).map(ToString::to_string).collect();
            leaves.sort();
            assert_eq!(leaves, expected, "{base} {head}");
        }
    }
}

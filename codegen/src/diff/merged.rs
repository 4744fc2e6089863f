//! Schemas that mean one schema: `allOf`, references with siblings, and alternatives whose other form is `null`.
//!
//! `{$ref: A}`, `{allOf: [{$ref: A}]}` and `{allOf: [{$ref: A}], description: …}` are compared by their content: the schema as it
//! is written is the first part, and the schemas that it combines are the others. `oneOf: [{$ref: A}, {type: "null"}]` is the
//! nullable A.

use serde_json::Value;

use super::node::Node;

/// At most this many schemas are merged into one; a difference in a further one is unclear.
const MAX_PARTS: usize = 64;

/// A schema with everything that it combines.
#[derive(Debug)]
pub(super) struct Merged<'a> {
    pub(super) schema: Node<'a>,
    /// The references on the way, in order.
    pub(super) references: Vec<&'a str>,
    /// The keys and references on the way, and an empty text for a schema with keywords next to them. Two schemas with the same form are written alike.
    pub(super) form: Vec<&'a str>,
    visited: Vec<String>,
}

impl<'a> Merged<'a> {
    /// Follows references and merges the schemas behind them.
    pub(super) fn new(schema: &Node<'a>, document: &'a Value) -> Self {
        let mut merged = Self { schema: schema.clone(), references: Vec::new(), form: Vec::new(), visited: Vec::new() };
        let mut parts = Vec::new();
        merged.collect(schema, document, &mut parts);
        let mut parts = parts.into_iter();
        if let Some(first) = parts.next() {
            merged.schema = first;
            merged.schema.parts.extend(parts);
        }
        merged
    }

    fn collect(&mut self, schema: &Node<'a>, document: &'a Value, parts: &mut Vec<Node<'a>>) {
        if self.visited.len() >= MAX_PARTS || self.visited.contains(&schema.at) {
            return;
        }
        self.visited.push(schema.at.clone());
        let mut own = Node { parts: Vec::new(), ..schema.clone() };
        let mut inner: Vec<Node<'a>> = Vec::new();
        if let Some(reference) = own.text("$ref") {
            let target = own.resolved(document);
            if target.at != own.at {
                self.references.push(reference);
                self.form.push(reference);
                own.merged.push("$ref");
                inner.push(target);
            }
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            let Some(list) = own.child(key) else { continue };
            let elements = list.elements();
            let combined = match key {
                "allOf" => elements.iter().all(|element| element.value.is_object()).then_some(elements),
                _ => nullable(elements),
            };
            if let Some(combined) = combined {
                self.form.push(key);
                own.merged.push(key);
                inner.extend(combined);
            }
        }
        // A schema that only refers to others has no part of its own.
        let is_empty = own.present && !own.merged.is_empty() && own.members().is_empty();
        if !is_empty {
            if !own.merged.is_empty() {
                self.form.push("");
            }
            parts.push(own);
        }
        for schema in inner.into_iter().chain(schema.parts.iter().cloned()) {
            self.collect(&schema, document, parts);
        }
    }
}

/// The one alternative and the `null` next to it; also a list of a single alternative.
pub(super) fn nullable(mut alternatives: Vec<Node<'_>>) -> Option<Vec<Node<'_>>> {
    // The other alternative has to be the first part, since its type counts.
    alternatives.sort_by_key(is_null);
    match alternatives.as_slice() {
        [one] if one.value.is_object() && !is_group_member(one) => Some(alternatives),
        [one, null] if one.value.is_object() && !is_null(one) && is_null(null) => Some(alternatives),
        _ => None,
    }
}

/// Returns whether a schema allows `null` and nothing else.
pub(super) fn is_null(schema: &Node<'_>) -> bool {
    let is_null = |key: &str, expected: Value| schema.value.get(key) == Some(&expected);
    is_null("type", "null".into()) || is_null("enum", Value::Array(vec![Value::Null])) || is_null("const", Value::Null)
}

/// `{required: [a]}`, a member of an exclusive group.
fn is_group_member(schema: &Node<'_>) -> bool {
    schema.value.as_object().is_some_and(|keywords| keywords.keys().eq(["required"]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_schema_combines_is_merged() {
        let document = json!({
            "a": {"$ref": "#/b"}, "b": {"type": "string"}, "c": {"allOf": [{"$ref": "#/a"}], "description": "c"},
            "loop": {"allOf": [{"$ref": "#/loop"}], "title": "loop"}, "null": {"oneOf": [{"type": "null"}, {"$ref": "#/b"}]},
            "deep": {"allOf": [{"$ref": "#/c"}, {"$ref": "#/b"}]}, "odd": {"allOf": [true]},
            "group": {"oneOf": [{"required": ["a"]}]},
        });
        let cases = [
            ("a", "/b"),
            ("b", "/b"),
            ("c", "/c /b"),
            ("loop", "/loop"),
            ("null", "/b /null/oneOf/0"),
            ("deep", "/c /b"),
            ("odd", "/odd"),
            ("group", "/group"),
        ];
        for (key, expected) in cases {
            let merged = Merged::new(&Node::root(&document).child(key).unwrap(), &document).schema;
            let parts: Vec<&str> = [&merged].into_iter().chain(&merged.parts).map(|part| &*part.at).collect();
            assert_eq!(parts.join(" "), expected, "{key}");
        }
    }

    #[test]
    fn a_long_chain_of_schemas_is_cut() {
        let chain = |i: usize| (i.to_string(), json!({"allOf": [{"$ref": format!("#/{}", i + 1)}], "title": i}));
        let document = Value::Object((0..1_000).map(chain).collect());
        let merged = Merged::new(&Node::root(&document).child("0").unwrap(), &document).schema;
        assert_eq!(merged.parts.len(), MAX_PARTS / 2 - 1, "every other one is a reference");
    }
}

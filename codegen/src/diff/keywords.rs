//! The keywords of a schema that restrict its values.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Side,
    limits::limit_set,
    merged::is_null,
    node::{Node, differ},
    rule::Rule,
    rules::{general, in_direction, request, response},
    walk::{Context, Use, Walk},
};

/// The formats that are a type of their own in Rust.
const TYPES: &[&str] = &[
    "uuid",
    "date",
    "date-time",
    "ip",
    "ipv4",
    "ipv6",
    "int8",
    "int16",
    "int32",
    "uint",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float",
    "binary",
    "byte",
];

impl<'a> Walk<'a> {
    pub(super) fn keywords(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        self.types(context, base, head);
        self.nullable(context, base, head);
        self.values(context, base, head);
        self.format(context, base, head);
        let pattern = [
            in_direction!(context, PROPERTY_PATTERN_ADDED),
            in_direction!(context, PROPERTY_PATTERN_REMOVED),
            in_direction!(context, PROPERTY_PATTERN_CHANGED),
        ];
        self.keyword(step(pattern, "pattern", base, head), "pattern", context, base, head);
        let default = match context.usage {
            Use::Request => {
                [request::PROPERTY_DEFAULT_ADDED, request::PROPERTY_DEFAULT_REMOVED, request::PROPERTY_DEFAULT_CHANGED]
            }
            _ => [response::PROPERTY_DEFAULT_CHANGED; 3],
        };
        self.keyword(step(default, "default", base, head), "default", context, base, head);
        self.limits(context, base, head);
        self.flags(context, base, head);
    }

    /// Compares the formats: some are types in Rust, the others are annotations.
    fn format(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let is_type = |schema: &Node<'_>| schema.text("format").is_some_and(|format| TYPES.contains(&format));
        let rules = match (context.usage, is_type(base), is_type(head)) {
            (Use::Request, false, false) => {
                [request::PROPERTY_ANNOTATION_SET, general::FORMAT_ANNOTATION_CHANGED, request::PROPERTY_ANNOTATION_SET]
            }
            (_, false, false) => [general::FORMAT_ANNOTATION_CHANGED; 3],
            // From a type to an annotation, or to nothing.
            (_, true, false) => [in_direction!(context, PROPERTY_FORMAT_REMOVED); 3],
            (_, false, true) => [in_direction!(context, PROPERTY_FORMAT_ADDED); 3],
            (_, true, true) => [in_direction!(context, PROPERTY_FORMAT_CHANGED); 3],
        };
        let rule = match head.text("format") {
            // The width that a number has without a format.
            Some("int64" | "double") if base.child("format").is_none() => general::FORMAT_ANNOTATION_CHANGED,
            _ => step(rules, "format", base, head),
        };
        self.keyword(rule, "format", context, base, head);
    }

    fn flags(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let is_request = context.usage == Use::Request;
        let unique_items = match head.flag("uniqueItems") {
            true => limit_set(context),
            false => in_direction!(context, PROPERTY_LIMIT_LOOSENED),
        };
        let deprecated = match head.flag("deprecated") {
            true => in_direction!(context, PROPERTY_DEPRECATED),
            false => in_direction!(context, PROPERTY_REACTIVATED),
        };
        let read_only = match (is_request, head.flag("readOnly")) {
            (true, true) => request::PROPERTY_BECAME_READ_ONLY,
            (true, false) => request::PROPERTY_BECAME_NOT_READ_ONLY,
            (false, _) => response::PROPERTY_READ_ONLY_CHANGED,
        };
        let write_only = match (is_request, head.flag("writeOnly")) {
            (false, true) => response::PROPERTY_BECAME_WRITE_ONLY,
            (false, false) => response::PROPERTY_BECAME_NOT_WRITE_ONLY,
            (true, _) => request::PROPERTY_WRITE_ONLY_CHANGED,
        };
        let hand_written = match base.child("x-hand-written") {
            None => general::HAND_WRITTEN_TYPE_ADDED,
            Some(_) => general::HAND_WRITTEN_TYPE_CHANGED,
        };
        self.flag(unique_items, "uniqueItems", context, base, head);
        self.flag(deprecated, "deprecated", context, base, head);
        self.flag(read_only, "readOnly", context, base, head);
        self.flag(write_only, "writeOnly", context, base, head);
        self.keyword(hand_written, "x-hand-written", context, base, head);
    }

    fn keyword(&mut self, rule: &'static Rule, key: &str, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        self.key(rule, Some(context), &context.name, key, [base, head]);
    }

    /// Records a keyword whose default is `false`.
    fn flag(&mut self, rule: &'static Rule, key: &str, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let (old, new) = (base.child(key), head.child(key));
        if base.flag(key) != head.flag(key) {
            self.keyword(rule, key, context, base, head);
        } else if old.iter().chain(&new).all(|node| node.value.is_boolean()) && old.is_some() != new.is_some() {
            self.emit(general::SPELLING_CHANGED, Some(context), key, old.as_ref(), new.as_ref());
        } else {
            self.no_rule(Some(context), old.as_ref(), new.as_ref());
        }
    }

    fn types(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let (old, new) = (types(base), types(head));
        let (from, to) = (base.child("type"), head.child("type"));
        if from.is_none() && to.is_none() {
            return;
        }
        let (Some(old), Some(new)) = (old, new) else {
            return self.no_rule(Some(context), from.as_ref(), to.as_ref());
        };
        let rule = match (old.is_subset(&new), new.is_subset(&old)) {
            // A difference in `null` alone is reported by `nullable`; otherwise only the spelling differs.
            (true, true) if !differ(from.as_ref(), to.as_ref()) => return,
            (true, true) if is_nullable(base) != is_nullable(head) => return,
            (true, true) => {
                self.emit(general::SPELLING_CHANGED, Some(context), "type", from.as_ref(), to.as_ref());
                return;
            }
            (true, false) => in_direction!(context, PROPERTY_TYPE_GENERALIZED),
            (false, true) => in_direction!(context, PROPERTY_TYPE_SPECIALIZED),
            (false, false) => in_direction!(context, PROPERTY_TYPE_CHANGED),
        };
        self.emit_property(rule, context, from.as_ref(), to.as_ref());
    }

    /// `nullable: true`, or in OpenAPI 3.1 one of the types.
    fn nullable(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let (old, new) = (base.child("nullable"), head.child("nullable"));
        if is_nullable(base) == is_nullable(head) {
            return self.key(general::SPELLING_CHANGED, Some(context), "nullable", "nullable", [base, head]);
        }
        let rule = match is_nullable(head) {
            true => in_direction!(context, PROPERTY_BECAME_NULLABLE),
            false => in_direction!(context, PROPERTY_BECAME_NOT_NULLABLE),
        };
        let (in_old, in_new) = (old.or_else(|| base.child("type")), new.or_else(|| head.child("type")));
        let found = self.emit_property(rule, context, in_old.as_ref(), in_new.as_ref());
        for key in ["nullable", "type"] {
            for (side, node) in [(Side::Base, base.child(key)), (Side::Head, head.child(key))] {
                if let Some(node) = node {
                    found.claim(side, &node.at);
                }
            }
        }
    }

    /// `enum`, and `const` as one of a single value.
    fn values(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let before = self.found.len();
        let values = |node: &Node<'a>| node.child("enum").or_else(|| node.child("const"));
        let (old, new) = (values(base), values(head));
        match (&old, &new) {
            (None, None) => return,
            (None, Some(_)) => {
                self.emit_property(in_direction!(context, PROPERTY_BECAME_ENUM), context, None, new.as_ref());
            }
            (Some(_), None) => {
                self.emit_property(in_direction!(context, PROPERTY_ENUM_LIFTED), context, old.as_ref(), None);
            }
            (Some(old), Some(new)) => {
                let (from, to) = (listed(old), listed(new));
                for value in to.iter().filter(|new| !from.iter().any(|old| old.value == new.value)) {
                    self.emit_property(in_direction!(context, PROPERTY_ENUM_VALUE_ADDED), context, None, Some(value));
                }
                for value in from.iter().filter(|old| !to.iter().any(|new| new.value == old.value)) {
                    self.emit_property(in_direction!(context, PROPERTY_ENUM_VALUE_REMOVED), context, Some(value), None);
                }
            }
        }
        self.list(before, Some(context), &context.name, old, new);
    }
}

/// Chooses among the rules for a keyword that was added, removed or changed.
fn step([added, removed, changed]: [&'static Rule; 3], key: &str, base: &Node<'_>, head: &Node<'_>) -> &'static Rule {
    match (base.child(key), head.child(key)) {
        (None, _) => added,
        (_, None) => removed,
        _ => changed,
    }
}

fn listed<'a>(node: &Node<'a>) -> Vec<Node<'a>> {
    if node.value.is_array() { node.elements() } else { vec![node.clone()] }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_nullable(schema: &Node<'_>) -> bool {
    let null = |value: &Value| value.as_str() == Some("null");
    schema.flag("nullable")
        || schema.parts.iter().any(is_null)
        || schema
            .child("type")
            .is_some_and(|t| null(t.value) || t.value.as_array().is_some_and(|types| types.iter().any(null)))
}

/// The types without `null`, `None` if they are malformed. Where `type` is absent, other keywords mean one, as for generators.
fn types<'a>(schema: &Node<'a>) -> Option<BTreeSet<&'a str>> {
    const ALL: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
    let written = schema.children("type").into_iter().find(|node| node.value.as_str() != Some("null"));
    let has = |key: &str| schema.child(key).is_some();
    let mut types = match written.map(|node| node.value) {
        Some(Value::String(one)) => BTreeSet::from([one.as_str()]),
        Some(Value::Array(several)) => several.iter().map(Value::as_str).collect::<Option<_>>()?,
        Some(_) => return None,
        None => match schema.child("enum").or_else(|| schema.child("const")) {
            Some(values) => listed(&values).iter().map(|value| type_of(value.value)).collect(),
            None if has("properties") || has("additionalProperties") => BTreeSet::from(["object"]),
            None if has("items") => BTreeSet::from(["array"]),
            None => BTreeSet::from(ALL),
        },
    };
    types.remove("null");
    if types.contains("number") {
        types.insert("integer");
    }
    Some(types)
}

//! The keywords of a schema that say what a value may be.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Side,
    node::Node,
    walk::{Context, Use, Walk},
};

/// Limits from above, which are tighter the smaller they are.
const UPPER: &[&str] = &["maxLength", "maximum", "maxItems", "maxProperties", "exclusiveMaximum"];
/// Limits from below, which are tighter the greater they are.
const LOWER: &[&str] = &["minLength", "minimum", "minItems", "minProperties", "exclusiveMinimum"];

impl<'a> Walk<'a> {
    pub(super) fn keywords(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        self.types(context, base, head);
        self.nullable(context, base, head);
        self.values(context, base, head);
        for (key, name) in [("format", "format"), ("pattern", "pattern")] {
            let suffix = format!("{name}-{}", step(&base.child(key), &head.child(key)));
            self.keyword(&suffix, key, context, base, head);
        }
        let step =
            if context.way == Use::Request { step(&base.child("default"), &head.child("default")) } else { "changed" };
        self.keyword(&format!("default-{step}"), "default", context, base, head);
        for key in UPPER {
            self.limit(key, context, base, head, |old, new| old > new);
        }
        for key in LOWER {
            self.limit(key, context, base, head, |old, new| old < new);
        }
        // A multiple of 4 is one of 2.
        self.limit("multipleOf", context, base, head, |old, new| old < new && new % old == 0.0);
        let unique = (base.flag("uniqueItems"), head.flag("uniqueItems"));
        let suffix = if unique.1 { "limit-set" } else { "limit-loosened" };
        self.flag(suffix, "uniqueItems", context, base, head);
        self.flag(
            if head.flag("deprecated") { "deprecated" } else { "reactivated" },
            "deprecated",
            context,
            base,
            head,
        );
        let request = context.way == Use::Request;
        let read_only = match (request, head.flag("readOnly")) {
            (true, true) => "became-read-only",
            (true, false) => "became-not-read-only",
            (false, _) => "read-only-changed",
        };
        self.flag(read_only, "readOnly", context, base, head);
        let write_only = match (request, head.flag("writeOnly")) {
            (false, true) => "became-write-only",
            (false, false) => "became-not-write-only",
            (true, _) => "write-only-changed",
        };
        self.flag(write_only, "writeOnly", context, base, head);
        let (old, new) = (base.child("x-hand-written"), head.child("x-hand-written"));
        if old.as_ref().map(|n| n.value) != new.as_ref().map(|n| n.value) {
            let id = if old.is_none() { "hand-written-type-added" } else { "hand-written-type-changed" };
            self.emit(id, Some(context), &context.name, old.as_ref(), new.as_ref());
        }
    }

    /// Notes a keyword of which the two values differ.
    fn keyword(&mut self, suffix: &str, key: &str, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let (old, new) = (base.child(key), head.child(key));
        if old.as_ref().map(|n| n.value) != new.as_ref().map(|n| n.value) {
            self.emit_property(suffix, context, old.as_ref(), new.as_ref());
        }
    }

    /// Notes a keyword that is `false` where it is not there.
    fn flag(&mut self, suffix: &str, key: &str, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let (old, new) = (base.child(key), head.child(key));
        if base.flag(key) != head.flag(key) {
            self.keyword(suffix, key, context, base, head);
        } else if old.iter().chain(&new).all(|node| node.value.is_boolean()) && old.is_some() != new.is_some() {
            self.emit("spelling-changed", Some(context), key, old.as_ref(), new.as_ref());
        } else {
            self.no_rule(Some(context), old.as_ref(), new.as_ref());
        }
    }

    fn limit(
        &mut self,
        key: &str,
        context: &Context,
        base: &Node<'a>,
        head: &Node<'a>,
        is_tighter: impl Fn(f64, f64) -> bool,
    ) {
        let (old, new) = (base.child(key), head.child(key));
        let number = |node: &Option<Node<'_>>| node.as_ref().map(|node| node.value.as_f64());
        let suffix = match (number(&old), number(&new)) {
            (None, Some(Some(_))) if context.way == Use::Request => "limit-set",
            (None, Some(Some(_))) => "limit-tightened",
            (Some(Some(_)), None) => "limit-loosened",
            (Some(Some(old)), Some(Some(new))) if is_tighter(old, new) => "limit-tightened",
            (Some(Some(old)), Some(Some(new))) if is_tighter(new, old) => "limit-loosened",
            // `exclusiveMaximum: true`, or multiples of another number.
            _ => return self.no_rule(Some(context), old.as_ref(), new.as_ref()),
        };
        self.keyword(suffix, key, context, base, head);
    }

    fn types(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let (old, new) = (types(base), types(head));
        let (from, to) = (base.child("type"), head.child("type"));
        let (Some(old), Some(new)) = (old, new) else {
            return self.no_rule(Some(context), from.as_ref(), to.as_ref());
        };
        let suffix = match (old.is_subset(&new), new.is_subset(&old)) {
            // Only `null` went or came, which is told as that, or the same is written in another way.
            (true, true) if from.as_ref().map(|n| n.value) == to.as_ref().map(|n| n.value) => return,
            (true, true) if is_nullable(base) != is_nullable(head) => return,
            (true, true) => {
                self.emit("spelling-changed", Some(context), "type", from.as_ref(), to.as_ref());
                return;
            }
            (true, false) => "type-generalized",
            (false, true) => "type-specialized",
            (false, false) => "type-changed",
        };
        self.emit_property(suffix, context, from.as_ref(), to.as_ref());
    }

    /// `nullable: true`, or in OpenAPI 3.1 one of the types.
    fn nullable(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let (old, new) = (base.child("nullable"), head.child("nullable"));
        if is_nullable(base) == is_nullable(head) {
            if old.as_ref().map(|n| n.value) != new.as_ref().map(|n| n.value) {
                self.emit("spelling-changed", Some(context), "nullable", old.as_ref(), new.as_ref());
            }
            return;
        }
        let suffix = if is_nullable(head) { "became-nullable" } else { "became-not-nullable" };
        let (in_old, in_new) = (old.or_else(|| base.child("type")), new.or_else(|| head.child("type")));
        let found = self.emit_property(suffix, context, in_old.as_ref(), in_new.as_ref());
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
        let place = |node: &Node<'a>| node.child("enum").or_else(|| node.child("const"));
        let (old, new) = (place(base), place(head));
        match (&old, &new) {
            (None, None) => return,
            (None, Some(_)) => drop(self.emit_property("became-enum", context, None, new.as_ref())),
            (Some(_), None) => drop(self.emit_property("enum-lifted", context, old.as_ref(), None)),
            (Some(old), Some(new)) => {
                let (from, to) = (listed(old), listed(new));
                for value in to.iter().filter(|new| !from.iter().any(|old| old.value == new.value)) {
                    self.emit_property("enum-value-added", context, None, Some(value));
                }
                for value in from.iter().filter(|old| !to.iter().any(|new| new.value == old.value)) {
                    self.emit_property("enum-value-removed", context, Some(value), None);
                }
            }
        }
        self.list(before, Some(context), &context.name, old, new);
    }
}

fn step(old: &Option<Node<'_>>, new: &Option<Node<'_>>) -> &'static str {
    match (old, new) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    }
}

fn listed<'a>(node: &Node<'a>) -> Vec<Node<'a>> {
    if node.value.is_array() { node.elements() } else { vec![node.clone()] }
}

fn is_nullable(schema: &Node<'_>) -> bool {
    let null = |value: &Value| value.as_str() == Some("null");
    schema.flag("nullable")
        || schema.value.get("type").is_some_and(|t| null(t) || t.as_array().is_some_and(|types| types.iter().any(null)))
}

/// The types without `null`; all of them where none is named. `None` for what cannot be read.
fn types<'a>(schema: &Node<'a>) -> Option<BTreeSet<&'a str>> {
    const ALL: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
    let mut types = match schema.value.get("type") {
        None => BTreeSet::from(ALL),
        Some(Value::String(one)) => BTreeSet::from([one.as_str()]),
        Some(Value::Array(several)) => several.iter().map(Value::as_str).collect::<Option<_>>()?,
        Some(_) => return None,
    };
    types.remove("null");
    if types.contains("number") {
        types.insert("integer");
    }
    Some(types)
}

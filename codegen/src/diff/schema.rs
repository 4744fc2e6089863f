//! The walk through schemas.

use super::{
    node::Node,
    walk::{Context, Walk},
};

/// The maximum depth of a comparison by rules; deeper schemas are compared as plain values.
const MAX_DEPTH: usize = 64;

/// The keywords that have a rule or a comparison of their own. Other keywords are compared as plain values.
const KNOWN: &[&str] = &[
    "$ref",
    "type",
    "nullable",
    "format",
    "pattern",
    "enum",
    "const",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "x-exclusive-group",
    "x-hand-written",
    "maxLength",
    "minLength",
    "maximum",
    "minimum",
    "maxItems",
    "minItems",
    "maxProperties",
    "minProperties",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "multipleOf",
    "uniqueItems",
];

impl<'a> Walk<'a> {
    /// Compares two schemas; an absent one allows everything.
    pub(super) fn schema(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>, depth: usize) {
        let (base, head) = self.resolved(context, base, head);
        if !base.present && !head.present {
            return;
        }
        let pair = (base.at.clone(), head.at.clone(), context.usage, context.operation.clone());
        if !self.seen.insert(pair) {
            return;
        }
        if depth > MAX_DEPTH || odd(&base) || odd(&head) {
            return self.no_rule(Some(context), present(&base), present(&head));
        }
        self.keywords(context, &base, &head);
        self.properties(context, &base, &head, depth);
        self.additional(context, &base, &head, depth);
        if base.child("items").is_some() || head.child("items").is_some() {
            let items = context.named(&format!("{}[]", context.name));
            self.schema(&items, &base.schema("items"), &head.schema("items"), depth + 1);
        }
        self.combinations(context, &base, &head, depth);
        self.schema_rest(context, &base, &head);
    }

    fn schema_rest(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        if base.value.is_object() && head.value.is_object() {
            self.rest(Some(context), base, head, KNOWN);
        } else if base.present && head.present && base.value != head.value {
            // `true`, `false` or `{}` for a schema with keywords.
            self.no_rule(Some(context), Some(base), Some(head));
        }
    }
}

pub(super) fn present<'n, 'a>(node: &'n Node<'a>) -> Option<&'n Node<'a>> {
    Some(node).filter(|node| node.present)
}

/// Returns whether this cannot be a schema.
fn odd(node: &Node<'_>) -> bool {
    !(node.value.is_object() || node.value.is_boolean())
}

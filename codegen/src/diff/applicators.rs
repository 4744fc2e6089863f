//! The keywords of JSON Schema that OpenAPI 3.1 has and 3.0 has not, and `not`.

use super::{
    node::Node,
    rules::in_direction,
    walk::{Context, Walk},
};

/// Keywords with a schema that the values, or parts of them, must match.
const SCHEMAS: &[&str] = &["contains", "propertyNames", "contentSchema", "unevaluatedItems", "unevaluatedProperties"];
/// Keywords with several such schemas, by name or by position.
const SEVERAL: &[&str] = &["patternProperties", "prefixItems"];
/// Keywords whose changes cannot be judged by their content.
const OTHERS: &[&str] =
    &["not", "if", "then", "else", "dependentRequired", "dependentSchemas", "contentEncoding", "contentMediaType"];

/// The keywords that are compared here.
pub(super) fn keywords() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().chain(SEVERAL).chain(OTHERS).copied()
}

impl<'a> Walk<'a> {
    pub(super) fn applicators(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        for key in keywords() {
            match (base.child(key), head.child(key)) {
                (Some(a), Some(b)) if a.value == b.value && !has_schemas(key) => {}
                (Some(a), Some(b)) if SCHEMAS.contains(&key) => self.schema(context, &a, &b),
                (Some(a), Some(b)) if SEVERAL.contains(&key) => self.several(context, &a, &b),
                (None, None) => {}
                (a, b) => {
                    let rule = match (&a, &b) {
                        (None, _) => in_direction!(context, PROPERTY_KEYWORD_ADDED),
                        (_, None) => in_direction!(context, PROPERTY_KEYWORD_REMOVED),
                        _ => in_direction!(context, PROPERTY_KEYWORD_CHANGED),
                    };
                    self.emit_property(rule, context, a.as_ref(), b.as_ref());
                }
            }
        }
    }

    fn several(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let parts = |node: &Node<'a>| -> Vec<(String, Node<'a>)> {
            let named = node.members().into_iter().map(|(name, node)| (name.to_owned(), node));
            named.chain(node.elements().into_iter().enumerate().map(|(i, node)| (i.to_string(), node))).collect()
        };
        let (old, new) = (parts(base), parts(head));
        for (name, b) in &new {
            match old.iter().find(|(other, _)| other == name) {
                Some((_, a)) => self.schema(context, a, b),
                None => {
                    self.emit_property(in_direction!(context, PROPERTY_KEYWORD_ADDED), context, None, Some(b));
                }
            }
        }
        for (_, a) in old.iter().filter(|(name, _)| !new.iter().any(|(other, _)| other == name)) {
            self.emit_property(in_direction!(context, PROPERTY_KEYWORD_REMOVED), context, Some(a), None);
        }
        if base.value.is_object() != head.value.is_object() {
            self.no_rule(Some(context), Some(base), Some(head));
        }
    }
}

/// Returns whether equal texts may refer to schemas that differ.
fn has_schemas(key: &str) -> bool {
    SCHEMAS.contains(&key) || SEVERAL.contains(&key)
}

//! The keywords that limit numbers, lengths and counts.

use serde_json::Value;

use super::{
    node::Node,
    rule::Rule,
    rules::{general, in_direction, request, response},
    walk::{Context, Use, Walk},
};

/// Limits from above, which are tighter the smaller they are.
const UPPER: &[&str] = &["maxLength", "maximum", "maxItems", "maxProperties", "maxContains", "exclusiveMaximum"];
/// Limits from below, which are tighter the greater they are.
const LOWER: &[&str] = &["minLength", "minimum", "minItems", "minProperties", "minContains", "exclusiveMinimum"];

impl<'a> Walk<'a> {
    pub(super) fn limits(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        for key in UPPER {
            self.limit(key, context, base, head, |old, new| old > new);
        }
        for key in LOWER {
            self.limit(key, context, base, head, |old, new| old < new);
        }
        // A multiple of 4 is one of 2.
        self.limit("multipleOf", context, base, head, |old, new| old < new && new % old == 0.0);
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
        let rule = match (number(&old), number(&new)) {
            (None, Some(Some(limit))) if implied(key, base) == Some(limit) => general::SPELLING_CHANGED,
            (Some(Some(limit)), None) if implied(key, head) == Some(limit) => general::SPELLING_CHANGED,
            (None, Some(Some(_))) => limit_set(context),
            (Some(Some(_)), None) => in_direction!(context, PROPERTY_LIMIT_LOOSENED),
            (Some(Some(old)), Some(Some(new))) if is_tighter(old, new) => {
                in_direction!(context, PROPERTY_LIMIT_TIGHTENED)
            }
            (Some(Some(old)), Some(Some(new))) if is_tighter(new, old) => {
                in_direction!(context, PROPERTY_LIMIT_LOOSENED)
            }
            // `exclusiveMaximum: true`, or multiples of another number.
            _ => return self.no_rule(Some(context), old.as_ref(), new.as_ref()),
        };
        self.key(rule, Some(context), &context.name, key, [base, head]);
    }
}

/// A response with a new limit is only more precise; a request with one may be rejected.
pub(super) fn limit_set(context: &Context) -> &'static Rule {
    match context.usage {
        Use::Request => request::PROPERTY_LIMIT_SET,
        _ => response::PROPERTY_LIMIT_TIGHTENED,
    }
}

/// The limit that the format of a number has, and a length or a count from below.
fn implied(key: &str, schema: &Node<'_>) -> Option<f64> {
    match (key, schema.child("format").map(|format| format.value)) {
        ("minLength" | "minItems" | "minProperties", _) => Some(0.0),
        ("minimum", Some(Value::String(format))) if format == "int32" => Some(f64::from(i32::MIN)),
        ("maximum", Some(Value::String(format))) if format == "int32" => Some(f64::from(i32::MAX)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::diff::diff;

    #[test]
    fn a_limit_that_the_format_has_means_nothing() {
        let document = |schema: &str| {
            let content = format!("content: {{ application/json: {{ schema: {schema} }} }}");
            format!(
                "paths: {{ /a: {{ post: {{ operationId: a, requestBody: {{ {content} }}, responses: {{ '200': {{ {content} }} }} }} }} }}"
            )
        };
        let cases = [
            ("minimum: -2147483648, maximum: 2147483647", vec!["spelling-changed"; 4]),
            ("maximum: 5", vec!["request-property-limit-set", "response-property-limit-tightened"]),
        ];
        for (limits, expected) in cases {
            let bare = document("{ type: integer, format: int32 }");
            let limited = document(&format!("{{ type: integer, format: int32, {limits} }}"));
            let kinds: Vec<_> = diff(&bare, &limited).unwrap().changes.iter().map(|change| change.kind()).collect();
            assert_eq!(kinds, expected, "{limits}");
        }
    }
}

//! Pass: a numeric `exclusiveMinimum` becomes an excluded `minimum`, and likewise the maximum.

use crate::document::tree::{Node, Value};

pub(super) fn rewrite(node: &mut Node) {
    one(node, "exclusiveMinimum", "minimum", |exclusive, limit| exclusive >= limit);
    one(node, "exclusiveMaximum", "maximum", |exclusive, limit| exclusive <= limit);
}

fn one(node: &mut Node, exclusive: &str, limit: &str, stricter: fn(f64, f64) -> bool) {
    let number = |node: &Node, key: &str| match node.get(key).map(|node| &node.value) {
        Some(Value::Number(number)) => number.as_f64(),
        _ => None,
    };
    let Some(value) = number(node, exclusive) else { return };
    let Some(entry) = node.take(exclusive) else { return };
    // Of two limits the stricter one is kept.
    if number(node, limit).is_none_or(|limit| stricter(value, limit)) {
        node.set(limit, entry.span, entry.value.value);
        node.set(exclusive, entry.span, Value::Flag(true));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::upgraded;

    #[test]
    fn exclusive_limits_become_flags_and_the_stricter_limit_is_kept() {
        let cases = [
            ("{ exclusiveMinimum: 0 }", r#"{"minimum":0,"exclusiveMinimum":true}"#),
            ("{ exclusiveMaximum: 9.5 }", r#"{"maximum":9.5,"exclusiveMaximum":true}"#),
            ("{ minimum: 3, exclusiveMinimum: 1 }", r#"{"minimum":3}"#),
            ("{ minimum: 1, exclusiveMinimum: 3 }", r#"{"minimum":3,"exclusiveMinimum":true}"#),
            ("{ maximum: 1, exclusiveMaximum: 1 }", r#"{"maximum":1,"exclusiveMaximum":true}"#),
            ("{ maximum: 1, exclusiveMaximum: 3 }", r#"{"maximum":1}"#),
        ];
        for (schema, expected) in cases {
            assert_eq!(upgraded(schema), expected, "{schema}");
        }
    }
}

//! Pass: `const` becomes an `enum` of one value, the first of `examples` the `example`, and comments are dropped.

use crate::document::tree::{Node, Value};

pub(super) fn rewrite(node: &mut Node) {
    node.take("$schema");
    node.take("$comment");
    if let Some(entry) = node.take("const") {
        let typ = match &entry.value.value {
            Value::Text(_) => Some("string"),
            Value::Flag(_) => Some("boolean"),
            Value::Number(number) if number.is_f64() => Some("number"),
            Value::Number(_) => Some("integer"),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        };
        let span = entry.span;
        node.set("enum", span, Value::List(vec![entry.value]));
        if let Some(typ) = typ.filter(|_| !node.has("type")) {
            node.set("type", span, Value::Text(typ.into()));
        }
    }
    if let Some(entry) = node.take("examples")
        && let Value::List(examples) = entry.value.value
        && let Some(first) = examples.into_iter().next()
        && !node.has("example")
    {
        node.set("example", entry.span, first.value);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::upgraded;

    #[test]
    fn const_and_examples_become_enum_and_example() {
        let cases = [
            ("{ const: a }", r#"{"enum":["a"],"type":"string"}"#),
            ("{ type: number, const: 1 }", r#"{"type":"number","enum":[1]}"#),
            ("{ const: true }", r#"{"enum":[true],"type":"boolean"}"#),
            ("{ examples: [1, 2] }", r#"{"example":1}"#),
            ("{ examples: [1], example: 3 }", r#"{"example":3}"#),
            ("{ examples: [] }", "{}"),
            ("{ $schema: a, $comment: b }", "{}"),
        ];
        for (schema, expected) in cases {
            assert_eq!(upgraded(schema), expected, "{schema}");
        }
    }
}

//! Pass: `'null'` among types or alternatives becomes `nullable: true`.

use crate::document::{
    diagnostic::Diagnostic,
    fix::Fix,
    pointer::join,
    tree::{Entry, Node, Value},
};

pub(super) fn rewrite(node: &mut Node, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    types(node, path, diagnostics);
    for key in ["oneOf", "anyOf"] {
        alternatives(node, key);
    }
}

fn types(node: &mut Node, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Some(written) = node.get("type") else { return };
    let span = written.span;
    let names: Vec<_> = match &written.value {
        Value::Text(name) => vec![name.clone()],
        Value::List(items) => items.iter().filter_map(Node::text).map(str::to_owned).collect(),
        _ => return,
    };
    let nullable = names.iter().any(|name| name == "null");
    let others: Vec<_> = names.into_iter().filter(|name| name != "null").collect();
    match others.as_slice() {
        [one] => {
            node.set("type", span, Value::Text(one.clone()));
            if nullable {
                node.set("nullable", span, Value::Flag(true));
            }
        }
        [] => lose(
            node,
            path,
            "OpenAPI 3.0 cannot express a schema that accepts only `null`".to_owned(),
            "add the type of its other values, or remove it",
            diagnostics,
        ),
        _ => lose(
            node,
            path,
            format!("OpenAPI 3.0 cannot express a schema of several types ({})", others.join(", ")),
            "write `oneOf` with a schema for each type",
            diagnostics,
        ),
    }
}

fn lose(node: &mut Node, path: &str, message: String, help: &str, diagnostics: &mut Vec<Diagnostic>) {
    node.take("type");
    let diagnostic = Diagnostic::new(join(path, "type"), message, help);
    diagnostics.push(diagnostic.with_fix(Fix::new("any type")));
}

/// `anyOf: [{ $ref: … }, { type: 'null' }]`, as many generators write an optional reference.
fn alternatives(node: &mut Node, key: &str) {
    let Some(written) = node.get(key) else { return };
    let is_null = |part: &Node| part.text_of("type") == Some("null") && part.entries().len() == 1;
    let others: Vec<_> = written.items().iter().filter(|part| !is_null(part)).cloned().collect();
    if others.is_empty() || others.len() == written.items().len() {
        return;
    }
    let Some(Entry { span, .. }) = node.take(key) else { return };
    node.set("nullable", span, Value::Flag(true));
    match others.as_slice() {
        // The one inline alternative is merged into the schema.
        [one] if !one.has("$ref") && !one.entries().iter().any(|entry| node.has(&entry.key)) => {
            for Entry { key, span, value } in one.entries() {
                node.set(key, *span, value.value.clone());
            }
        }
        [_] => node.set("allOf", span, Value::List(others)),
        _ => node.set(key, span, Value::List(others)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::upgraded;

    #[test]
    fn null_among_types_and_alternatives_is_nullable() {
        let cases = [
            ("{ type: [string, 'null'] }", r#"{"type":"string","nullable":true}"#),
            ("{ type: ['null', integer] }", r#"{"type":"integer","nullable":true}"#),
            ("{ type: [string] }", r#"{"type":"string"}"#),
            ("{ type: string }", r#"{"type":"string"}"#),
            ("{ anyOf: [{ $ref: b }, { type: 'null' }] }", r#"{"nullable":true,"allOf":[{"$ref":"b"}]}"#),
            (
                "{ title: t, oneOf: [{ type: string, format: uuid }, { type: 'null' }] }",
                r#"{"title":"t","nullable":true,"type":"string","format":"uuid"}"#,
            ),
            (
                "{ oneOf: [{ type: string }, { type: integer }, { type: 'null' }] }",
                r#"{"nullable":true,"oneOf":[{"type":"string"},{"type":"integer"}]}"#,
            ),
        ];
        for (schema, expected) in cases {
            assert_eq!(upgraded(schema), expected, "{schema}");
        }
    }

    #[test]
    fn rejects_several_types_or_none() {
        assert_eq!(
            upgraded("{ type: [string, integer, 'null'] }"),
            "/type: OpenAPI 3.0 cannot express a schema of several types (string, integer)"
        );
        assert_eq!(upgraded("{ type: 'null' }"), "/type: OpenAPI 3.0 cannot express a schema that accepts only `null`");
    }
}

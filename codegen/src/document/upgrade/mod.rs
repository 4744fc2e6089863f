//! OpenAPI 3.1 rewritten as 3.0; what 3.0 cannot express is an error with its position.

mod document;
mod limits;
mod nullable;
mod unsupported;
mod values;

use super::{
    diagnostic::Diagnostic,
    fix::Fix,
    pointer::join,
    shape::{self, Kind},
    tree::{Node, Value},
};

/// Rewrites the document in place; every node keeps its position in the text.
pub(super) fn upgrade(root: &mut Node) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    document::rewrite(root, &mut diagnostics);
    walk(root, Kind::Object(&shape::DOCUMENT), "", &mut diagnostics);
    diagnostics
}

fn walk(node: &mut Node, kind: Kind, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    let is_schema = match kind {
        Kind::Object(object) => object.is(&shape::SCHEMA),
        Kind::FlagOrSchema => matches!(node.value, Value::Map(_)),
        _ => false,
    };
    if is_schema {
        schema(node, path, diagnostics);
    }
    let kinds: Vec<_> = shape::children(node, kind).into_iter().map(|(token, _, kind)| (token, kind)).collect();
    for (token, kind) in kinds {
        let child = match &mut node.value {
            Value::Map(entries) => entries.iter_mut().find(|entry| entry.key == token).map(|entry| &mut entry.value),
            Value::List(items) => token.parse().ok().and_then(|index: usize| items.get_mut(index)),
            _ => None,
        };
        if let Some(child) = child {
            walk(child, kind, &join(path, &token), diagnostics);
        }
    }
}

/// Runs the passes over one schema; keywords that are rejected are not rewritten.
fn schema(node: &mut Node, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    match node.value {
        // `true` is the schema that takes everything.
        Value::Flag(true) => node.value = Value::Map(Vec::new()),
        Value::Flag(false) => {
            let help = "remove the property: OpenAPI 3.0 has no schema that rejects every value";
            node.value = Value::Map(Vec::new());
            let diagnostic = Diagnostic::new(path, "the schema `false` is not supported", help);
            diagnostics.push(diagnostic.with_fix(Fix::new("any JSON value")));
        }
        _ => {}
    }
    unsupported::find(node, path, diagnostics);
    values::rewrite(node);
    limits::rewrite(node);
    nullable::rewrite(node, path, diagnostics);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse::parse;

    /// The upgraded form of a 3.1 schema as JSON, or its first problem.
    pub(super) fn upgraded(yaml: &str) -> String {
        let mut node = parse(&format!("a: {yaml}")).unwrap().get("a").unwrap().clone();
        let mut diagnostics = Vec::new();
        walk(&mut node, Kind::Object(&shape::SCHEMA), "", &mut diagnostics);
        match diagnostics.as_slice() {
            [] => node.to_json().to_string(),
            [first, ..] => format!("{}: {}", first.pointer, first.message),
        }
    }

    #[test]
    fn schemas_below_schemas_are_rewritten_too() {
        assert_eq!(
            upgraded("{ properties: { a: { items: { const: 1 } } }, additionalProperties: { const: b } }"),
            r#"{"properties":{"a":{"items":{"enum":[1],"type":"integer"}}},"additionalProperties":{"enum":["b"],"type":"string"}}"#
        );
    }

    #[test]
    fn true_becomes_the_empty_schema_and_false_is_rejected() {
        assert_eq!(upgraded("{ items: true }"), r#"{"items":{}}"#);
        assert_eq!(upgraded("{ items: false }"), "/items: the schema `false` is not supported");
        assert_eq!(upgraded("{ additionalProperties: false }"), r#"{"additionalProperties":false}"#);
    }
}

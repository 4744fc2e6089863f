//! Check: every key is one of OpenAPI 3.0, with a value of the right kind, and no required key is missing.

use crate::document::{
    diagnostic::Diagnostic,
    pointer::join,
    shape::{self, Kind, Object},
    suggest,
    tree::{Node, Value},
};

const OF_3_1: &str =
    "this is OpenAPI 3.1: write `openapi: 3.1.0` at the top; all that 3.0 can express is then converted";

pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    check_as(root, &shape::DOCUMENT, diagnostics);
}

/// Checks the form of a text that is not an OpenAPI document.
pub(in crate::document) fn check_as(root: &Node, object: &'static Object, diagnostics: &mut Vec<Diagnostic>) {
    walk(root, Kind::Object(object), "", diagnostics);
}

fn walk(node: &Node, kind: Kind, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(wanted) = wrong(node, kind) {
        let message = format!("expected {wanted}, found {}", node.value.form());
        let help = match (&node.value, kind) {
            (Value::Number(_) | Value::Flag(_), Kind::Text) => "quote it".to_owned(),
            (Value::List(_), Kind::Text) if path.ends_with("/type") => OF_3_1.to_owned(),
            (Value::Number(_), Kind::Flag) if path.ends_with("imum") => OF_3_1.to_owned(),
            _ => format!("write {wanted}"),
        };
        diagnostics.push(Diagnostic::new(path, message, help));
        return;
    }
    if let (Kind::Object(object), Value::Map(_)) = (kind.of(node), &node.value) {
        keys(node, object, path, diagnostics);
    }
    for (token, child, kind) in shape::children(node, kind) {
        walk(child, kind, &join(path, &token), diagnostics);
    }
}

/// Returns the expected kind if the value is of another one.
fn wrong(node: &Node, kind: Kind) -> Option<&'static str> {
    let (right, wanted) = match kind {
        Kind::Any => return None,
        Kind::Text => (matches!(node.value, Value::Text(_)), "text"),
        Kind::Flag => (matches!(node.value, Value::Flag(_)), "`true` or `false`"),
        Kind::Number => (matches!(node.value, Value::Number(_)), "a number"),
        Kind::Count => {
            let right =
                matches!(&node.value, Value::Number(number) if number.as_u64().is_some_and(|n| n <= u32::MAX.into()));
            (right, "a whole number from 0 to 4294967295")
        }
        Kind::List(_) => (matches!(node.value, Value::List(_)), "a list"),
        Kind::Map(_) => (matches!(node.value, Value::Map(_)), "a map"),
        Kind::Object(object) => (matches!(node.value, Value::Map(_)), object.name),
        Kind::FlagOrSchema => (matches!(node.value, Value::Flag(_) | Value::Map(_)), "`true`, `false` or a schema"),
    };
    (!right).then_some(wanted)
}

fn keys(node: &Node, object: &'static Object, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    if object.section.is_some() && node.has("$ref") {
        return siblings(node, path, diagnostics);
    }
    for entry in node.entries().iter().filter(|entry| !entry.key.starts_with("x-")) {
        if object.is(&shape::PATHS) && !entry.key.starts_with('/') {
            let message = format!("the path `{}` does not start with a slash", entry.key);
            diagnostics.push(Diagnostic::new(join(path, &entry.key), message, "add a `/` at the start"));
        } else if entry.key == "$ref" {
            let message = format!("unexpected `$ref`: {} must be written in place", object.name);
            diagnostics.push(Diagnostic::new(join(path, "$ref"), message, "copy its target here"));
        } else if object.field(&entry.key).is_none() {
            let message = format!("unknown key `{}` in {}", entry.key, object.name);
            let known = object.fields.iter().map(|(name, _)| *name);
            let help = match &*entry.key {
                "const" | "examples" if object.is(&shape::SCHEMA) => OF_3_1.to_owned(),
                key => format!("remove it; {}", suggest::suggest(key, known)),
            };
            diagnostics.push(Diagnostic::new(join(path, &entry.key), message, help));
        }
    }
    for key in object.required.iter().filter(|key| !node.has(key)) {
        let message = format!("{} has no key `{key}`", object.name);
        diagnostics.push(Diagnostic::new(path, message, format!("add `{key}`")));
    }
}

/// Keys next to a `$ref` have no effect. Lost text is not an error.
fn siblings(node: &Node, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    const TEXT: [&str; 10] = [
        "$ref",
        "description",
        "summary",
        "title",
        "example",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "externalDocs",
    ];
    for entry in node.entries() {
        if !TEXT.contains(&&*entry.key) && !entry.key.starts_with("x-") {
            let message = format!("the key `{}` has no effect next to a `$ref`", entry.key);
            let help = "write `allOf: [{ $ref: … }]` instead of the `$ref`, or move the key to the target";
            diagnostics.push(Diagnostic::new(join(path, &entry.key), message, help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    fn schema(yaml: &str) -> Vec<String> {
        let head = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    A: ";
        found(check, &format!("{head}{yaml}"))
    }

    #[test]
    fn a_key_or_form_that_openapi_does_not_have_is_found() {
        let cases = [
            ("{ typ: string }", "/components/schemas/A/typ: unknown key `typ` in a schema"),
            ("{ type: [string] }", "/components/schemas/A/type: expected text, found a list"),
            ("{ title: 12 }", "/components/schemas/A/title: expected text, found a number"),
            (
                "{ minLength: -1 }",
                "/components/schemas/A/minLength: expected a whole number from 0 to 4294967295, found a number",
            ),
            (
                "{ properties: { b: true } }",
                "/components/schemas/A/properties/b: expected a schema, found `true` or `false`",
            ),
            ("{ properties: { $ref: b } }", "/components/schemas/A/properties/$ref: expected a schema, found text"),
            (
                "{ additionalProperties: 3 }",
                "/components/schemas/A/additionalProperties: expected `true`, `false` or a schema, found a number",
            ),
            (
                "{ additionalProperties: { typ: a } }",
                "/components/schemas/A/additionalProperties/typ: unknown key `typ`",
            ),
            (
                "{ $ref: '#/b', nullable: true }",
                "/components/schemas/A/nullable: the key `nullable` has no effect next to a `$ref`",
            ),
            ("", "/components/schemas/A: expected a schema, found nothing"),
        ];
        for (yaml, expected) in cases {
            let found = schema(yaml);
            assert!(matches!(found.as_slice(), [one] if one.starts_with(expected)), "{yaml}: {found:?}");
        }
    }

    #[test]
    fn accepts_extensions_examples_and_text_next_to_a_reference() {
        for yaml in
            ["{ x-a: { typ: 1 }, example: { typ: 2 }, default: { $ref: 3 } }", "{ $ref: '#/b', description: c }"]
        {
            assert_eq!(schema(yaml), [""; 0], "{yaml}");
        }
    }

    #[test]
    fn finds_missing_keys() {
        let found = found(check, "openapi: 3.0.3\ninfo: {}\npaths: { a: {}, /b: { get: {}, $ref: c } }\n");
        assert_eq!(
            found,
            [
                "/info: the info has no key `title`",
                "/info: the info has no key `version`",
                "/paths/a: the path `a` does not start with a slash",
                "/paths/~1b/$ref: unexpected `$ref`: a path must be written in place",
                "/paths/~1b/get: an operation has no key `responses`",
            ]
        );
    }
}

//! Check: every key is one that OpenAPI 3.0 has there, with a value of the right form, and none is missing.

use crate::document::{
    diagnostic::Diagnostic,
    pointer::join,
    shape::{self, Kind, Object},
    suggest,
    tree::{Node, Value},
};

const OF_3_1: &str = "it is of OpenAPI 3.1: write `openapi: 3.1.0` above, and what 3.0 can say as well is taken";

pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    walk(root, Kind::Object(&shape::DOCUMENT), "", diagnostics);
}

fn walk(node: &Node, kind: Kind, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(wanted) = wrong(node, kind) {
        let what = format!("{} where {wanted} has to stand", node.value.form());
        let help = match (&node.value, kind) {
            (Value::Number(_) | Value::Flag(_), Kind::Text) => "put it in quotes".to_owned(),
            (Value::List(_), Kind::Text) if path.ends_with("/type") => OF_3_1.to_owned(),
            (Value::Number(_), Kind::Flag) if path.ends_with("imum") => OF_3_1.to_owned(),
            _ => format!("write {wanted}"),
        };
        diagnostics.push(Diagnostic::new(path, what, help));
        return;
    }
    if let (Kind::Object(object), Value::Map(_)) = (kind.of(node), &node.value) {
        keys(node, object, path, diagnostics);
    }
    for (token, child, kind) in shape::children(node, kind) {
        walk(child, kind, &join(path, &token), diagnostics);
    }
}

/// What should stand there, if something else does.
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
            let what = format!("the path `{}` does not begin with a slash", entry.key);
            diagnostics.push(Diagnostic::new(join(path, &entry.key), what, "write it with a `/` in front"));
        } else if entry.key == "$ref" {
            let what = format!("a `$ref` where none may stand: {} is written in place", object.name);
            diagnostics.push(Diagnostic::new(join(path, "$ref"), what, "write out here what it refers to"));
        } else if object.field(&entry.key).is_none() {
            let what = format!("the key `{}`, which {} of OpenAPI 3.0 does not have", entry.key, object.name);
            let known = object.fields.iter().map(|(name, _)| *name);
            let help = match &*entry.key {
                "const" | "examples" if object.is(&shape::SCHEMA) => OF_3_1.to_owned(),
                key => format!("take it out; {}", suggest::suggest(key, known)),
            };
            diagnostics.push(Diagnostic::new(join(path, &entry.key), what, help));
        }
    }
    for key in object.required.iter().filter(|key| !node.has(key)) {
        let what = format!("{} without the key `{key}`", object.name);
        diagnostics.push(Diagnostic::new(path, what, format!("add `{key}`")));
    }
}

/// What stands beside a `$ref` has no effect. Where that is only lost text it is no error.
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
            let what = format!("the key `{}` beside a `$ref`, where it has no effect", entry.key);
            let help =
                "put the `$ref` into `allOf: [{ $ref: … }]` beside it, or say it in the schema that is referred to";
            diagnostics.push(Diagnostic::new(join(path, &entry.key), what, help));
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
            (
                "{ typ: string }",
                "/components/schemas/A/typ: the key `typ`, which a schema of OpenAPI 3.0 does not have",
            ),
            ("{ type: [string] }", "/components/schemas/A/type: a list where text has to stand"),
            ("{ title: 12 }", "/components/schemas/A/title: a number where text has to stand"),
            (
                "{ minLength: -1 }",
                "/components/schemas/A/minLength: a number where a whole number from 0 to 4294967295",
            ),
            ("{ properties: { b: true } }", "/components/schemas/A/properties/b: `true` or `false` where a schema"),
            ("{ properties: { $ref: b } }", "/components/schemas/A/properties/$ref: text where a schema has to stand"),
            (
                "{ additionalProperties: 3 }",
                "/components/schemas/A/additionalProperties: a number where `true`, `false`",
            ),
            ("{ additionalProperties: { typ: a } }", "/components/schemas/A/additionalProperties/typ: the key `typ`"),
            ("{ $ref: '#/b', nullable: true }", "/components/schemas/A/nullable: the key `nullable` beside a `$ref`"),
            ("", "/components/schemas/A: nothing where a schema has to stand"),
        ];
        for (yaml, expected) in cases {
            let found = schema(yaml);
            assert!(matches!(found.as_slice(), [one] if one.starts_with(expected)), "{yaml}: {found:?}");
        }
    }

    #[test]
    fn extensions_examples_and_text_beside_a_reference_are_free() {
        for yaml in
            ["{ x-a: { typ: 1 }, example: { typ: 2 }, default: { $ref: 3 } }", "{ $ref: '#/b', description: c }"]
        {
            assert_eq!(schema(yaml), [""; 0], "{yaml}");
        }
    }

    #[test]
    fn what_is_missing_is_found() {
        let found = found(check, "openapi: 3.0.3\ninfo: {}\npaths: { a: {}, /b: { get: {}, $ref: c } }\n");
        assert_eq!(
            found,
            [
                "/info: the info without the key `title`",
                "/info: the info without the key `version`",
                "/paths/a: the path `a` does not begin with a slash",
                "/paths/~1b/$ref: a `$ref` where none may stand: a path is written in place",
                "/paths/~1b/get: an operation without the key `responses`",
            ]
        );
    }
}

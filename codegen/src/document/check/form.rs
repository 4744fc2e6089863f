//! Check: every key is one of OpenAPI 3.0, with a value of the right kind, and no required key is missing.

use crate::document::{
    diagnostic::Diagnostic,
    fix::Fix,
    pointer::{join, parent, tokens},
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
        let diagnostic = Diagnostic::new(path, message, help);
        diagnostics.push(Diagnostic { fix: meant(node, kind, path), ..diagnostic });
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

/// Returns the fix for a value of another kind, unless the part is one that must not be lost.
fn meant(node: &Node, kind: Kind, path: &str) -> Option<Fix> {
    let last = tokens(path).last()?;
    // NestJS writes `required: true` on the property rather than its name in the list of the object.
    if last == "required"
        && let (Value::Flag(flag), Kind::List(_)) = (&node.value, kind)
    {
        let property = parent(path);
        let properties = parent(property);
        let is_property = *flag && properties.ends_with("/properties");
        return Some(match tokens(property).last().filter(|_| is_property) {
            Some(name) => {
                Fix::new("a required property").remove(path).push(&join(parent(properties), "required"), name.into())
            }
            None => Fix::ignore(path),
        });
    }
    match (kind, &node.value) {
        (Kind::Text, Value::Number(_) | Value::Flag(_)) => Some(Fix::new("text").set(path, text(node).into())),
        (Kind::Flag, Value::Text(text)) if text == "true" => Some(Fix::new("`true`").set(path, true.into())),
        (Kind::Object(object), _) if object.is(&shape::SCHEMA) => Some(Fix::any_value(path)),
        (Kind::FlagOrSchema, _) => Some(Fix::ignore(path)),
        // Several types in 3.0; one that may be `null` is common.
        (Kind::Text, Value::List(types)) if last == "type" => {
            let names: Vec<_> = types.iter().filter_map(Node::text).filter(|name| *name != "null").collect();
            Some(match names.as_slice() {
                [one] => {
                    let nullable = join(parent(path), "nullable");
                    Fix::new(format!("`{one}`, nullable")).set(path, (*one).into()).set(&nullable, true.into())
                }
                _ => Fix::new("any type").remove(path),
            })
        }
        (Kind::Object(object), _) if !DOCUMENTATION.iter().any(|known| object.is(known)) => None,
        // An item of a list has no key to ignore.
        _ if last.parse::<usize>().is_ok() => None,
        _ => Some(Fix::ignore(path)),
    }
}

/// The objects that the generated code does not depend on.
const DOCUMENTATION: [&Object; 6] =
    [&shape::CONTACT, &shape::LICENSE, &shape::EXTERNAL_DOCS, &shape::EXAMPLE, &shape::LINK, &shape::HEADER];

fn text(node: &Node) -> String {
    match node.to_json() {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
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
            let pointer = join(path, &entry.key);
            // As in Swagger 2.
            let fix = if entry.key == "schema" && object.is(&shape::RESPONSE) {
                let content = serde_json::json!({ "application/json": { "schema": entry.value.to_json() } });
                Fix::new("the schema of its JSON").remove(&pointer).set(&join(path, "content"), content)
            } else {
                Fix::ignore(&pointer)
            };
            diagnostics.push(Diagnostic::new(pointer, message, help).with_fix(fix));
        }
    }
    for key in object.required.iter().filter(|key| !node.has(key)) {
        let message = format!("{} has no key `{key}`", object.name);
        let value = match *key {
            "responses" => Some(serde_json::json!({})),
            "description" | "title" | "version" => Some("".into()),
            "name" if object.is(&shape::LICENSE) || object.is(&shape::TAG) => Some("".into()),
            "url" if object.is(&shape::EXTERNAL_DOCS) => Some("".into()),
            _ => None,
        };
        let fix = value.map(|value| Fix::new("empty").set(&join(path, key), value));
        let diagnostic = Diagnostic::new(path, message, format!("add `{key}`"));
        diagnostics.push(Diagnostic { fix, ..diagnostic });
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
            let pointer = join(path, &entry.key);
            let is_null = entry.key == "nullable" && node.is_true("nullable");
            let fix = match node.get("$ref").filter(|_| is_null) {
                Some(reference) => {
                    let all_of = serde_json::json!([{ "$ref": reference.to_json() }]);
                    Fix::new("nullable").remove(&join(path, "$ref")).set(&join(path, "allOf"), all_of)
                }
                None => Fix::ignore(&pointer),
            };
            diagnostics.push(Diagnostic::new(pointer, message, help).with_fix(fix));
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

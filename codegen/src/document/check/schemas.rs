//! Check: types, limits and enums of a schema are consistent.

use std::collections::HashSet;

use serde_json::json;

use crate::document::{
    diagnostic::Diagnostic,
    fix::Fix,
    pointer::join,
    shape, suggest,
    tree::{Node, Value},
};

const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "object", "array"];

pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    shape::each(root, &mut |object, path, node| {
        if object.is(&shape::SCHEMA) && !node.has("$ref") {
            one(path, node, diagnostics);
        }
    });
}

fn one(path: &str, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let typ = node.text_of("type");
    if let Some(typ) = typ.filter(|typ| !TYPES.contains(typ)) {
        let help = suggest::suggest(typ, TYPES.into_iter());
        let pointer = join(path, "type");
        let fix = match meant(typ) {
            Some(typ) => Fix::new(format!("`{typ}`")).set(&pointer, typ.into()),
            None => Fix::new("any type").remove(&pointer),
        };
        diagnostics.push(Diagnostic::new(pointer, format!("unknown type `{typ}`"), help).with_fix(fix));
    }
    for (exclusive, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if node.is_true(exclusive) && !node.has(limit) {
            let message = format!("`{exclusive}` without `{limit}`");
            let help = format!("add `{limit}`, the excluded limit, or remove `{exclusive}`");
            let pointer = join(path, exclusive);
            diagnostics.push(Diagnostic::new(&pointer, message, help).with_fix(Fix::ignore(&pointer)));
        }
    }
    if let Some(values) = node.get("enum") {
        enumeration(path, typ, node.is_true("nullable"), values.items(), diagnostics);
    }
}

/// The type that people mean by another word.
fn meant(typ: &str) -> Option<&'static str> {
    let word = typ.to_ascii_lowercase();
    Some(match word.as_str() {
        "int" | "int32" | "int64" | "long" => "integer",
        "float" | "double" | "decimal" => "number",
        "bool" => "boolean",
        "str" | "text" | "date" | "datetime" | "date-time" | "uuid" | "file" => "string",
        "list" => "array",
        _ => return TYPES.into_iter().find(|known| *known == word),
    })
}

fn enumeration(schema: &str, typ: Option<&str>, nullable: bool, values: &[Node], diagnostics: &mut Vec<Diagnostic>) {
    let path = &join(schema, "enum");
    if values.is_empty() {
        let diagnostic = Diagnostic::new(path, "the `enum` has no values", "list the values, or remove it");
        diagnostics.push(diagnostic.with_fix(Fix::ignore(path)));
    }
    let all_text = values.iter().all(|value| value.text().is_some());
    let mut seen = HashSet::new();
    for (index, value) in values.iter().enumerate() {
        let pointer = join(path, &index.to_string());
        let json = value.to_json();
        let fits = match (&value.value, typ) {
            (Value::Null, _) => nullable || typ.is_none(),
            (Value::Text(_), Some(typ)) => typ == "string",
            (Value::Number(number), Some(typ)) => typ == "number" || typ == "integer" && !number.is_f64(),
            (Value::Flag(_), Some(typ)) => typ == "boolean",
            (Value::List(_) | Value::Map(_), _) => false,
            (_, None) => true,
        };
        if !fits {
            let message = match typ {
                Some(typ) => format!("{} in an `enum` of type `{typ}`", value.value.form()),
                None => format!("{} in an `enum`", value.value.form()),
            };
            let help = match value.value {
                Value::Flag(_) | Value::Number(_) => "quote the value if it is text, or correct `type`",
                Value::Null => "add `nullable: true`",
                _ => "use values of that type",
            };
            let fix = match (&value.value, typ) {
                (Value::Null, _) => Fix::new("nullable").set(&join(schema, "nullable"), true.into()),
                (Value::Number(_) | Value::Flag(_), Some("string")) => {
                    Fix::new("text").set(&pointer, json.to_string().into())
                }
                // As NestJS writes an enum whose type it does not know, and a list of such.
                (_, Some("object")) if all_text => Fix::new("text").set(&join(schema, "type"), "string".into()),
                (_, Some("array")) if all_text => {
                    let values: Vec<_> = values.iter().map(Node::to_json).collect();
                    let items = json!({ "type": "string", "enum": values });
                    Fix::new("the values of its items").remove(path).set(&join(schema, "items"), items)
                }
                _ => Fix::new("any value of the type").remove(path),
            };
            diagnostics.push(Diagnostic::new(&pointer, message, help).with_fix(fix));
        } else if !seen.insert(json.to_string()) {
            let diagnostic = Diagnostic::new(&pointer, format!("duplicate value `{json}`"), "remove one of them");
            diagnostics.push(diagnostic.with_fix(Fix::ignore(&pointer)));
        }
        seen.insert(json.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    #[test]
    fn finds_inconsistent_schemas() {
        let cases = [
            ("{ type: strnig }", "/type: unknown type `strnig`"),
            ("{ type: number, exclusiveMinimum: true }", "/exclusiveMinimum: `exclusiveMinimum` without `minimum`"),
            (
                "{ type: array, items: { exclusiveMaximum: true } }",
                "/items/exclusiveMaximum: `exclusiveMaximum` without",
            ),
            ("{ enum: [] }", "/enum: the `enum` has no values"),
            ("{ type: string, enum: [a, b, a] }", "/enum/2: duplicate value `\"a\"`"),
            ("{ type: string, enum: [yes, true] }", "/enum/1: `true` or `false` in an `enum` of type `string`"),
            ("{ type: integer, enum: [1.5] }", "/enum/0: a number in an `enum` of type `integer`"),
            ("{ type: string, enum: [a, null] }", "/enum/1: nothing in an `enum` of type `string`"),
            ("{ enum: [{ a: 1 }] }", "/enum/0: a map in an `enum`"),
        ];
        for (schema, expected) in cases {
            let found = found(check, &format!("components: {{ schemas: {{ A: {schema} }} }}"));
            let expected = format!("/components/schemas/A{expected}");
            assert!(matches!(found.as_slice(), [one] if one.starts_with(&expected)), "{schema}: {found:?}");
        }
    }

    #[test]
    fn accepts_consistent_schemas() {
        for schema in [
            "{ type: string, nullable: true, enum: [a, null] }",
            "{ type: number, minimum: 0, exclusiveMinimum: true, enum: [1, 2.5] }",
            "{ enum: [a, 1] }",
        ] {
            assert_eq!(found(check, &format!("components: {{ schemas: {{ A: {schema} }} }}")), [""; 0], "{schema}");
        }
    }
}

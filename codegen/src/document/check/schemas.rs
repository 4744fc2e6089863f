//! Check: types, limits and enums of a schema are consistent.

use crate::document::{
    diagnostic::Diagnostic,
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
        diagnostics.push(Diagnostic::new(join(path, "type"), format!("unknown type `{typ}`"), help));
    }
    for (exclusive, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if node.is_true(exclusive) && !node.has(limit) {
            let message = format!("`{exclusive}` without `{limit}`");
            let help = format!("add `{limit}`, the excluded limit, or remove `{exclusive}`");
            diagnostics.push(Diagnostic::new(join(path, exclusive), message, help));
        }
    }
    if let Some(values) = node.get("enum") {
        enumeration(&join(path, "enum"), typ, node.is_true("nullable"), values.items(), diagnostics);
    }
}

fn enumeration(path: &str, typ: Option<&str>, nullable: bool, values: &[Node], diagnostics: &mut Vec<Diagnostic>) {
    if values.is_empty() {
        diagnostics.push(Diagnostic::new(path, "the `enum` has no values", "list the values, or remove it"));
    }
    let mut seen = Vec::new();
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
            diagnostics.push(Diagnostic::new(&pointer, message, help));
        } else if seen.contains(&json) {
            diagnostics.push(Diagnostic::new(&pointer, format!("duplicate value `{json}`"), "remove one of them"));
        }
        seen.push(json);
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

//! Pass: keywords that restrict a value, but not its type, move from the schema into the description.
//!
//! typify would write a newtype with its own check for `pattern`, `minLength` and `maxLength`, and dates as `chrono`'s:
//! each consumer would depend on `regress` and `chrono`. For limits of numbers and arrays it uses other types, such as
//! `NonZeroU64` or `[T; 2]`, and for `additionalProperties: false` it rejects new fields. A limit added to the page would
//! change the Rust type, and a response that breaks a limit could not be read. The server checks its limits; the client
//! documents them and reads tolerantly.

use std::collections::HashSet;

use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, IntegerType, NumberType, ObjectType, OpenAPI, ReferenceOr, Schema,
    SchemaKind, StringFormat, StringType, Type, VariantOrUnknownOrEmpty,
};

use super::schemas;
use crate::names::normal;

/// Moves the limits of every schema into its description.
pub(super) fn strip_limits(document: &mut OpenAPI) {
    schemas::for_each_mut(document, &mut |schema| {
        let mut limits = Vec::new();
        strip(schema, &mut limits);
        if !limits.is_empty() {
            let limits = format!("The server asks for: {}.", limits.join(", "));
            let description = schema.schema_data.description.take();
            schema.schema_data.description =
                Some(description.map_or(limits.clone(), |text| format!("{}\n\n{limits}", text.trim_end())));
        }
    });
}

fn strip(schema: &mut Schema, limits: &mut Vec<String>) {
    match &mut schema.schema_kind {
        SchemaKind::Type(Type::String(StringType { format, pattern, min_length, max_length, enumeration })) => {
            // A UUID is one by its type; some generators write out its pattern too.
            if *format == VariantOrUnknownOrEmpty::Unknown("uuid".into()) {
                (*pattern, *min_length, *max_length) = (None, None, None);
            }
            match format {
                VariantOrUnknownOrEmpty::Item(StringFormat::Date) => limits.push("a date, as `2026-11-22`".into()),
                VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => {
                    limits.push("a point in time, as `2026-11-22T14:30:00Z`".into());
                }
                VariantOrUnknownOrEmpty::Item(StringFormat::Byte) => limits.push("Base64".into()),
                _ => {}
            }
            if !matches!(format, VariantOrUnknownOrEmpty::Unknown(_)) {
                *format = VariantOrUnknownOrEmpty::Empty;
            }
            limits.extend(pattern.take().as_deref().map(matching));
            limits.extend(between(min_length.take(), max_length.take(), "characters"));
            if !have_distinct_names(enumeration) {
                let values = std::mem::take(enumeration).into_iter().flatten();
                let values: Vec<_> = values.map(|value| code(&value)).collect();
                limits.push(format!("one of {}", values.join(", ")));
            }
        }
        SchemaKind::Type(Type::Integer(IntegerType {
            multiple_of,
            exclusive_minimum,
            exclusive_maximum,
            minimum,
            maximum,
            ..
        })) => {
            limits.extend(minimum.take().map(|limit| above(std::mem::take(exclusive_minimum), limit)));
            limits.extend(maximum.take().map(|limit| below(std::mem::take(exclusive_maximum), limit)));
            limits.extend(multiple_of.take().map(|of| format!("a multiple of {of}")));
        }
        SchemaKind::Type(Type::Number(NumberType {
            multiple_of,
            exclusive_minimum,
            exclusive_maximum,
            minimum,
            maximum,
            ..
        })) => {
            limits.extend(minimum.take().map(|limit| above(std::mem::take(exclusive_minimum), limit)));
            limits.extend(maximum.take().map(|limit| below(std::mem::take(exclusive_maximum), limit)));
            limits.extend(multiple_of.take().map(|of| format!("a multiple of {of}")));
        }
        SchemaKind::Type(Type::Array(ArrayType { min_items, max_items, unique_items, .. })) => {
            limits.extend(between(min_items.take(), max_items.take(), "items"));
            limits.extend(std::mem::take(unique_items).then(|| "no item twice".to_owned()));
        }
        SchemaKind::Type(Type::Object(ObjectType {
            additional_properties, min_properties, max_properties, ..
        })) => {
            limits.extend(between(min_properties.take(), max_properties.take(), "fields"));
            open(additional_properties);
        }
        // Some of the values of another schema, which typify cannot merge: the type is the other's.
        SchemaKind::Any(AnySchema { enumeration, all_of, properties, .. })
            if !enumeration.is_empty()
                && properties.is_empty()
                && matches!(all_of.as_slice(), [ReferenceOr::Reference { .. }]) =>
        {
            let values: Vec<_> = enumeration.iter().map(|value| code(&value.to_string())).collect();
            limits.push(format!("one of {}", values.join(", ")));
            schema.schema_kind = SchemaKind::AllOf { all_of: std::mem::take(all_of) };
        }
        SchemaKind::Any(AnySchema {
            additional_properties,
            min_properties,
            max_properties,
            pattern,
            min_length,
            max_length,
            format,
            ..
        }) => {
            limits.extend(pattern.take().as_deref().map(matching));
            limits.extend(between(min_length.take(), max_length.take(), "characters"));
            limits.extend(between(min_properties.take(), max_properties.take(), "fields"));
            *format = format.take().filter(|format| !matches!(format.as_str(), "date" | "date-time"));
            open(additional_properties);
        }
        _ => {}
    }
}

/// Lets a response have new fields.
fn open(additional: &mut Option<AdditionalProperties>) {
    if *additional == Some(AdditionalProperties::Any(false)) {
        *additional = None;
    }
}

/// Returns whether each value can be a variant of an enum: typify panics on `>` and `<`, and on `low` and `Low`.
fn have_distinct_names(values: &[Option<String>]) -> bool {
    let mut names = HashSet::new();
    values.iter().flatten().all(|value| value.is_empty() || !normal(value).is_empty() && names.insert(normal(value)))
}

fn code(value: &str) -> String {
    if value.contains('`') { "a value that the spec names".into() } else { format!("`{value}`") }
}

fn matching(pattern: &str) -> String {
    // Within code, a back-tick would end it.
    if pattern.contains('`') { "a pattern that the spec names".into() } else { format!("the pattern `{pattern}`") }
}

fn between(min: Option<usize>, max: Option<usize>, what: &str) -> Option<String> {
    match (min, max) {
        (None, None) => None,
        (Some(min), None) => Some(format!("at least {min} {what}")),
        (None, Some(max)) => Some(format!("at most {max} {what}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max} {what}")),
    }
}

fn above(exclusive: bool, limit: impl ToString) -> String {
    format!("{} {}", if exclusive { "more than" } else { "at least" }, limit.to_string())
}

fn below(exclusive: bool, limit: impl ToString) -> String {
    format!("{} {}", if exclusive { "less than" } else { "at most" }, limit.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    fn property(schema: &str) -> serde_json::Value {
        let mut document = document("{}", &format!("{{ type: object, properties: {{ a: {schema} }} }}"));
        strip_limits(&mut document);
        let document = serde_json::to_value(&document).unwrap();
        document.pointer("/components/schemas/Thing/properties/a").unwrap().clone()
    }

    #[test]
    fn a_limit_moves_into_the_description_and_leaves_the_type() {
        let cases = [
            ("{ type: string, pattern: '^a', minLength: 1 }", "the pattern `^a`, at least 1 characters"),
            ("{ type: string, minLength: 1, maxLength: 9 }", "1 to 9 characters"),
            ("{ type: string, format: date }", "a date, as `2026-11-22`"),
            ("{ type: string, format: date-time }", "a point in time, as `2026-11-22T14:30:00Z`"),
            ("{ type: integer, minimum: 1, exclusiveMaximum: true, maximum: 9 }", "at least 1, less than 9"),
            ("{ type: number, multipleOf: 0.5 }", "a multiple of 0.5"),
            (
                "{ type: array, items: {type: string}, maxItems: 2, uniqueItems: true }",
                "at most 2 items, no item twice",
            ),
            ("{ type: object, minProperties: 1, additionalProperties: {type: string} }", "at least 1 fields"),
        ];
        for (schema, expected) in cases {
            let property = property(schema);
            assert_eq!(property["description"], format!("The server asks for: {expected}."), "{schema}");
            let left: Vec<_> = property.as_object().unwrap().keys().map(String::as_str).collect();
            assert!(left.iter().all(|key| ["type", "description", "items", "additionalProperties"].contains(key)));
        }
    }

    #[test]
    fn a_description_keeps_its_words_and_gains_the_limits() {
        let found = property("{ type: string, description: 'A code. ', maxLength: 3 }");
        assert_eq!(found["description"], "A code.\n\nThe server asks for: at most 3 characters.");
    }

    #[test]
    fn a_uuid_drops_its_pattern_and_length() {
        let found = property("{ type: string, format: uuid, pattern: '^[0-9a-f-]{36}$', minLength: 36 }");
        assert_eq!(found, serde_json::json!({ "type": "string", "format": "uuid" }));
    }

    #[test]
    fn some_values_of_another_schema_have_its_type() {
        let found = property("{ type: integer, enum: [1, 2], allOf: [{ $ref: '#/components/schemas/Thing' }] }");
        let description = "The server asks for: one of `1`, `2`.";
        let all_of = serde_json::json!([{ "$ref": "#/components/schemas/Thing" }]);
        assert_eq!(found, serde_json::json!({ "description": description, "allOf": all_of }));
    }

    #[test]
    fn an_object_that_is_closed_is_opened() {
        let found = property("{ type: object, properties: { b: {type: string} }, additionalProperties: false }");
        assert!(found.get("additionalProperties").is_none(), "{found}");
    }
}

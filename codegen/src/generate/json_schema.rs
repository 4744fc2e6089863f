//! Each component as JSON Schema, for services that publish it again under the feature `schemars`.
//!
//! It is read before the passes that change a schema for typify's sake: groups, defaults and limits are part of it. The dialect
//! is draft 2020-12, which differs from OpenAPI 3.0 in `nullable` and the exclusive limits; keywords that only document
//! the API (`example`, `xml`, extensions) are dropped.

use openapiv3::OpenAPI;
use serde_json::{Map, Value, json};

use crate::document::join;

/// A component as JSON Schema.
#[derive(Debug, PartialEq)]
pub(crate) struct ComponentSchema {
    /// Its name there.
    pub(crate) name: String,
    /// The translated schema, with references as in the document.
    pub(crate) schema: Value,
    /// The JSON pointers of its references, each with the name of the component it leads to.
    pub(crate) references: Vec<(String, String)>,
}

/// Translates every schema of the components.
pub(super) fn describe(document: &OpenAPI) -> Vec<ComponentSchema> {
    let schemas = document.components.iter().flat_map(|components| &components.schemas);
    schemas
        .filter_map(|(name, schema)| {
            let mut references = Vec::new();
            let schema = translated(&serde_json::to_value(schema).ok()?, "", &mut references);
            Some(ComponentSchema { name: name.clone(), schema, references })
        })
        .collect()
}

/// The keywords that both dialects have, with the same meaning.
const KEPT: &[&str] = &[
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "type",
    "format",
    "enum",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "required",
    "minProperties",
    "maxProperties",
];

fn translated(schema: &Value, pointer: &str, references: &mut Vec<(String, String)>) -> Value {
    // `additionalProperties: false`.
    let Value::Object(schema) = schema else { return schema.clone() };
    if let Some(Value::String(reference)) = schema.get("$ref") {
        let name = reference.strip_prefix("#/components/schemas/").unwrap_or(reference);
        references.push((pointer.to_owned(), name.to_owned()));
        return json!({ "$ref": reference });
    }
    let nullable = schema.get("nullable") == Some(&Value::Bool(true));
    // In a combination without a type, `null` is one more form of it.
    let is_wrapped = nullable && !schema.contains_key("type");
    let inner = if is_wrapped { format!("{pointer}/anyOf/0") } else { pointer.to_owned() };
    let mut translation = Map::new();
    for (keyword, value) in schema {
        let at = join(&inner, keyword);
        let value = match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                let properties = properties
                    .iter()
                    .map(|(name, property)| (name.clone(), translated(property, &join(&at, name), references)));
                Value::Object(properties.collect())
            }
            ("items" | "additionalProperties" | "not", schema) => translated(schema, &at, references),
            ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) => {
                let parts = parts.iter().enumerate();
                parts.map(|(index, part)| translated(part, &join(&at, &index.to_string()), references)).collect()
            }
            (keyword, value) if KEPT.contains(&keyword) => value.clone(),
            _ => continue,
        };
        translation.insert(keyword.clone(), value);
    }
    for (flag, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if schema.get(flag) == Some(&Value::Bool(true))
            && let Some(value) = translation.shift_remove(limit)
        {
            translation.insert(flag.to_owned(), value);
        }
    }
    if is_wrapped {
        return json!({ "anyOf": [translation, { "type": "null" }] });
    }
    if nullable {
        if let Some(kind) = translation.get_mut("type") {
            *kind = json!([kind, "null"]);
        }
        if let Some(Value::Array(values)) = translation.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
    }
    Value::Object(translation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    #[test]
    fn each_keyword_is_kept_translated_or_left_out() {
        for (openapi, expected) in [
            ("{ type: string, format: uuid, example: a, x-note: b }", json!({ "type": "string", "format": "uuid" })),
            ("{ type: string, nullable: true }", json!({ "type": ["string", "null"] })),
            ("{ type: string, nullable: true, enum: [a] }", json!({ "type": ["string", "null"], "enum": ["a", null] })),
            (
                "{ type: integer, minimum: 1, exclusiveMinimum: true, maximum: 9 }",
                json!({ "type": "integer", "exclusiveMinimum": 1, "maximum": 9 }),
            ),
            (
                "{ type: object, properties: { example: { type: boolean, default: false } }, additionalProperties: false }",
                json!({ "type": "object", "properties": { "example": { "type": "boolean", "default": false } },
                        "additionalProperties": false }),
            ),
            (
                "{ type: object, properties: { a: {type: string}, b: {type: string} },
                   x-exclusive-group: AOrB, oneOf: [{required: [a]}, {required: [b]}] }",
                json!({ "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "string" } },
                        "oneOf": [{ "required": ["a"] }, { "required": ["b"] }] }),
            ),
        ] {
            let described = describe(&document("{}", openapi));
            assert_eq!(described, [ComponentSchema { name: "Thing".into(), schema: expected, references: Vec::new() }]);
        }
    }

    #[test]
    fn references_are_listed_with_their_pointers() {
        let [thing] = &describe(&document(
            "{}",
            "{ type: object, properties: { a/b: { $ref: '#/components/schemas/Thing' },
               c: { nullable: true, allOf: [{ $ref: '#/components/schemas/Thing' }] },
               d: { type: array, items: { $ref: '#/components/schemas/Thing' } } } }",
        ))[..] else {
            panic!("one component")
        };
        let pointers: Vec<_> = thing.references.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, ["/properties/a~1b", "/properties/c/anyOf/0/allOf/0", "/properties/d/items"]);
        for (pointer, name) in &thing.references {
            assert_eq!(name, "Thing");
            assert_eq!(thing.schema.pointer(pointer).unwrap(), &json!({ "$ref": "#/components/schemas/Thing" }));
        }
    }
}

//! Pass: a property that only the server writes is optional in requests, and one that only the client writes in responses.
//!
//! In OpenAPI `required` applies to responses alone if a property is `readOnly`, and to requests alone if it is `writeOnly`.
//! progenitor has one type for both directions, so a schema that is used in the other direction gets the weaker form.

use std::collections::HashSet;

use openapiv3::{AnySchema, ObjectType, OpenAPI, ReferenceOr, SchemaKind, Type};
use serde_json::Value;

use super::schemas;

/// Removes such properties from `required` in every component that is used in the other direction.
pub(super) fn make_optional(document: &mut OpenAPI) {
    let Ok(text) = serde_json::to_value(&*document) else { return };
    let (mut sent, mut received) = (HashSet::new(), HashSet::new());
    for operation in text.get("paths").into_iter().flat_map(members).flat_map(members) {
        operation.get("requestBody").into_iter().for_each(|body| reach(&text, body, &mut sent));
        operation.get("responses").into_iter().for_each(|responses| reach(&text, responses, &mut received));
    }
    let Some(components) = &mut document.components else { return };
    for (name, schema) in &mut components.schemas {
        let reference = format!("#/components/schemas/{name}");
        let (sent, received) = (sent.contains(&reference), received.contains(&reference));
        let Some(schema) = schemas::item_mut(schema) else { continue };
        if let SchemaKind::Type(Type::Object(ObjectType { properties, required, .. }))
        | SchemaKind::Any(AnySchema { properties, required, .. }) = &mut schema.schema_kind
        {
            required.retain(|name| match properties.get(name) {
                Some(ReferenceOr::Item(property)) => {
                    !(sent && property.schema_data.read_only || received && property.schema_data.write_only)
                }
                _ => true,
            });
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_object().into_iter().flat_map(|object| object.values())
}

/// Collects every reference that is reachable from a part of the document.
fn reach(document: &Value, part: &Value, reached: &mut HashSet<String>) {
    match part {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref")
                && reached.insert(reference.clone())
            {
                let named = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
                named.into_iter().for_each(|named| reach(document, named, reached));
            }
            object.values().for_each(|part| reach(document, part, reached));
        }
        Value::Array(parts) => parts.iter().for_each(|part| reach(document, part, reached)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    const THING: &str = "{ type: object, required: [id, secret, name], properties: {
        id: { type: string, readOnly: true }, secret: { type: string, writeOnly: true }, name: { type: string },
        parent: { $ref: '#/components/schemas/Thing' } } }";

    fn required(responses: &str) -> Value {
        let mut document = document(responses, THING);
        make_optional(&mut document);
        let document = serde_json::to_value(&document).unwrap();
        document.pointer("/components/schemas/Thing/required").unwrap().clone()
    }

    #[test]
    fn read_only_is_optional_in_requests_and_write_only_in_responses() {
        let response = "{ '200': { description: a, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }";
        assert_eq!(required("{}"), serde_json::json!(["secret", "name"]));
        assert_eq!(required(response), serde_json::json!(["name"]));
    }
}

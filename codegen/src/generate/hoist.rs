//! Pass: an inline object becomes a component under a stable name.
//!
//! Later passes then deal with one kind of object: exclusive groups, the order of fields and read-only fields work
//! in a body or a nested object as in a component. The names are the ones that progenitor and typify would choose, with a number
//! if a component has that name. Bodies of errors, which progenitor does not see, get a type as well.

use std::{borrow::BorrowMut, collections::HashSet};

use openapiv3::{
    AdditionalProperties, AnySchema, Components, MediaType, ObjectType, OpenAPI, ReferenceOr, Response, Responses,
    Schema, SchemaData, SchemaKind, Type,
};

use super::schemas::{item_mut, operations_mut};
use crate::names::{normal, pascal};

/// Moves every object of a body, of a property, of an array's items and of a map's values.
pub(super) fn hoist(document: &mut OpenAPI) {
    let mut components = document.components.take().unwrap_or_default();
    let mut hoist = Hoist { taken: components.schemas.keys().map(|name| normal(name)).collect(), found: Vec::new() };
    hoist.components(&mut components);
    for operation in operations_mut(document) {
        let id = pascal(operation.operation_id.as_deref().unwrap_or_default());
        if let Some(body) = operation.request_body.as_mut().and_then(item_mut) {
            hoist.content(body.content.values_mut(), &format!("{id}Body"));
        }
        hoist.responses(&mut operation.responses, &id);
    }
    components.schemas.extend(hoist.found.into_iter().map(|(name, schema)| (name, ReferenceOr::Item(schema))));
    document.components = Some(components);
}

struct Hoist {
    /// The names in use, in their normal form.
    taken: HashSet<String>,
    found: Vec<(String, Schema)>,
}

impl Hoist {
    fn components(&mut self, components: &mut Components) {
        for (name, schema) in &mut components.schemas {
            if let ReferenceOr::Item(schema) = schema {
                self.inside(schema, &pascal(name));
            }
        }
        for (name, body) in &mut components.request_bodies {
            if let ReferenceOr::Item(body) = body {
                self.content(body.content.values_mut(), &with_suffix(name, "Body"));
            }
        }
        for (name, response) in &mut components.responses {
            if let ReferenceOr::Item(response) = response {
                self.content(response.content.values_mut(), &with_suffix(name, "Response"));
            }
        }
    }

    fn responses(&mut self, responses: &mut Responses, id: &str) {
        for (status, response) in &mut responses.responses {
            let name = match status.to_string() {
                success if success.starts_with('2') => format!("{id}Response"),
                error => format!("{id}Error{error}"),
            };
            self.response(response, &name);
        }
        if let Some(response) = &mut responses.default {
            self.response(response, &format!("{id}ErrorDefault"));
        }
    }

    fn response(&mut self, response: &mut ReferenceOr<Response>, name: &str) {
        if let Some(response) = item_mut(response) {
            self.content(response.content.values_mut(), name);
        }
    }

    fn content<'a>(&mut self, content: impl Iterator<Item = &'a mut MediaType>, name: &str) {
        for media_type in content {
            if let Some(schema) = &mut media_type.schema {
                self.schema(schema, name);
            }
        }
    }

    /// Moves an inline object, and the inline objects inside it.
    fn schema<S: BorrowMut<Schema> + From<Schema>>(&mut self, slot: &mut ReferenceOr<S>, name: &str) {
        let ReferenceOr::Item(item) = slot else { return };
        let schema: &mut Schema = item.borrow_mut();
        self.inside(schema, name);
        // typify gives an inline enum the same name, without a look at the components.
        let moves = is_object(schema) || is_enum(schema) && self.taken.contains(&normal(name));
        if !moves {
            return;
        }
        let numbered = (2..).map(|number: u32| format!("{name}{number}"));
        let mut free = std::iter::once(name.to_owned()).chain(numbered);
        let Some(name) = free.find(|name| self.taken.insert(normal(name))) else { return };
        let reference = ReferenceOr::Reference { reference: format!("#/components/schemas/{name}") };
        let SchemaData { nullable, read_only, write_only, deprecated, description, .. } = schema.schema_data.clone();
        schema.schema_data.nullable = false;
        // Keywords that describe this use rather than the type stay here, around the reference.
        let kept = SchemaData { nullable, read_only, write_only, deprecated, description, ..SchemaData::default() };
        let left = if kept == SchemaData::default() {
            reference.clone()
        } else {
            let kind = SchemaKind::AllOf { all_of: vec![reference.clone()] };
            ReferenceOr::Item(Schema { schema_data: kept, schema_kind: kind })
        };
        let moved = Schema { schema_data: schema.schema_data.clone(), schema_kind: schema.schema_kind.clone() };
        self.found.push((name, moved));
        *slot = match left {
            ReferenceOr::Item(schema) => ReferenceOr::Item(S::from(schema)),
            ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
        };
    }

    fn inside(&mut self, schema: &mut Schema, name: &str) {
        match &mut schema.schema_kind {
            SchemaKind::Type(Type::Object(ObjectType { properties, additional_properties, .. }))
            | SchemaKind::Any(AnySchema { properties, additional_properties, .. }) => {
                for (property, schema) in properties {
                    self.schema(schema, &format!("{name}{}", pascal(property)));
                }
                if let Some(AdditionalProperties::Schema(schema)) = additional_properties {
                    self.schema(schema, &format!("{name}Value"));
                }
            }
            SchemaKind::Type(Type::Array(array)) => {
                if let Some(items) = &mut array.items {
                    self.schema(items, &format!("{name}Item"));
                }
            }
            _ => {}
        }
    }
}

fn is_object(schema: &Schema) -> bool {
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(ObjectType { properties, .. }))
        | SchemaKind::Any(AnySchema { properties, .. }) => !properties.is_empty(),
        _ => false,
    }
}

fn is_enum(schema: &Schema) -> bool {
    matches!(&schema.schema_kind, SchemaKind::Type(Type::String(text)) if !text.enumeration.is_empty())
}

fn with_suffix(name: &str, suffix: &str) -> String {
    let name = pascal(name);
    if name.ends_with(suffix) { name } else { name + suffix }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    fn schemas(document: &OpenAPI) -> Vec<String> {
        document.components.iter().flat_map(|components| components.schemas.keys().cloned()).collect()
    }

    #[test]
    fn inline_objects_become_components() {
        let mut document = document(
            r#"{ "200": { description: a, content: { application/json: { schema: { type: object, properties: { a: {type: string} } } } } },
                 "404": { description: b, content: { application/json: { schema: { type: object, properties: { a: {type: string} } } } } } }"#,
            "{ type: object, properties: {
                inner: { type: object, nullable: true, properties: { a: {type: string} } },
                list: { type: array, items: { type: object, properties: { a: {type: string} } } },
                map: { type: object, additionalProperties: { type: object, properties: { a: {type: string} } } } } }",
        );
        hoist(&mut document);
        assert_eq!(
            schemas(&document),
            ["Thing", "ThingInner", "ThingListItem", "ThingMapValue", "SetThingResponse", "SetThingError404"]
        );
        let inner = serde_json::to_value(&document).unwrap();
        let inner = inner.pointer("/components/schemas/Thing/properties/inner").unwrap();
        assert_eq!(
            *inner,
            serde_json::json!({ "nullable": true, "allOf": [{ "$ref": "#/components/schemas/ThingInner" }] })
        );
    }

    #[test]
    fn an_inline_schema_whose_name_a_component_has_gets_a_number() {
        let mut document = document(
            "{}",
            "{ type: object, properties: { a: { type: object, properties: { b: {type: string} } },
                b: { type: string, enum: [c] }, d: { type: string, enum: [e] } } }",
        );
        let components = document.components.as_mut().unwrap();
        let other = components.schemas["Thing"].clone();
        for name in ["thing_a", "ThingA2", "thing_b"] {
            components.schemas.insert(name.into(), other.clone());
        }
        hoist(&mut document);
        let names = schemas(&document);
        for (name, expected) in [("ThingA3", true), ("ThingB2", true), ("ThingD", false)] {
            assert_eq!(names.iter().any(|found| found == name), expected, "{names:?}");
        }
    }
}

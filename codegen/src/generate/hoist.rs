//! Pass: an inline object becomes a component under a stable name.
//!
//! Later passes then deal with one kind of object: exclusive groups, the order of fields and read-only fields work
//! in a body or a nested object as in a component. The names are the ones that progenitor and typify would choose. Bodies of
//! errors, which progenitor does not see, get a type as well.

use std::borrow::BorrowMut;

use openapiv3::{
    AdditionalProperties, AnySchema, Components, MediaType, ObjectType, OpenAPI, ReferenceOr, Response, Responses,
    Schema, SchemaData, SchemaKind, Type,
};

use super::schemas::{item_mut, operations_mut};
use crate::{
    document::{Diagnostic, pointer},
    names::{normal, pascal},
};

/// Moves every object of a body, of a property, of an array's items and of a map's values.
///
/// # Errors
///
/// The components have another schema of that name.
pub(super) fn hoist(document: &mut OpenAPI) -> Result<(), Diagnostic> {
    let mut components = document.components.take().unwrap_or_default();
    let mut hoist = Hoist { taken: components.schemas.keys().map(|name| normal(name)).collect(), found: Vec::new() };
    hoist.components(&mut components)?;
    for operation in operations_mut(document) {
        let id = pascal(operation.operation_id.as_deref().unwrap_or_default());
        if let Some(body) = operation.request_body.as_mut().and_then(item_mut) {
            hoist.content(body.content.values_mut(), &format!("{id}Body"))?;
        }
        hoist.responses(&mut operation.responses, &id)?;
    }
    components.schemas.extend(hoist.found.into_iter().map(|(name, schema)| (name, ReferenceOr::Item(schema))));
    document.components = Some(components);
    Ok(())
}

struct Hoist {
    /// The names in use, in their normal form.
    taken: Vec<String>,
    found: Vec<(String, Schema)>,
}

impl Hoist {
    fn components(&mut self, components: &mut Components) -> Result<(), Diagnostic> {
        for (name, schema) in &mut components.schemas {
            if let ReferenceOr::Item(schema) = schema {
                self.inside(schema, &pascal(name))?;
            }
        }
        for (name, body) in &mut components.request_bodies {
            if let ReferenceOr::Item(body) = body {
                self.content(body.content.values_mut(), &with_suffix(name, "Body"))?;
            }
        }
        for (name, response) in &mut components.responses {
            if let ReferenceOr::Item(response) = response {
                self.content(response.content.values_mut(), &with_suffix(name, "Response"))?;
            }
        }
        Ok(())
    }

    fn responses(&mut self, responses: &mut Responses, id: &str) -> Result<(), Diagnostic> {
        for (status, response) in &mut responses.responses {
            let name = match status.to_string() {
                success if success.starts_with('2') => format!("{id}Response"),
                error => format!("{id}Error{error}"),
            };
            self.response(response, &name)?;
        }
        responses.default.iter_mut().try_for_each(|response| self.response(response, &format!("{id}ErrorDefault")))
    }

    fn response(&mut self, response: &mut ReferenceOr<Response>, name: &str) -> Result<(), Diagnostic> {
        item_mut(response).into_iter().try_for_each(|response| self.content(response.content.values_mut(), name))
    }

    fn content<'a>(&mut self, content: impl Iterator<Item = &'a mut MediaType>, name: &str) -> Result<(), Diagnostic> {
        for media_type in content {
            if let Some(schema) = &mut media_type.schema {
                self.schema(schema, name)?;
            }
        }
        Ok(())
    }

    /// Moves an inline object, and the inline objects inside it.
    fn schema<S: BorrowMut<Schema> + From<Schema>>(
        &mut self,
        slot: &mut ReferenceOr<S>,
        name: &str,
    ) -> Result<(), Diagnostic> {
        let ReferenceOr::Item(item) = slot else { return Ok(()) };
        let schema: &mut Schema = item.borrow_mut();
        self.inside(schema, name)?;
        if !is_object(schema) {
            return Ok(());
        }
        if self.taken.contains(&normal(name)) {
            let pointer = pointer(&["components", "schemas", name]);
            let message = format!("an inline schema needs the name `{name}`, which this component has");
            let help = "rename the component, or move the inline schema into `components/schemas` under another name";
            return Err(Diagnostic::new(pointer, message, help));
        }
        self.taken.push(normal(name));
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
        self.found.push((name.to_owned(), moved));
        *slot = match left {
            ReferenceOr::Item(schema) => ReferenceOr::Item(S::from(schema)),
            ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
        };
        Ok(())
    }

    fn inside(&mut self, schema: &mut Schema, name: &str) -> Result<(), Diagnostic> {
        match &mut schema.schema_kind {
            SchemaKind::Type(Type::Object(ObjectType { properties, additional_properties, .. }))
            | SchemaKind::Any(AnySchema { properties, additional_properties, .. }) => {
                for (property, schema) in properties {
                    self.schema(schema, &format!("{name}{}", pascal(property)))?;
                }
                if let Some(AdditionalProperties::Schema(schema)) = additional_properties {
                    self.schema(schema, &format!("{name}Value"))?;
                }
            }
            SchemaKind::Type(Type::Array(array)) => {
                if let Some(items) = &mut array.items {
                    self.schema(items, &format!("{name}Item"))?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn is_object(schema: &Schema) -> bool {
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(ObjectType { properties, .. }))
        | SchemaKind::Any(AnySchema { properties, .. }) => !properties.is_empty(),
        _ => false,
    }
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
        hoist(&mut document).unwrap();
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
    fn rejects_the_name_of_an_existing_component() {
        let mut document =
            document("{}", "{ type: object, properties: { a: { type: object, properties: { b: {type: string} } } } }");
        let components = document.components.as_mut().unwrap();
        let other = components.schemas["Thing"].clone();
        components.schemas.insert("thing_a".into(), other);
        let message = hoist(&mut document).unwrap_err().to_string();
        assert!(message.contains("`ThingA`") && message.contains("rename the component"), "{message}");
    }
}

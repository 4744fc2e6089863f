//! The way through every schema of a document.

use openapiv3::{
    AdditionalProperties, AnySchema, Components, MediaType, OpenAPI, Operation, PathItem, ReferenceOr, Schema,
    SchemaKind, Type,
};

/// Calls `visit` for every schema that stands in the components or in a body, from the outside in.
///
/// A reference is not followed: what it names stands in the components and is visited there.
pub(crate) fn for_each_mut(document: &mut OpenAPI, visit: &mut impl FnMut(&mut Schema)) {
    if let Some(Components { schemas, request_bodies, responses, .. }) = &mut document.components {
        schemas.values_mut().for_each(|schema| walk(schema, visit));
        for body in request_bodies.values_mut().filter_map(item_mut) {
            body.content.values_mut().for_each(|media_type| walk_media_type(media_type, visit));
        }
        for response in responses.values_mut().filter_map(item_mut) {
            response.content.values_mut().for_each(|media_type| walk_media_type(media_type, visit));
        }
    }
    for operation in operations_mut(document) {
        if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
            body.content.values_mut().for_each(|media_type| walk_media_type(media_type, visit));
        }
        let responses = operation.responses.default.iter_mut().chain(operation.responses.responses.values_mut());
        for response in responses.filter_map(item_mut) {
            response.content.values_mut().for_each(|media_type| walk_media_type(media_type, visit));
        }
    }
}

/// Every operation of the document.
pub(crate) fn operations_mut(document: &mut OpenAPI) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().filter_map(item_mut).flat_map(|item| {
        let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
        [get, put, post, delete, options, head, patch, trace].into_iter().flatten()
    })
}

/// What stands in place; a reference is followed where it leads to.
fn item_mut<T>(item: &mut ReferenceOr<T>) -> Option<&mut T> {
    match item {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { .. } => None,
    }
}

fn walk_media_type(media_type: &mut MediaType, visit: &mut impl FnMut(&mut Schema)) {
    if let Some(schema) = &mut media_type.schema {
        walk(schema, visit);
    }
}

fn walk(schema: &mut ReferenceOr<Schema>, visit: &mut impl FnMut(&mut Schema)) {
    if let ReferenceOr::Item(schema) = schema {
        walk_item(schema, visit);
    }
}

fn walk_boxed(schema: &mut ReferenceOr<Box<Schema>>, visit: &mut impl FnMut(&mut Schema)) {
    if let ReferenceOr::Item(schema) = schema {
        walk_item(schema, visit);
    }
}

fn walk_item(schema: &mut Schema, visit: &mut impl FnMut(&mut Schema)) {
    visit(schema);
    match &mut schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            object.properties.values_mut().for_each(|property| walk_boxed(property, visit));
            walk_additional(&mut object.additional_properties, visit);
        }
        SchemaKind::Type(Type::Array(array)) => array.items.iter_mut().for_each(|items| walk_boxed(items, visit)),
        SchemaKind::Type(_) => {}
        SchemaKind::OneOf { one_of: parts }
        | SchemaKind::AllOf { all_of: parts }
        | SchemaKind::AnyOf { any_of: parts } => {
            parts.iter_mut().for_each(|part| walk(part, visit));
        }
        SchemaKind::Not { not } => walk(not, visit),
        SchemaKind::Any(AnySchema {
            properties, additional_properties, items, one_of, all_of, any_of, not, ..
        }) => {
            properties.values_mut().for_each(|property| walk_boxed(property, visit));
            walk_additional(additional_properties, visit);
            items.iter_mut().for_each(|items| walk_boxed(items, visit));
            one_of.iter_mut().chain(all_of).chain(any_of).for_each(|part| walk(part, visit));
            not.iter_mut().for_each(|not| walk(not, visit));
        }
    }
}

fn walk_additional(additional: &mut Option<AdditionalProperties>, visit: &mut impl FnMut(&mut Schema)) {
    if let Some(AdditionalProperties::Schema(schema)) = additional {
        walk(schema, visit);
    }
}

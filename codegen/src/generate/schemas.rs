//! Iteration over schemas, bodies and operations, and resolution of references.

use openapiv3::{
    AdditionalProperties, AnySchema, Components, MediaType, OpenAPI, Operation, Parameter, ParameterSchemaOrContent,
    PathItem, ReferenceOr, RequestBody, Response, Schema, SchemaKind, Type,
};

/// Calls `visit` for every schema in the components, a parameter or a body, outer ones first.
///
/// References are not followed: their targets are components and visited there.
pub(crate) fn for_each_mut(document: &mut OpenAPI, visit: &mut impl FnMut(&mut Schema)) {
    if let Some(Components { schemas, parameters, .. }) = &mut document.components {
        schemas.values_mut().for_each(|schema| walk(schema, visit));
        parameters.values_mut().for_each(|parameter| walk_parameter(parameter, visit));
    }
    for body in request_bodies_mut(document) {
        body.content.values_mut().for_each(|media_type| walk_media_type(media_type, visit));
    }
    for response in responses_mut(document) {
        response.content.values_mut().for_each(|media_type| walk_media_type(media_type, visit));
    }
    for item in document.paths.paths.values_mut().filter_map(item_mut) {
        item.parameters.iter_mut().for_each(|parameter| walk_parameter(parameter, visit));
    }
    for operation in operations_mut(document) {
        operation.parameters.iter_mut().for_each(|parameter| walk_parameter(parameter, visit));
    }
}

/// Lists every inline request body, in the components and in the operations.
pub(crate) fn request_bodies_mut(document: &mut OpenAPI) -> Vec<&mut RequestBody> {
    let OpenAPI { components, paths, .. } = document;
    let shared = components.iter_mut().flat_map(|components| components.request_bodies.values_mut());
    let own = paths
        .paths
        .values_mut()
        .filter_map(item_mut)
        .flat_map(operations_of)
        .flat_map(|operation| operation.request_body.iter_mut());
    shared.chain(own).filter_map(item_mut).collect()
}

/// Lists every inline response, in the components and in the operations.
pub(crate) fn responses_mut(document: &mut OpenAPI) -> Vec<&mut Response> {
    let OpenAPI { components, paths, .. } = document;
    let shared = components.iter_mut().flat_map(|components| components.responses.values_mut());
    let own =
        paths.paths.values_mut().filter_map(item_mut).flat_map(operations_of).flat_map(|operation| {
            operation.responses.default.iter_mut().chain(operation.responses.responses.values_mut())
        });
    shared.chain(own).filter_map(item_mut).collect()
}

/// Lists every operation of the document.
pub(crate) fn operations_mut(document: &mut OpenAPI) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().filter_map(item_mut).flat_map(operations_of)
}

/// Lists every operation of a path.
pub(super) fn operations_of(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
    [get, put, post, delete, options, head, patch, trace].into_iter().flatten()
}

/// Returns an inline item; `None` for a reference.
pub(super) fn item_mut<T>(item: &mut ReferenceOr<T>) -> Option<&mut T> {
    match item {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { .. } => None,
    }
}

fn walk_parameter(parameter: &mut ReferenceOr<Parameter>, visit: &mut impl FnMut(&mut Schema)) {
    let Some(
        Parameter::Query { parameter_data, .. }
        | Parameter::Header { parameter_data, .. }
        | Parameter::Path { parameter_data, .. }
        | Parameter::Cookie { parameter_data, .. },
    ) = item_mut(parameter)
    else {
        return;
    };
    if let ParameterSchemaOrContent::Schema(schema) = &mut parameter_data.format {
        walk(schema, visit);
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

/// Follows the references of a schema; `None` if one does not resolve, or if the chain is too long.
pub(super) fn resolve<'a>(document: &'a OpenAPI, mut schema: &'a ReferenceOr<Schema>) -> Option<&'a Schema> {
    for _ in 0..16 {
        match schema {
            ReferenceOr::Item(schema) => return Some(schema),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/schemas/")?;
                schema = document.components.as_ref()?.schemas.get(name)?;
            }
        }
    }
    None
}

/// Follows the reference of a response.
pub(super) fn resolve_response<'a>(document: &'a OpenAPI, response: &'a ReferenceOr<Response>) -> Option<&'a Response> {
    match response {
        ReferenceOr::Item(response) => Some(response),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/responses/")?;
            document.components.as_ref()?.responses.get(name)?.as_item()
        }
    }
}

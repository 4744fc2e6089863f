//! The schemas of the components that the generated types stand for.

use std::collections::HashMap;

use openapiv3::{AnySchema, ObjectType, OpenAPI, ReferenceOr, Schema, SchemaKind, Type};
use syn::Item;

use super::Module;
use crate::names::normal;

/// Calls `pass` with each struct and enum that stands for a schema of the components, and with the schema.
pub(super) fn each_type(module: &mut Module, document: &OpenAPI, mut pass: impl FnMut(&mut Item, &Schema)) {
    let Some(components) = &document.components else { return };
    let Some((_, items)) = &mut module.types.content else { return };
    let schemas: HashMap<_, _> = components.schemas.iter().map(|(name, schema)| (normal(name), schema)).collect();
    for item in items {
        let (Item::Struct(syn::ItemStruct { ident, .. }) | Item::Enum(syn::ItemEnum { ident, .. })) = &*item else {
            continue;
        };
        if let Some(ReferenceOr::Item(schema)) = schemas.get(&normal(&ident.to_string())) {
            pass(item, schema);
        }
    }
}

/// Returns a property of a schema, and its index.
pub(super) fn property<'a>(schema: &'a Schema, name: &str) -> Option<(usize, &'a ReferenceOr<Box<Schema>>)> {
    let (SchemaKind::Type(Type::Object(ObjectType { properties, .. })) | SchemaKind::Any(AnySchema { properties, .. })) =
        &schema.schema_kind
    else {
        return None;
    };
    properties.get_full(name).map(|(index, _, property)| (index, property))
}

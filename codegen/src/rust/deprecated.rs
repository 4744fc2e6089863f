//! Pass: a property that the document marks as `deprecated` is a deprecated field.
//!
//! typify drops the keyword. The generated code itself allows the use of such fields.

use std::collections::HashMap;

use openapiv3::{AnySchema, ObjectType, OpenAPI, ReferenceOr, SchemaKind, Type};
use syn::{Attribute, Field, Item, parse_quote};

use super::{Module, wire_name};
use crate::names::normal;

/// Marks the fields of every struct that stands for a schema of the components.
pub(crate) fn mark(module: &mut Module, document: &OpenAPI) {
    let Some(components) = &document.components else { return };
    let Some((_, items)) = &mut module.types.content else { return };
    let schemas: HashMap<_, _> = components.schemas.iter().map(|(name, schema)| (normal(name), schema)).collect();
    for item in items {
        let Item::Struct(item) = item else { continue };
        let Some(ReferenceOr::Item(schema)) = schemas.get(&normal(&item.ident.to_string())) else { continue };
        let (SchemaKind::Type(Type::Object(ObjectType { properties, .. }))
        | SchemaKind::Any(AnySchema { properties, .. })) = &schema.schema_kind
        else {
            continue;
        };
        for field in item.fields.iter_mut() {
            if let Some(ReferenceOr::Item(property)) = properties.get(&wire_name(field))
                && property.schema_data.deprecated
            {
                field.attrs.push(parse_quote!(#[deprecated = "the API's document marks this field as deprecated"]));
            }
        }
    }
}

/// Returns whether a field is deprecated.
pub(crate) fn is_deprecated(field: &Field) -> bool {
    field.attrs.iter().any(|attr: &Attribute| attr.path().is_ident("deprecated"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    #[test]
    fn a_deprecated_property_is_a_deprecated_field() {
        let document = document(
            "{}",
            "{ type: object, properties: { oldName: { type: string, deprecated: true }, name: { type: string } } }",
        );
        let mut module = Module {
            types: parse_quote! {
                pub mod types {
                    pub struct Thing {
                        #[serde(rename = "oldName")]
                        pub old_name: String,
                        pub name: String,
                    }
                }
            },
            client_docs: Vec::new(),
            methods: Vec::new(),
        };
        mark(&mut module, &document);
        let Some((_, items)) = module.types.content else { panic!() };
        let Item::Struct(item) = &items[0] else { panic!() };
        assert_eq!(item.fields.iter().map(is_deprecated).collect::<Vec<_>>(), [true, false]);
    }
}

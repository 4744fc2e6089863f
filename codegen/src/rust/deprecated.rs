//! Pass: a property that the document marks as `deprecated` is a deprecated field.
//!
//! typify drops the keyword. The generated code itself allows the use of such fields.

use openapiv3::{OpenAPI, ReferenceOr};
use syn::{Attribute, Field, Item, parse_quote};

use super::{
    Module,
    components::{self, property},
    wire_name,
};

/// Marks the fields of every struct that stands for a schema of the components.
pub(crate) fn mark(module: &mut Module, document: &OpenAPI) {
    components::each_type(module, document, |item, schema| {
        let Item::Struct(item) = item else { return };
        for field in item.fields.iter_mut() {
            if let Some((_, ReferenceOr::Item(property))) = property(schema, &wire_name(field))
                && property.schema_data.deprecated
            {
                field.attrs.push(parse_quote!(#[deprecated = "the API's document marks this field as deprecated"]));
            }
        }
    });
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

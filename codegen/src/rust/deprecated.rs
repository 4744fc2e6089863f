//! Pass: a schema or a property that the document marks as `deprecated` is a deprecated type or field.
//!
//! typify drops the keyword. The generated code itself allows the use of such types and fields.

use openapiv3::{OpenAPI, ReferenceOr};
use syn::{Attribute, Item, parse_quote};

use super::{
    Module,
    components::{self, property},
    wire_name,
};

/// Marks the types that stand for schemas of the components, and their fields.
pub(crate) fn mark(module: &mut Module, document: &OpenAPI) {
    components::each_type(module, document, |item, schema| {
        let (Item::Struct(syn::ItemStruct { attrs, .. }) | Item::Enum(syn::ItemEnum { attrs, .. })) = item else {
            return;
        };
        if schema.schema_data.deprecated {
            attrs.push(parse_quote!(#[deprecated = "the API's document marks this type as deprecated"]));
        }
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

/// Returns whether these are the attributes of a deprecated item.
pub(crate) fn is_deprecated(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| attr.path().is_ident("deprecated"))
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
        assert_eq!(item.fields.iter().map(|field| is_deprecated(&field.attrs)).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn a_deprecated_schema_is_a_deprecated_type() {
        let spec = "openapi: 3.0.3
info: { title: t, version: '1' }
paths: {}
components:
  schemas:
    Thing: { type: object, deprecated: true, properties: { a: { type: string } } }
    State: { type: string, deprecated: true, enum: [open, closed] }
    Other: { type: object, properties: { a: { type: string } } }
";
        let code = crate::generate(spec, "a.yaml").unwrap();
        assert!(code.contains("#![allow(deprecated)]"), "{code}");
        for (item, expected) in [("struct Thing", true), ("enum State", true), ("struct Other", false)] {
            let (before, _) = code.split_once(&format!("pub {item}")).unwrap();
            let own = before.rsplit_once("}\n").map_or(before, |(_, own)| own);
            assert_eq!(own.contains("#[deprecated = "), expected, "{item}: {own}");
        }
    }
}

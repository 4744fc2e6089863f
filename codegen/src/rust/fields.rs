//! Pass: the fields of a struct are in the order of the schema's properties.
//!
//! typify sorts them by name. In the order of the document the generated type reads like the page, and so does the JSON
//! that is sent.

use openapiv3::OpenAPI;
use syn::{Field, Fields, Item, ItemStruct, LitStr};

use super::{
    Module,
    components::{self, property},
};

/// Orders the fields of every struct of a schema of the components.
pub(crate) fn order(module: &mut Module, document: &OpenAPI) {
    components::each_type(module, document, |item, schema| {
        if let Item::Struct(ItemStruct { fields: Fields::Named(fields), .. }) = item {
            let mut ordered: Vec<_> = std::mem::take(&mut fields.named).into_iter().collect();
            ordered.sort_by_cached_key(|field| property(schema, &wire_name(field)).map(|(index, _)| index));
            fields.named = ordered.into_iter().collect();
        }
    });
}

/// The name of a field in JSON: what `#[serde(rename = "…")]` says, else its own.
pub(crate) fn wire_name(field: &Field) -> String {
    let mut name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    for attr in field.attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
        // An attribute of another form renames nothing.
        let _ = attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = meta.value()?.parse::<LitStr>()?.value();
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    name.trim_start_matches("r#").to_owned()
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;
    use crate::generate::tests::document;

    #[test]
    fn fields_follow_the_properties_also_where_they_are_renamed() {
        let document = document(
            "{}",
            "{ type: object, properties: { zeta: {type: string}, statusCode: {type: integer}, type: {type: string}, alpha: {type: string} } }",
        );
        let mut module = Module {
            types: syn::parse_quote! {
                pub mod types {
                    pub struct Thing {
                        pub alpha: String,
                        #[serde(default, rename = "statusCode", skip_serializing_if = "a::b")]
                        pub status_code: i64,
                        pub r#type: String,
                        pub zeta: String,
                    }
                }
            },
            client_docs: Vec::new(),
            methods: Vec::new(),
        };
        order(&mut module, &document);
        let code = module.types.to_token_stream().to_string();
        let at: Vec<_> =
            ["zeta :", "status_code :", "r#type :", "alpha :"].map(|field| code.find(field).unwrap()).into();
        assert!(at.is_sorted(), "{code}");
    }

    #[test]
    fn fields_follow_the_properties_of_a_schema_without_a_type() {
        let spec = "openapi: 3.0.3
info: { title: t, version: '1' }
paths: {}
components: { schemas: { Thing: { properties: { zeta: { type: string }, alpha: { type: string } } } } }
";
        let code = crate::generate(spec, "a.yaml").unwrap();
        let at = ["pub zeta:", "pub alpha:"].map(|field| code.find(field).unwrap());
        assert!(at.is_sorted(), "{code}");
    }
}

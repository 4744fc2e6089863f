//! `JsonSchema` of the wire types: the words of the document itself, under the feature `schemars`.
//!
//! Not derived: the derive reads the Rust type, which knows neither of groups nor of limits, and takes an `Option` for one
//! that may be `null`. Not `json_schema!` either: it runs into the recursion limit where an object has many properties.
//!
//! The text is JSON because it was written by `serde_json`. If it could not be read, the schema would be `false`, which accepts
//! nothing and is noticed at once, and not the default one, which accepts everything.

use proc_macro2::Literal;
use quote::quote;
use syn::{Ident, Item};

use super::{parsed, types::Types};
use crate::{document::Diagnostic, generate::ComponentSchema, rust::missing};

/// The implementation for each type of `mod types` that a component has.
pub(super) fn json_schemas(described: &[ComponentSchema], types: &Types<'_>) -> Result<Vec<Item>, Diagnostic> {
    described.iter().filter_map(|described| Some(of_type(described, types.named(&described.name)?, types))).collect()
}

fn of_type(described: &ComponentSchema, ty: &Ident, types: &Types<'_>) -> Result<Item, Diagnostic> {
    let name = &described.name;
    let text = raw(&serde_json::to_string_pretty(&described.schema)
        .map_err(|error| missing(format!("the schema `{name}` as JSON ({error})")))?);
    let references = described.references.iter().map(|(place, name)| match types.named(name) {
        Some(ty) => quote!((#place, generator.subschema_for::<#ty>())),
        // What has no type of its own can be anything.
        None => quote!((#place, ::schemars::Schema::default())),
    });
    let (parameter, body) = if described.references.is_empty() {
        (quote!(_), quote!(::serde_json::from_str(SCHEMA).unwrap_or_else(|_| false.into())))
    } else {
        (
            quote!(generator),
            quote! {
                let mut schema: ::schemars::Schema = ::serde_json::from_str(SCHEMA).unwrap_or_else(|_| false.into());
                let references = [#(#references),*];
                for (place, reference) in references {
                    if let Some(found) = schema.pointer_mut(place) {
                        *found = reference.to_value();
                    }
                }
                schema
            },
        )
    };
    let id = format!("::{ty}");
    parsed(quote! {
        /// The schema from the OpenAPI document.
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for #ty {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(#name)
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(concat!(module_path!(), #id))
            }

            fn json_schema(#parameter: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                const SCHEMA: &str = #text;
                #body
            }
        }
    })
}

/// A raw string, which reads as the JSON that it holds.
fn raw(text: &str) -> Literal {
    let mut fence = String::new();
    while text.contains(&format!("\"{fence}")) {
        fence.push('#');
    }
    format!("r{fence}\"{text}\"{fence}").parse().unwrap_or_else(|_| Literal::string(text))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use syn::parse_quote;

    use super::*;

    fn code(schema: Value, references: Vec<(String, String)>) -> String {
        let types: syn::ItemMod = parse_quote!(
            pub mod types {
                pub struct Thing;
                pub enum Other {}
            }
        );
        let described =
            |name: &str, references| ComponentSchema { name: name.into(), schema: schema.clone(), references };
        let code =
            json_schemas(&[described("thing", references), described("Missing", Vec::new())], &Types::of(&types))
                .unwrap();
        let [code] = &code[..] else { panic!("one type is there") };
        prettyplease::unparse(&parse_quote!(#code))
    }

    #[test]
    fn the_schema_stands_in_the_code_as_json() {
        let code = code(json!({ "pattern": "\"#" }), Vec::new());
        assert!(code.contains("impl ::schemars::JsonSchema for Thing"), "{code}");
        assert!(code.contains("r##\"{\n  \"pattern\": \"\\\"#\"\n}\"##"), "{code}");
    }

    #[test]
    fn a_reference_leads_to_the_type_or_to_anything() {
        let references = vec![("/a".to_owned(), "other".to_owned()), ("/b".to_owned(), "Missing".to_owned())];
        let code = code(json!({}), references);
        assert!(code.contains("(\"/a\", generator.subschema_for::<Other>())"), "{code}");
        assert!(code.contains("(\"/b\", ::schemars::Schema::default())"), "{code}");
    }
}

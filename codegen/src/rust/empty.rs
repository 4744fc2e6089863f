//! Pass: a list or a map that may be left out is an `Option`, so that it can also be sent empty.
//!
//! typify writes a plain `Vec` that is not sent when it is empty. Left out and empty are two things on the wire: in an
//! update the one leaves a list as it is, and the other clears it.

use syn::{Attribute, Field, Item, parse_quote};

use super::Module;

/// Rewrites the fields of every struct in `mod types`.
pub(crate) fn keep(module: &mut Module) {
    let Some((_, items)) = &mut module.types.content else { return };
    for item in items {
        let Item::Struct(item) = item else { continue };
        for field in item.fields.iter_mut() {
            rewrite(field);
        }
    }
}

fn rewrite(field: &mut Field) {
    let mut skipped_when_empty = false;
    for attr in field.attrs.iter_mut().filter(|attr| attr.path().is_ident("serde")) {
        if let Some(attribute) = rewritten(attr) {
            *attr = attribute;
            skipped_when_empty = true;
        }
    }
    if skipped_when_empty {
        let ty = &field.ty;
        field.ty = parse_quote!(::std::option::Option<#ty>);
    }
}

/// The attribute without `default` and with the other `skip_serializing_if`, if it has the one for empty values.
fn rewritten(attr: &Attribute) -> Option<Attribute> {
    let mut rename = None;
    let mut skipped_when_empty = false;
    // An attribute of another form is not the one.
    let _ = attr.parse_nested_meta(|meta| {
        if meta.input.peek(syn::Token![=]) {
            let value = meta.value()?.parse::<syn::LitStr>()?;
            if meta.path.is_ident("rename") {
                rename = Some(value);
            } else if meta.path.is_ident("skip_serializing_if") {
                skipped_when_empty = value.value().ends_with("::is_empty");
            }
        }
        Ok(())
    });
    let rename = rename.iter();
    skipped_when_empty
        .then(|| parse_quote!(#[serde(#(rename = #rename,)* skip_serializing_if = "::std::option::Option::is_none")]))
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;

    #[test]
    fn an_optional_list_becomes_an_option_and_a_required_one_does_not() {
        let mut module = Module {
            types: parse_quote! {
                pub mod types {
                    pub struct Thing {
                        #[serde(rename = "aB", default, skip_serializing_if = "::std::vec::Vec::is_empty")]
                        pub a_b: ::std::vec::Vec<String>,
                        pub c: ::std::vec::Vec<String>,
                    }
                }
            },
            client_docs: Vec::new(),
            methods: Vec::new(),
        };
        keep(&mut module);
        let expected: syn::ItemMod = parse_quote! {
            pub mod types {
                pub struct Thing {
                    #[serde(rename = "aB", skip_serializing_if = "::std::option::Option::is_none")]
                    pub a_b: ::std::option::Option<::std::vec::Vec<String> >,
                    pub c: ::std::vec::Vec<String>,
                }
            }
        };
        assert_eq!(module.types.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }
}

//! Pass: `Debug` of a generated type hides what may be private.
//!
//! typify derives it, and so prints contact numbers and metadata values into every log that shows a request. The `Debug`
//! written here shows which fields are set, and the values of booleans and UUIDs alone: hiding by default needs nobody to
//! remember a new field.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Attribute, Field, Fields, Ident, Item, ItemEnum, ItemStruct, Member, Path, Token, Type, parse_quote,
    punctuated::Punctuated,
};

use super::{Module, argument_of};

/// Replaces the derived `Debug` of every type in `mod types`.
pub(crate) fn redact(module: &mut Module) {
    let Some((_, items)) = &mut module.types.content else { return };
    let names: HashSet<String> = items.iter().filter_map(name).map(ToString::to_string).collect();
    *items = std::mem::take(items)
        .into_iter()
        .flat_map(|mut item| {
            let debug = match &mut item {
                Item::Struct(item) => take_derive(&mut item.attrs).then(|| of_struct(item, &names)),
                Item::Enum(item) if holds_values(item) => take_derive(&mut item.attrs).then(|| of_enum(item)),
                _ => None,
            };
            [Some(item), debug].into_iter().flatten()
        })
        .collect();
}

fn name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        _ => None,
    }
}

fn holds_values(item: &ItemEnum) -> bool {
    item.variants.iter().any(|variant| !variant.fields.is_empty())
}

/// Takes `Debug` out of the derives; says whether it was there.
fn take_derive(attrs: &mut [Attribute]) -> bool {
    let mut taken = false;
    for attr in attrs.iter_mut().filter(|attr| attr.path().is_ident("derive")) {
        let Ok(derives) = attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else { continue };
        let is_debug = |path: &Path| path.segments.last().is_some_and(|segment| segment.ident == "Debug");
        taken |= derives.iter().any(is_debug);
        let kept = derives.iter().filter(|path| !is_debug(path));
        *attr = parse_quote!(#[derive(#(#kept),*)]);
    }
    taken
}

fn of_struct(item: &ItemStruct, types: &HashSet<String>) -> Item {
    let name = &item.ident;
    let text = name.to_string();
    let shown = item.fields.iter().enumerate().map(|(index, field)| shown(field, index, types));
    let body = match &item.fields {
        Fields::Named(fields) => {
            let names = fields.named.iter().flat_map(|field| &field.ident).map(|ident| {
                let ident = ident.to_string();
                ident.trim_start_matches("r#").to_owned()
            });
            quote!(f.debug_struct(#text) #(.field(#names, #shown))* .finish())
        }
        Fields::Unnamed(_) => quote!(f.debug_tuple(#text) #(.field(#shown))* .finish()),
        Fields::Unit => quote!(f.write_str(#text)),
    };
    implement(name, &body)
}

/// Implements `Debug` for an enum that holds values: it shows the name of the variant.
fn of_enum(item: &ItemEnum) -> Item {
    let name = &item.ident;
    let arms = item.variants.iter().map(|variant| {
        let ident = &variant.ident;
        let text = format!("{name}::{ident}");
        quote!(Self::#ident { .. } => #text)
    });
    implement(name, &quote!(f.write_str(match self { #(#arms),* })))
}

fn implement(name: &Ident, body: &impl ToTokens) -> Item {
    parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                #body
            }
        }
    }
}

/// Returns what is shown of a field: its value, whether it is set, or nothing.
fn shown(field: &Field, index: usize, types: &HashSet<String>) -> TokenStream {
    let member = field.ident.clone().map_or_else(|| Member::from(index), Member::Named);
    let (optional, ty) = match argument_of(&field.ty, "Option") {
        Some(ty) => (true, ty),
        None => (false, &field.ty),
    };
    if is_public(ty, types) {
        quote!(&self.#member)
    } else if optional {
        quote!(&self.#member.as_ref().map(|_| crate::Redacted))
    } else {
        quote!(&crate::Redacted)
    }
}

/// Booleans, UUIDs, and the module's own types, which hide what is private in them themselves.
fn is_public(ty: &Type, types: &HashSet<String>) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    let is_type_of_ours =
        path.path.segments.first().is_some_and(|first| first.ident != "std") && types.contains(&last.ident.to_string());
    last.ident == "bool" || last.ident == "Uuid" || is_type_of_ours
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(types: &str) -> String {
        let types = syn::parse_str(&format!("pub mod types {{ {types} }}")).unwrap();
        let mut module = Module { types, client_docs: Vec::new(), methods: Vec::new() };
        redact(&mut module);
        let types = module.types;
        prettyplease::unparse(&parse_quote!(#types))
    }

    #[test]
    fn a_struct_shows_ids_and_flags_and_which_other_fields_are_set() {
        let code = redacted(
            "#[derive(Clone, Debug)] pub struct Thing {
                pub id: ::uuid::Uuid, pub closed: ::std::option::Option<bool>, pub r#type: ::std::string::String,
                pub number: ::std::option::Option<::std::string::String>, pub inner: Inner, pub count: i64 }
             #[derive(Debug)] pub struct Inner(::std::string::String);",
        );
        assert!(code.contains("#[derive(Clone)]"), "{code}");
        for expected in [
            r#".field("id", &self.id)"#,
            r#".field("closed", &self.closed)"#,
            r#".field("type", &crate::Redacted)"#,
            r#".field("number", &self.number.as_ref().map(|_| crate::Redacted))"#,
            r#".field("inner", &self.inner)"#,
            r#".field("count", &crate::Redacted)"#,
            r#"f.debug_tuple("Inner").field(&crate::Redacted).finish()"#,
        ] {
            assert!(code.contains(expected), "{expected} in {code}");
        }
    }

    #[test]
    fn an_enum_with_values_shows_its_variant_and_one_without_keeps_the_derive() {
        let code = redacted("#[derive(Debug)] pub enum A { X(String), Y } #[derive(Debug)] pub enum B { X, Y }");
        assert!(code.contains("Self::X { .. } => \"A::X\""), "{code}");
        assert!(code.contains("#[derive(Debug)]\n    pub enum B"), "{code}");
    }
}

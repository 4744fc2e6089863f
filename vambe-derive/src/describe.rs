//! The part of the expansion that describes the keys, for a JSON Schema.
//!
//! Every expansion has it, since another struct may nest this one. Only `JsonSchema` itself needs an attribute: it requires a
//! feature of vambe-api, and the struct may implement it already.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Expr, ExprLit, Generics, Lit, Meta, Type, ext::IdentExt};

use crate::{
    ast::{Field, Input, Variant},
    expand::{crate_path, resolved_here},
};

pub(crate) fn describe_fields(input: &Input<'_>, fields: &[Field<'_>]) -> TokenStream {
    let krate = crate_path(input);
    let keys = fields.iter().filter(|field| field.attrs.skip.is_none()).map(|field| describe_field(&krate, field));
    quote! {
        use #krate::__private::AnyValue as _;
        #(#keys)*
    }
}

fn describe_field(krate: &TokenStream, field: &Field<'_>) -> TokenStream {
    let Field { ty, key, attrs, .. } = field;
    let schema = quote_spanned!(resolved_here(ty)=> <#krate::__private::FieldSchema<#ty>>);
    let may_be_absent = field.is_option || attrs.skip_serializing_if.is_some();
    if field.is_flat() {
        let prefix = attrs.prefix.as_ref().map(|given| given.value.value()).unwrap_or_default();
        return match may_be_absent {
            true => quote!(keys.optional_nested(#prefix, #schema::describe);),
            false => quote!(keys.nested(#prefix, #schema::describe);),
        };
    }
    let insert = match may_be_absent {
        true => quote!(keys.optional(#key)),
        false => quote!(keys.required(#key)),
    };
    let description = doc(field.attributes).map(|doc| quote!(.description(#doc)));
    // The function of `with` returns other values than the type of the field has.
    let values = attrs.with.is_none().then(|| quote!(.values(#schema::VALUES)));
    quote!(#insert #description #values;)
}

pub(crate) fn describe_newtype(input: &Input<'_>, ty: &Type) -> TokenStream {
    let krate = crate_path(input);
    let schema = quote_spanned!(resolved_here(ty)=> <#krate::__private::FieldSchema<#ty>>);
    quote! {
        use #krate::__private::AnyValue as _;
        #schema::describe(keys);
    }
}

/// Implements `EnumValues` for an enum, for the structs that have it as a field.
pub(crate) fn impl_enum_values(input: &Input<'_>, variants: &[Variant<'_>]) -> TokenStream {
    let krate = crate_path(input);
    let ident = &input.original.ident;
    let (for_impl, of_type, conditions) = input.original.generics.split_for_impl();
    let values = variants.iter().map(|variant| &variant.value);
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #for_impl #krate::__private::EnumValues for #ident #of_type #conditions {
            const VALUES: &'static [&'static str] = &[#(#values),*];
        }
    }
}

/// Implements `JsonSchema` if the attribute asks for it. If the feature is missing, the compiler error is at the attribute.
pub(crate) fn impl_json_schema(input: &Input<'_>, generics: &Generics) -> TokenStream {
    let Some(asked) = &input.attrs.json_schema else { return TokenStream::new() };
    let krate = crate_path(input);
    let ident = &input.original.ident;
    let name = ident.unraw().to_string();
    let doc = doc(&input.original.attrs).unwrap_or_else(|| quote!(""));
    let (for_impl, of_type, conditions) = generics.split_for_impl();
    let schemars = quote_spanned!(asked.name.resolved_at(Span::call_site())=> #krate::__private::json_schema);
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #for_impl #schemars::JsonSchema for #ident #of_type #conditions {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(#name)
            }
            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::any::type_name::<Self>())
            }
            fn json_schema(_: &mut #schemars::SchemaGenerator) -> #schemars::Schema {
                #schemars::of_metadata::<Self>(#doc)
            }
        }
    }
}

/// Returns the text of the doc comments, as schemars' own derive reads them: a line may be an `include_str!`.
fn doc(attributes: &[Attribute]) -> Option<TokenStream> {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => Some(match &doc.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => {
                let line = line.value();
                line.strip_prefix(' ').unwrap_or(&line).to_token_stream()
            }
            line => line.to_token_stream(),
        }),
        _ => None,
    });
    let lines: Vec<_> = lines.collect();
    match lines.as_slice() {
        [] => None,
        [line] => Some(line.clone()),
        [first, others @ ..] => Some(quote!(::core::concat!(#first #(, "\n", #others)*))),
    }
}

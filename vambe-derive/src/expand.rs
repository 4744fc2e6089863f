//! The generated implementations.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{DeriveInput, Generics, Type, parse_quote, spanned::Spanned};

use crate::{
    ast::{Field, Input, Kind, Variant},
    describe,
    errors::Errors,
};

/// Returns the implementations, or the errors with a stub, so that a missing implementation causes no further error.
pub(crate) fn derive(original: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let input = Input::from_syn(original, &mut errors);
    input.check(&mut errors);
    let errors = errors.combined().map(|errors| errors.into_compile_error());
    let implementations = match (&input.kind, &errors) {
        (Kind::Enum(variants), None) => impl_enum(&input, variants),
        (Kind::Enum(_), Some(_)) => impl_display(&input, &quote!(::core::result::Result::Ok(()))),
        (Kind::Struct(fields), None) => {
            let pairs = fields.iter().filter(|field| field.attrs.skip.is_none()).map(|field| write_field(field));
            impl_struct(
                &input,
                &bounded(&input, fields),
                &quote!(#(#pairs)*),
                &describe::describe_fields(&input, fields),
            )
        }
        (Kind::Newtype(ty), None) => {
            let (write, keys) = (write_newtype(&input, ty), describe::describe_newtype(&input, ty));
            impl_struct(&input, &bounded_newtype(&input, ty), &write, &keys)
        }
        _ => impl_struct(&input, &original.generics, &TokenStream::new(), &TokenStream::new()),
    };
    quote!(#implementations #errors)
}

pub(crate) fn crate_path(input: &Input<'_>) -> TokenStream {
    input.attrs.krate.as_ref().map_or_else(|| quote!(::vambe_api), |given| given.value.to_token_stream())
}

fn impl_struct(input: &Input<'_>, generics: &Generics, write: &TokenStream, keys: &TokenStream) -> TokenStream {
    let krate = crate_path(input);
    let ident = &input.original.ident;
    let (for_impl, of_type, conditions) = generics.split_for_impl();
    let json_schema = describe::impl_json_schema(input, generics);
    // A stub does not use its argument, a field may be deprecated, and `AnyValue` is unused if the type of each field is known.
    quote! {
        #[automatically_derived]
        #[allow(deprecated, unused_imports, unused_variables)]
        impl #for_impl #krate::TicketMetadata for #ident #of_type #conditions {
            fn write_to(&self, pairs: &mut #krate::MetadataPairs) {
                #write
            }
            fn describe(keys: &mut #krate::MetadataKeys)
            where
                Self: ::core::marker::Sized,
            {
                #keys
            }
        }
        #[automatically_derived]
        #[allow(deprecated)]
        impl #for_impl ::core::convert::TryFrom<&#ident #of_type> for #krate::Metadata #conditions {
            type Error = #krate::EmptyMetadata;
            fn try_from(typed: &#ident #of_type) -> ::core::result::Result<Self, #krate::EmptyMetadata> {
                #krate::TicketMetadata::to_metadata(typed)
            }
        }
        #[automatically_derived]
        #[allow(deprecated)]
        impl #for_impl #krate::IntoMetadata for #ident #of_type #conditions {
            fn into_metadata(self) -> ::core::result::Result<#krate::Metadata, #krate::EmptyMetadata>
            where
                Self: ::core::marker::Sized,
            {
                #krate::TicketMetadata::to_metadata(&self)
            }
        }
        #json_schema
    }
}

fn impl_enum(input: &Input<'_>, variants: &[Variant<'_>]) -> TokenStream {
    let arms = variants.iter().map(|Variant { ident, value }| quote!(Self::#ident => #value,));
    let display = impl_display(input, &quote!(formatter.pad(match self { #(#arms)* })));
    let values = describe::impl_enum_values(input, variants);
    quote!(#display #values)
}

fn impl_display(input: &Input<'_>, body: &TokenStream) -> TokenStream {
    let ident = &input.original.ident;
    let (for_impl, of_type, conditions) = input.original.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        #[allow(deprecated, unused_variables)]
        impl #for_impl ::core::fmt::Display for #ident #of_type #conditions {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #body
            }
        }
    }
}

/// Returns the statement that writes a field. Compiler errors about it are at the type of the field.
fn write_field(field: &Field<'_>) -> TokenStream {
    let Field { ident, key, attrs, .. } = field;
    let span = resolved_here(field.ty);
    let (value, option) = match field.is_option {
        true => (quote_spanned!(span=> value), true),
        false => (quote_spanned!(span=> &self.#ident), false),
    };
    let write = if field.is_flat() {
        let prefix = attrs.prefix.as_ref().map(|given| given.value.value()).unwrap_or_default();
        quote_spanned!(span=> pairs.insert_nested(#prefix, #value);)
    } else if let Some(with) = &attrs.with {
        let with = &with.value;
        quote!(pairs.insert(#key, #with(#value));)
    } else {
        quote_spanned!(span=> pairs.insert(#key, #value);)
    };
    let write = match option {
        true => quote!(if let ::core::option::Option::Some(value) = &self.#ident { #write }),
        false => write,
    };
    match &attrs.skip_serializing_if {
        Some(skip) => {
            let skip = &skip.value;
            quote!(if !#skip(&self.#ident) { #write })
        }
        None => write,
    }
}

fn write_newtype(input: &Input<'_>, ty: &Type) -> TokenStream {
    let krate = crate_path(input);
    quote_spanned!(resolved_here(ty)=> #krate::TicketMetadata::write_to(&self.0, pairs);)
}

/// Returns the span of a type, with names resolved at the macro's call site even if the type comes from another macro.
pub(crate) fn resolved_here(ty: &Type) -> Span {
    ty.span().resolved_at(Span::call_site())
}

/// Returns the generics with the bounds that fields of generic types need. Other types get none, since the compiler warns of a
/// bound on a private type.
fn bounded(input: &Input<'_>, fields: &[Field<'_>]) -> Generics {
    let krate = crate_path(input);
    let mut generics = input.original.generics.clone();
    for field in fields.iter().filter(|field| field.attrs.skip.is_none() && field.attrs.with.is_none()) {
        let ty = field.ty;
        if is_generic(ty, &input.original.generics) {
            let bound: syn::WherePredicate = match field.is_flat() {
                true => parse_quote!(#ty: #krate::TicketMetadata),
                false => parse_quote!(#ty: ::core::fmt::Display),
            };
            generics.make_where_clause().predicates.push(bound);
        }
    }
    generics
}

fn bounded_newtype(input: &Input<'_>, ty: &Type) -> Generics {
    let krate = crate_path(input);
    let mut generics = input.original.generics.clone();
    if is_generic(ty, &input.original.generics) {
        generics.make_where_clause().predicates.push(parse_quote!(#ty: #krate::TicketMetadata));
    }
    generics
}

/// Returns `true` if a type contains one of the type parameters.
fn is_generic(ty: &Type, generics: &Generics) -> bool {
    fn has(tokens: TokenStream, generics: &Generics) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => generics.type_params().any(|parameter| parameter.ident == ident),
            TokenTree::Group(group) => has(group.stream(), generics),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    has(ty.to_token_stream(), generics)
}

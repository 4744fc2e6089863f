//! The typed layer: for each operation its input, and the methods that create and set up its calls.
//!
//! Both clients have the same methods, written from the same values, and a call has its setters once for both modes. The
//! request itself is the raw method's.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, ImplItemFn, Item, ItemImpl};

use super::{
    docs, parsed,
    types::Types,
    values::{self, Call},
};
use crate::{Parts, document::Diagnostic};

/// With more arguments, clippy warns of a method.
const MOST_ARGUMENTS: usize = 6;

/// The code for all operations.
pub(super) fn typed(parts: &Parts, types: &Types<'_>) -> Result<Vec<Item>, Diagnostic> {
    let calls = parts.module.methods.iter().map(|method| values::call(method, parts, types));
    let calls = calls.collect::<Result<Vec<_>, _>>()?;
    let inputs = calls.iter().map(input);
    let names: Vec<_> = calls.iter().map(|call| &call.name).collect();
    let alias_docs: Vec<_> = calls.iter().map(|call| docs_of_alias(call, "Client")).collect();
    let blocking_alias_docs = calls.iter().map(|call| docs_of_alias(call, "blocking::Client"));
    let modules: syn::File = parsed(quote! {
        /// The inputs of the operations, which the methods of the clients create. They have no `Debug`, since values may be private.
        #[allow(missing_debug_implementations)]
        pub mod inputs {
            use super::*;

            #(#inputs)*
        }

        /// The calls of the operations.
        pub(crate) mod calls {
            #(
                #[doc = #alias_docs]
                pub type #names<M = crate::Async> = crate::Call<super::inputs::#names, M>;
            )*
        }

        /// The calls of the operations in blocking mode.
        #[cfg(feature = "blocking")]
        pub(crate) mod blocking_calls {
            #(
                #[doc = #blocking_alias_docs]
                pub type #names = crate::Call<super::inputs::#names, crate::blocking::Blocking>;
            )*
        }
    })?;
    let mut client: ItemImpl = parsed(quote!(impl crate::Client {}))?;
    client.items = calls.iter().map(|call| method(call, false)).collect::<Result<_, _>>()?;
    let mut blocking_client: ItemImpl = parsed(quote! {
        #[cfg(feature = "blocking")]
        impl crate::blocking::Client {}
    })?;
    blocking_client.items = calls.iter().map(|call| method(call, true)).collect::<Result<_, _>>()?;
    let mut items = modules.items;
    items.extend([Item::Impl(client), Item::Impl(blocking_client)]);
    for call in calls.iter().filter(|call| !call.setters.is_empty()) {
        items.push(Item::Impl(setters(call)?));
    }
    Ok(items)
}

fn docs_of_alias(call: &Call<'_>, client: &str) -> String {
    let id = &call.method.sig.ident;
    format!(" A call of [`{id}`](crate::{client}::{id}).")
}

fn input(call: &Call<'_>) -> TokenStream {
    let Call { method, name, output, fields, .. } = call;
    let id = &method.sig.ident;
    let operation = super::constant(&id.to_string());
    let (idents, types): (Vec<_>, Vec<_>) = fields.iter().map(|field| (&field.ident, &field.ty)).unzip();
    let passed = fields.iter().map(|field| &field.passed);
    let docs = format!(" The input of `{id}`.");
    quote! {
        #[doc = #docs]
        pub struct #name {
            #(pub(super) #idents: #types,)*
        }

        impl crate::CallInput for #name {
            const OPERATION: crate::Operation = operations::#operation;

            type Output = #output;

            async fn send(&self, transport: crate::Transport) -> Result<crate::Response<#output>, crate::Error> {
                Client::new(transport).#id(#(#passed),*).await
            }
        }
    }
}

fn method(call: &Call<'_>, blocking: bool) -> Result<ImplItem, Diagnostic> {
    let (id, name) = (&call.method.sig.ident, &call.name);
    let (names, types): (Vec<_>, Vec<_>) = call.arguments.iter().map(|v| (&v.name, v.signature())).unzip();
    let too_many = (names.len() > MOST_ARGUMENTS).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let deprecated =
        call.deprecated.then(|| quote!(#[deprecated = "the API's document marks this operation as deprecated"]));
    let created = call.fields.iter().map(|field| values::field(&field.ident, &field.created));
    let (calls, body) = if blocking {
        (quote!(blocking_calls), quote!(self.call(self.client().#id(#(#names),*))))
    } else {
        (quote!(calls), quote!(self.call(|| Ok(inputs::#name { #(#created),* }))))
    };
    let method = quote! {
        #too_many
        #deprecated
        pub fn #id(&self, #(#names: #types),*) -> #calls::#name {
            #body
        }
    };
    documented(&docs::of_method(call, blocking), method)
}

fn setters(call: &Call<'_>) -> Result<ItemImpl, Diagnostic> {
    let name = &call.name;
    let setters = call.setters.iter().map(|value| {
        let (ident, ty, field, converted) = (&value.name, value.signature(), &value.field, value.converted());
        let deprecated =
            value.deprecated.then(|| quote!(#[deprecated = "the API's document marks this as deprecated"]));
        let setter = quote! {
            #deprecated
            pub fn #ident(self, #ident: #ty) -> Self {
                self.edit(|input| {
                    input.#field = Some(#converted);
                    Ok(())
                })
            }
        };
        documented(&docs::of_setter(value), setter)
    });
    let mut calls: ItemImpl = parsed(quote!(impl<M> crate::Call<inputs::#name, M> {}))?;
    calls.items = setters.collect::<Result<_, _>>()?;
    Ok(calls)
}

/// A function with its documentation, most of its text, which is not parsed.
fn documented(docs: &str, function: TokenStream) -> Result<ImplItem, Diagnostic> {
    let mut function: ImplItemFn = parsed(function)?;
    function.attrs.splice(0..0, docs::attributes(docs));
    Ok(ImplItem::Fn(function))
}

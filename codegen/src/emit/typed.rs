//! The typed layer: for each operation its input, and the methods that create and set up its calls.
//!
//! Both clients have the same methods, written from the same values, and a call has its setters once for both modes. The
//! request itself is the raw method's.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    docs,
    values::{self, Body, Call, Parameter},
};
use crate::{Parts, error::Refusal as Error};

/// From this number of parameters on, clippy warns of a function.
const TOO_MANY: usize = 8;

/// The code for all operations.
pub(super) fn typed(parts: &Parts) -> Result<TokenStream, Error> {
    let calls = parts.module.methods.iter().map(|method| values::call(method, parts));
    let calls = calls.collect::<Result<Vec<_>, _>>()?;
    let inputs = calls.iter().map(input);
    let setters = calls.iter().map(setters);
    let methods = calls.iter().map(|call| method(call, false));
    let blocking_methods = calls.iter().map(|call| method(call, true));
    let names: Vec<_> = calls.iter().map(|call| &call.name).collect();
    let alias_docs: Vec<_> = calls.iter().map(|call| docs_of_alias(call, "Client")).collect();
    let blocking_alias_docs = calls.iter().map(|call| docs_of_alias(call, "blocking::Client"));
    Ok(quote! {
        /// The inputs of the operations, which the methods of the clients create.
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

        impl crate::Client {
            #(#methods)*
        }

        #[cfg(feature = "blocking")]
        impl crate::blocking::Client {
            #(#blocking_methods)*
        }

        #(#setters)*
    })
}

fn docs_of_alias(call: &Call<'_>, client: &str) -> String {
    let id = &call.method.sig.ident;
    format!(" A call of [`{id}`](crate::{client}::{id}).")
}

fn input(call: &Call<'_>) -> TokenStream {
    let Call { method, name, output, parameters, body, .. } = call;
    let id = &method.sig.ident;
    let operation = super::constant(&id.to_string());
    let (names, types): (Vec<_>, Vec<_>) = call.arguments.iter().map(|v| (&v.name, v.signature())).unzip();
    let fields = parameters.iter().map(|Parameter { ident, ty, .. }| quote!(pub(super) #ident: #ty));
    let created = parameters.iter().map(|Parameter { ident, created, .. }| values::field(ident, created));
    let passed = parameters.iter().map(|parameter| &parameter.passed);
    let body_field = body.iter().map(|Body { ty, .. }| quote!(pub(super) body: #ty));
    let body_created = body.iter().map(|Body { created, .. }| values::field(&format_ident!("body"), created));
    let body_passed = body.iter().map(|_| quote!(&self.body));
    let (docs, shown) = (format!(" The input of `{id}`."), name.to_string());
    let too_many = too_many(names.len());
    quote! {
        #[doc = #docs]
        pub struct #name {
            #(#fields,)*
            #(#body_field)*
        }

        impl #name {
            #too_many
            pub(super) fn new(#(#names: #types),*) -> Result<Self, crate::InvalidRequest> {
                Ok(Self { #(#created,)* #(#body_created)* })
            }
        }

        impl crate::CallInput for #name {
            const OPERATION: crate::Operation = operations::#operation;

            type Output = #output;

            async fn send(&self, transport: crate::Transport) -> Result<crate::Response<#output>, crate::Error> {
                Client::new(transport).#id(#(#passed,)* #(#body_passed)*).await
            }
        }

        /// Shows nothing of the values, which may be private.
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#shown).finish_non_exhaustive()
            }
        }
    }
}

fn method(call: &Call<'_>, blocking: bool) -> TokenStream {
    let (id, name) = (&call.method.sig.ident, &call.name);
    let (names, types): (Vec<_>, Vec<_>) = call.arguments.iter().map(|v| (&v.name, v.signature())).unzip();
    let docs = lines(&docs::of_method(call, blocking));
    let too_many = too_many(names.len() + 1);
    let calls = if blocking { quote!(blocking_calls) } else { quote!(calls) };
    quote! {
        #docs
        #too_many
        pub fn #id(&self, #(#names: #types),*) -> #calls::#name {
            self.call(inputs::#name::new(#(#names),*))
        }
    }
}

fn setters(call: &Call<'_>) -> Option<TokenStream> {
    let name = &call.name;
    let setters = call.setters.iter().map(|value| {
        let (ident, ty, field, converted) = (&value.name, value.signature(), &value.field, value.converted());
        let docs = lines(&docs::of_setter(value));
        quote! {
            #docs
            pub fn #ident(self, #ident: #ty) -> Self {
                self.edit(|input| {
                    input.#field = Some(#converted);
                    Ok(())
                })
            }
        }
    });
    (!call.setters.is_empty()).then(|| {
        quote! {
            impl<M> crate::Call<inputs::#name, M> {
                #(#setters)*
            }
        }
    })
}

fn too_many(parameters: usize) -> Option<TokenStream> {
    (parameters >= TOO_MANY).then(|| quote!(#[allow(clippy::too_many_arguments)]))
}

/// A documentation comment of several lines.
fn lines(docs: &str) -> TokenStream {
    let lines = docs.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

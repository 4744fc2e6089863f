//! The few lines that give an operation the comfort of a hand-written method: as text, with the names filled in.
//!
//! They are written by hand from here on, since what makes a request pleasant to write (a type for its metadata, an example)
//! is not in the document. Until then the raw method sends the same request.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Field, FnArg, Ident, ImplItemFn, ItemMod, Pat, Type, parse_quote};

use super::{
    glue,
    members::optional,
    signature::{answer_type, qualified, summary},
};
use crate::{
    document::Diagnostic,
    generate::Group,
    names::{normal, pascal},
    rust::{Module, missing},
};

/// The hand-written lines for one operation of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HandWritten {
    /// The `operationId`, and so the name of the method.
    pub operation: String,
    /// The name of the builder.
    pub builder_name: String,
    /// What is generated already, one line each.
    pub generated: Vec<String>,
    /// The text of the builder's file, `vambe-api/src/{operation}.rs`.
    pub builder: String,
    /// The method, in an `impl` of the hand-written client.
    pub method: String,
}

pub(crate) fn hand_written(module: &Module, groups: &[Group]) -> Result<Vec<HandWritten>, Diagnostic> {
    module.methods.iter().map(|method| of_method(method, module, groups)).collect()
}

/// A parameter of the builder's constructor, or a value that it can be given later.
struct Value {
    ident: Ident,
    /// The type that the builder holds.
    ty: Type,
    /// How the raw method is given it.
    passed: TokenStream,
    optional: bool,
}

fn of_method(method: &ImplItemFn, module: &Module, groups: &[Group]) -> Result<HandWritten, Diagnostic> {
    let operation = method.sig.ident.to_string();
    let (builder, id) = (format_ident!("{}", pascal(&operation)), &method.sig.ident);
    let mut values = Vec::new();
    let mut body = None;
    for (ident, ty) in arguments(method) {
        match (ident == "body", &ty) {
            (true, Type::Reference(reference)) => body = Some(qualified(&reference.elem, &module.types)),
            _ => values.push(value(ident, &ty, &module.types)),
        }
    }
    let body = body.as_ref();
    let group = body.and_then(|body| group_of(body, groups));
    // What the constructor asks for, how the request is made of it, and which of its fields can be set later.
    let (asked, made, later) = match (body, group) {
        (Some(body), Some(group)) => {
            let parts = glue::parts(group, &module.types)?;
            let named = &parts.named;
            let types: Vec<_> = parts.required.iter().map(|field| qualified(&field.ty, &module.types)).collect();
            let names: Vec<_> = parts.required.iter().flat_map(|field| &field.ident).collect();
            let sum_type = syn::parse2(parts.sum_type).map(|ty: Type| qualified(&ty, &module.types));
            let sum_type = sum_type.map_err(|error| missing(format!("a type ({error})")))?;
            (
                quote!(#named: #sum_type, #(#names: #types,)*),
                Some(quote!(#body::new(#named, #(#names),*))),
                parts.optional,
            )
        }
        (Some(body), None) => (quote!(request: #body,), Some(quote!(request)), Vec::new()),
        (None, _) => (quote!(), None, Vec::new()),
    };
    let output = qualified(&answer_type(method), &module.types);

    let (required, optional): (Vec<&Value>, Vec<&Value>) = values.iter().partition(|value| !value.optional);
    let required_names: Vec<_> = required.iter().map(|value| &value.ident).collect();
    let required_types: Vec<_> = required.iter().map(|value| &value.ty).collect();
    let optional_names: Vec<_> = optional.iter().map(|value| &value.ident).collect();
    let optional_types: Vec<_> = optional.iter().map(|value| &value.ty).collect();
    let passed = values.iter().map(|value| &value.passed);
    let body_passed = body.map(|_| quote!(&self.request));
    let (request_field, request_made) = match (body, made) {
        (Some(body), Some(made)) => (quote!(request: #body,), quote!(request: #made,)),
        _ => (quote!(), quote!()),
    };
    let setters = later.iter().filter_map(|field| setter(field, &module.types));
    let intro = format!(" The request of `{operation}`, which is sent when it is awaited.");
    let name = builder.to_string();
    let tokens = quote! {
        #[doc = #intro]
        #[must_use = "nothing is sent until the request is awaited"]
        pub struct #builder {
            client: crate::raw::Client,
            options: crate::CallOptions,
            #(#required_names: #required_types,)*
            #(#optional_names: Option<#optional_types>,)*
            #request_field
        }

        impl #builder {
            pub(crate) fn new(client: crate::raw::Client, #(#required_names: #required_types,)* #asked) -> Self {
                Self {
                    options: client.transport().options(),
                    client,
                    #(#required_names,)*
                    #(#optional_names: None,)*
                    #request_made
                }
            }

            #(
                /// Sets it; left out of the request unless this is called.
                pub fn #optional_names(mut self, #optional_names: #optional_types) -> Self {
                    self.#optional_names = Some(#optional_names);
                    self
                }
            )*

            #(#setters)*

            /// Sets the limit for this call, with all its attempts and waits.
            pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
                self.options = self.options.timeout(timeout);
                self
            }

            /// Sets the limit for each attempt of this call.
            pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.options = self.options.attempt_timeout(timeout);
                self
            }

            /// Sets how many attempts this call may make, the first one included.
            pub fn max_attempts(mut self, attempts: u32) -> Self {
                self.options = self.options.max_attempts(attempts);
                self
            }

            async fn send(self) -> Result<crate::Response<#output>, crate::Error> {
                self.client.with_options(self.options).#id(#(#passed,)* #body_passed).await
            }
        }

        /// Shows nothing of what is set: parameters may be private.
        impl std::fmt::Debug for #builder {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#name).finish_non_exhaustive()
            }
        }

        impl IntoFuture for #builder {
            type Output = Result<crate::Response<#output>, crate::Error>;
            type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
    let names_asked: syn::punctuated::Punctuated<FnArg, syn::Token![,]> =
        syn::parse::Parser::parse2(syn::punctuated::Punctuated::parse_terminated, asked.clone())
            .map_err(|error| missing(format!("arguments ({error})")))?;
    let given = names_asked.iter().filter_map(|argument| match argument {
        FnArg::Typed(typed) => Some(&typed.pat),
        FnArg::Receiver(_) => None,
    });
    let docs = format!(" {} Await what this gives to send the request.", summary(method));
    let client = quote! {
        impl Client {
            #[doc = #docs]
            ///
            /// # Errors
            ///
            /// Awaiting gives [`Error`](crate::Error).
            pub fn #id(&self, #(#required_names: #required_types,)* #asked) -> crate::#builder {
                crate::#builder::new(self.raw.clone(), #(#required_names,)* #(#given),*)
            }
        }
    };
    let mut generated =
        vec![format!("the raw method `raw::Client::{operation}`, and `raw::operations::{}`", operation.to_uppercase())];
    generated.extend(body.map(|body| format!("its request `{}`", text(body))));
    generated.extend(group.map(|_| "the glue between the request and its sum type: `new` and `TryFrom`".to_owned()));
    Ok(HandWritten {
        builder: format!(
            "//! The request of [`Client::{operation}`](crate::Client::{operation}), to be awaited.\n\n{}",
            formatted(tokens)?
        ),
        method: formatted(client)?,
        builder_name: name,
        operation,
        generated,
    })
}

fn setter(field: &Field, types: &ItemMod) -> Option<TokenStream> {
    let (ident, ty) = (field.ident.as_ref()?, qualified(optional(&field.ty)?, types));
    Some(quote! {
        /// Sets it; left out of the request unless this is called.
        pub fn #ident(mut self, #ident: #ty) -> Self {
            self.request.#ident = Some(#ident);
            self
        }
    })
}

fn arguments(method: &ImplItemFn) -> impl Iterator<Item = (Ident, Type)> {
    method.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(name) => Some((name.ident.clone(), (*typed.ty).clone())),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// The raw method borrows; the builder has to own.
fn value(ident: Ident, ty: &Type, types: &ItemMod) -> Value {
    let (optional, inner) = match ty {
        Type::Path(path)
            if path.path.is_ident("Option") || path.path.segments.first().is_some_and(|s| s.ident == "Option") =>
        {
            (true, optional(ty).unwrap_or(ty))
        }
        _ => (false, ty),
    };
    let (borrowed, owned) = match inner {
        Type::Reference(reference) => (true, qualified(&reference.elem, types)),
        other => (false, qualified(other, types)),
    };
    let is_str = text(&owned) == "str";
    let passed = match (optional, borrowed) {
        (true, true) if is_str => quote!(self.#ident.as_deref()),
        (true, true) => quote!(self.#ident.as_ref()),
        (false, true) => quote!(&self.#ident),
        (_, false) => quote!(self.#ident),
    };
    Value { ident, ty: if is_str { parse_quote!(String) } else { owned }, passed, optional }
}

fn group_of<'a>(body: &Type, groups: &'a [Group]) -> Option<&'a Group> {
    let Type::Path(path) = body else { return None };
    let name = normal(&path.path.segments.last()?.ident.to_string());
    groups.iter().find(|group| normal(&group.schema) == name)
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}

fn formatted(tokens: TokenStream) -> Result<String, Diagnostic> {
    let file = syn::parse2(tokens).map_err(|error| missing(format!("valid Rust ({error})")))?;
    Ok(prettyplease::unparse(&file))
}

//! progenitor, and the passes over the Rust that it writes.

mod components;
mod debug;
mod deprecated;
mod duplicates;
mod empty;
mod field_names;
mod fields;
mod method;
mod parameters;
mod progenitor;

pub(crate) use debug::redact as redact_debug;
pub(crate) use deprecated::{is_deprecated, mark as mark_deprecated};
pub(crate) use duplicates::{check as check_names, check_file};
pub(crate) use empty::keep as keep_empty;
pub(crate) use field_names::distinct as name_fields;
pub(crate) use fields::{order as order_fields, wire_name};
pub(crate) use progenitor::generate as progenitor;

use std::fmt::Display;

use syn::{Attribute, GenericArgument, ImplItem, ImplItemFn, Item, ItemMod, PathArguments, Type};

use crate::{PROGENITOR_VERSION, document::Diagnostic, generate::Wire};

/// The parts of progenitor's output that are kept.
///
/// Its `Client` is not kept: it builds an HTTP client of its own and panics if it cannot, and its hooks can report neither the
/// number of attempts nor why a body could not be read. `emit` writes one around the transport instead.
pub(crate) struct Module {
    /// `mod types`.
    pub(crate) types: ItemMod,
    /// The documentation of the client.
    pub(crate) client_docs: Vec<Attribute>,
    /// One method for each operation, handing its request to the transport.
    pub(crate) methods: Vec<ImplItemFn>,
}

/// Takes what is kept out of progenitor's output, and rewrites the methods.
pub(crate) fn take_apart(file: syn::File, wire: &Wire) -> Result<Module, Diagnostic> {
    let mut types = None;
    let mut client_docs = None;
    let mut methods = Vec::new();
    for item in file.items {
        match item {
            Item::Mod(item) if item.ident == "types" => types = Some(item),
            Item::Struct(item) if item.ident == "Client" => {
                client_docs = Some(item.attrs.into_iter().filter(|attr| attr.path().is_ident("doc")).collect());
            }
            // The constructors are not async, the operations are; impls of traits are progenitor's hooks.
            Item::Impl(item) if item.trait_.is_none() && is_client(&item.self_ty) => {
                for item in item.items {
                    if let ImplItem::Fn(function) = item
                        && function.sig.asyncness.is_some()
                    {
                        methods.push(method::hand_to_transport(function, wire)?);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(Module {
        types: types.ok_or_else(|| missing("`mod types`"))?,
        client_docs: client_docs.ok_or_else(|| missing("`struct Client`"))?,
        methods,
    })
}

pub(crate) fn is_client(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("Client"))
}

/// Returns the `T` of `Name<T>`, such as of `Option<T>`.
pub(crate) fn argument_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// The error for output of progenitor that has not the form that the passes are written for.
pub(crate) fn missing(expected: impl Display) -> Diagnostic {
    let message = format!("the code from progenitor {PROGENITOR_VERSION} lacks {expected}");
    Diagnostic::new(
        "",
        message,
        "this is a bug of the generator: update the passes in codegen/src/rust to that version",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_of_another_form_is_an_error_that_names_what_is_missing() {
        for (code, expected) in [("struct Client;", "`mod types`"), ("mod types {}", "`struct Client`")] {
            let message = take_apart(syn::parse_str(code).unwrap(), &Wire::default()).err().unwrap().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}

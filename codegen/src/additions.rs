//! The additions and removals of a newly generated text, compared with an older one.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use syn::{GenericArgument, ImplItem, Item, PathArguments, Type};

use crate::names::snake;

/// Lists the methods and setters that only one of two generated texts has, one a line; none if a text is not Rust.
///
/// # Example
///
/// ```
/// let before = "impl crate::Client { pub fn ping(&self) {} }";
/// let after = format!("{before} impl<M> crate::Call<inputs::Ping, M> {{ pub fn count(self, count: u8) -> Self {{ self }} }}");
/// assert_eq!(vambe_codegen::additions(before, &after), ["new setter `count` of `ping`"]);
/// assert_eq!(vambe_codegen::additions(&after, before), ["setter `count` of `ping` is gone"]);
/// ```
#[must_use]
pub fn additions(before: &str, after: &str) -> Vec<String> {
    let (Ok(before), Ok(after)) = (syn::parse_file(before), syn::parse_file(after)) else { return Vec::new() };
    let (before, after) = (offered(&before), offered(&after));
    let new = after.difference(&before).map(|item| format!("new {item}"));
    new.chain(before.difference(&after).map(|item| format!("{item} is gone"))).collect()
}

/// The methods of the client, and the setters of its calls.
fn offered(file: &syn::File) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for item in &file.items {
        let Item::Impl(item) = item else { continue };
        let Some(owner) = owner(&item.self_ty) else { continue };
        for method in &item.items {
            if let ImplItem::Fn(method) = method {
                let name = &method.sig.ident;
                found.insert(match &owner {
                    Owner::Client => format!("method `{name}`"),
                    Owner::Call(operation) => format!("setter `{name}` of `{operation}`"),
                });
            }
        }
    }
    found
}

enum Owner {
    Client,
    /// The call of an operation.
    Call(String),
}

fn owner(ty: &Type) -> Option<Owner> {
    let Type::Path(path) = ty else { return None };
    let (first, last) = (path.path.segments.first()?, path.path.segments.last()?);
    if first.ident != "crate" || path.path.segments.len() != 2 {
        return None;
    }
    match &last.arguments {
        PathArguments::None if last.ident == "Client" => Some(Owner::Client),
        PathArguments::AngleBracketed(arguments) if last.ident == "Call" => match arguments.args.first()? {
            GenericArgument::Type(input) => {
                let input = input.to_token_stream().to_string();
                Some(Owner::Call(snake(input.rsplit("::").next()?.trim())))
            }
            _ => None,
        },
        _ => None,
    }
}

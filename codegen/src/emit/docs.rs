//! The documentation of the typed methods, made of the document's texts, with an example that compiles.

use std::collections::HashMap;

use proc_macro2::Span;
use quote::{format_ident, quote};
use syn::{AttrStyle, Attribute, Expr, ExprLit, Field, ImplItemFn, Lit, LitStr, Meta, MetaNameValue, parse_quote};

use super::values::{Call, Kind, Value};

/// The crate whose names the examples use.
const CRATE: &str = "vambe_api::";

/// The documentation of an operation's method, for the async client or for the blocking one.
pub(super) fn of_method(call: &Call<'_>, blocking: bool) -> String {
    let mut docs = description(call.method);
    let listed = call.arguments.iter().filter(|value| !value.docs.is_empty());
    let listed: Vec<_> = listed.map(|Value { name, docs, .. }| format!("- `{name}`: {docs}")).collect();
    if !listed.is_empty() {
        docs += &format!("\n\n{}", listed.join("\n"));
    }
    let sent = if blocking { "[`send`](crate::Call::send) returns" } else { "Awaiting the call returns" };
    docs += &format!(
        "\n\n# Errors\n\n{sent} [`Error::InvalidRequest`](crate::Error::InvalidRequest), with nothing sent, if a value cannot \
         be sent; for other failures see [`Error`](crate::Error).\n\n# Example\n\n```\n{}```",
        example(call, blocking)
    );
    docs
}

/// The documentation of a setter.
pub(super) fn of_setter(Value { name, docs, .. }: &Value) -> String {
    let first = format!("Sets `{name}`, which is left out of the request otherwise.");
    if docs.is_empty() { first } else { format!("{first}\n\n{docs}") }
}

/// A field's documentation, in one line.
pub(super) fn of_field(field: &Field) -> String {
    text(&field.attrs).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The documentation of each parameter, from the list that progenitor writes.
pub(super) fn arguments(method: &ImplItemFn) -> HashMap<String, String> {
    let text = text(&method.attrs);
    let list = text.split_once("\nArguments:\n").map_or("", |(_, list)| list);
    let entry = |line: &str| {
        let (name, docs) = line.strip_prefix("- `")?.split_once("`: ")?;
        Some((name.to_owned(), docs.trim().to_owned()))
    };
    list.lines().filter_map(entry).collect()
}

/// The operation's description, else its summary, else the request that it sends.
fn description(method: &ImplItemFn) -> String {
    let text = text(&method.attrs);
    let (words, request) = match text.rfind("Sends a `") {
        Some(at) => text.split_at(at),
        None => (text.as_str(), ""),
    };
    let (summary, description) = words.split_once("\n\n").unwrap_or((words, ""));
    let request = request.lines().next().unwrap_or_default();
    let found = [description, summary, request].into_iter().map(str::trim).find(|text| !text.is_empty());
    format!("{}.", found.unwrap_or_default().trim_end_matches('.'))
}

/// Returns a function that makes the call; rustdoc shows only the call.
fn example(call: &Call<'_>, blocking: bool) -> String {
    let method = &call.method.sig.ident;
    let setter = call.setters.iter().find(|setter| !setter.deprecated);
    let names: Vec<_> = call.arguments.iter().map(|value| &value.name).collect();
    let given: Vec<_> = call.arguments.iter().chain(setter).collect();
    let parameters = given.iter().map(|Value { name, kind, ty, .. }| match kind {
        Kind::Text => quote!(#name: String),
        Kind::HandWritten(ty) => quote!(#name: crate::#ty),
        Kind::Plain => quote!(#name: #ty),
    });
    let is_taken = given.iter().any(|value| value.name == "client");
    let variable = format_ident!("{}", if is_taken { "api" } else { "client" });
    let set = setter.map(|Value { name, .. }| quote!(.#name(#name)));
    let (asyncness, client, sent) = match blocking {
        true => (None, quote!(crate::blocking::Client), quote!(.send())),
        false => (Some(quote!(async)), quote!(crate::Client), quote!(.await)),
    };
    let file = parse_quote! {
        #asyncness fn example(#variable: #client, #(#parameters),*) -> Result<(), crate::Error> {
            let response = #variable.#method(#(#names),*) #set #sent?;
            Ok(())
        }
    };
    let code = prettyplease::unparse(&file).replace("types::", "crate::raw::types::").replace("crate::", CRATE);
    let mut shown = false;
    let mut example = String::new();
    for line in code.lines() {
        shown = (shown || line.starts_with("    let response")) && line != "    Ok(())" && line != "}";
        example += if shown { line.strip_prefix("    ").unwrap_or(line) } else { "# " };
        example += if shown { "" } else { line };
        example.push('\n');
    }
    example
}

/// A documentation comment of several lines.
pub(super) fn attributes(docs: &str) -> impl Iterator<Item = Attribute> {
    docs.lines().map(|line| {
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        let text = Lit::Str(LitStr::new(&line, Span::call_site()));
        Attribute {
            pound_token: Default::default(),
            style: AttrStyle::Outer,
            bracket_token: Default::default(),
            meta: Meta::NameValue(MetaNameValue {
                path: format_ident!("doc").into(),
                eq_token: Default::default(),
                value: Expr::Lit(ExprLit { attrs: Vec::new(), lit: text }),
            }),
        }
    })
}

fn text(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(docs) if docs.path.is_ident("doc") => match &docs.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

//! The values of an operation: those that a call has to be given, those that can be set later, and how each is stored.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Fields, FnArg, ImplItemFn, ItemStruct, Pat, Type, parse_quote};

use super::{
    docs, glue,
    members::{code_list, members_of},
    signature::{answer_type, qualified},
    types::Types,
};
use crate::{
    Parts,
    document::Diagnostic,
    generate::{Cardinality, Group, HandWritten},
    names::{normal, pascal, snake},
    rust::{argument_of, is_deprecated, wire_name},
};

/// Names that a setter cannot have: those of the methods that every call has, and of a variable in the setter.
const RESERVED: [&str; 7] = ["attempt_timeout", "edit", "input", "max_attempts", "new", "send", "timeout"];

/// An operation, as the typed layer offers it.
pub(super) struct Call<'a> {
    pub(super) method: &'a ImplItemFn,
    /// The name of its input and of its alias.
    pub(super) name: Ident,
    pub(super) output: Type,
    pub(super) deprecated: bool,
    pub(super) fields: Vec<Field>,
    /// The values that a call has to be given.
    pub(super) arguments: Vec<Value>,
    /// The values that can be set later.
    pub(super) setters: Vec<Value>,
}

/// A field of the input: a parameter of the raw method, or the body.
pub(super) struct Field {
    pub(super) ident: Ident,
    pub(super) ty: Type,
    /// The expression for a new input.
    pub(super) created: TokenStream,
    /// The expression that the raw method is given.
    pub(super) passed: TokenStream,
}

/// An argument of a method, or the value of a setter.
pub(super) struct Value {
    pub(super) name: Ident,
    pub(super) kind: Kind,
    /// The type that it is stored as, without the `Option` of an optional one.
    pub(super) ty: Type,
    pub(super) docs: String,
    pub(super) deprecated: bool,
    /// For a setter, the field of the input that it sets.
    pub(super) field: TokenStream,
}

pub(super) enum Kind {
    /// Stored as it is.
    Plain,
    /// A `String`, given as any type that converts into one.
    Text,
    /// A hand-written type, given as any type that converts into it.
    HandWritten(Ident),
}

impl Value {
    /// The type as it is written in a signature.
    pub(super) fn signature(&self) -> TokenStream {
        let ty = &self.ty;
        match &self.kind {
            Kind::Plain => quote!(#ty),
            Kind::Text => quote!(impl Into<String>),
            Kind::HandWritten(name) => {
                let into = format_ident!("Into{name}");
                quote!(impl crate::#into)
            }
        }
    }

    /// The value as it is stored.
    pub(super) fn converted(&self) -> TokenStream {
        let name = &self.name;
        match &self.kind {
            Kind::Plain => quote!(#name),
            Kind::Text => quote!(#name.into()),
            Kind::HandWritten(ty) => {
                let (into, method) = (format_ident!("Into{ty}"), format_ident!("into_{}", snake(&ty.to_string())));
                quote!(crate::#into::#method(#name)?.into())
            }
        }
    }
}

/// Reads the values of an operation from its raw method, and from the type of its body.
pub(super) fn call<'a>(method: &'a ImplItemFn, parts: &Parts, types: &Types<'_>) -> Result<Call<'a>, Diagnostic> {
    let operation = parts.operations.iter().find(|operation| method.sig.ident == operation.id);
    let mut call = Call {
        method,
        name: format_ident!("{}", pascal(&method.sig.ident.to_string())),
        output: answer_type(method),
        deprecated: operation.is_some_and(|operation| operation.deprecated),
        fields: Vec::new(),
        arguments: Vec::new(),
        setters: Vec::new(),
    };
    let mut names = Names::default();
    let raw_docs = docs::arguments(method);
    for (ident, ty) in arguments(method) {
        match &ty {
            // It comes last.
            Type::Reference(body) if ident == "body" && sends_body(method) => {
                let ty = match body.elem.to_token_stream().to_string().as_str() {
                    "str" => parse_quote!(::std::string::String),
                    _ => (*body.elem).clone(),
                };
                let passed = quote!(&self.body);
                let created = call.body(&ty, parts, types, &mut names)?;
                call.fields.push(Field { ident, ty, created, passed });
            }
            _ => {
                let docs = raw_docs.get(&ident.to_string()).cloned().unwrap_or_default();
                let deprecated = operation
                    .is_some_and(|operation| operation.deprecated_parameters.contains(&normal(&ident.to_string())));
                call.parameter(ident, &ty, (docs, deprecated), &mut names);
            }
        }
    }
    Ok(call)
}

impl Call<'_> {
    /// The raw method borrows; the input owns.
    fn parameter(&mut self, ident: Ident, ty: &Type, (docs, deprecated): (String, bool), names: &mut Names) {
        let inner = argument_of(ty, "Option");
        let (borrowed, owned) = match inner.unwrap_or(ty) {
            Type::Reference(reference) => (true, &*reference.elem),
            other => (false, other),
        };
        let is_str = owned.to_token_stream().to_string() == "str";
        let owned = if is_str { parse_quote!(String) } else { owned.clone() };
        let passed = match (inner.is_some(), borrowed) {
            (true, true) if is_str => quote!(self.#ident.as_deref()),
            (true, true) => quote!(self.#ident.as_ref()),
            (false, true) => quote!(&self.#ident),
            (_, false) => quote!(self.#ident),
        };
        let kind = if is_str { Kind::Text } else { Kind::Plain };
        let field = quote!(#ident);
        let (ty, created) = if inner.is_some() {
            let value = Value { name: names.of_setter(&ident), kind, ty: owned.clone(), docs, deprecated, field };
            self.setters.push(value);
            (parse_quote!(Option<#owned>), quote!(None))
        } else {
            let value = Value { name: names.of_argument(&ident), kind, ty: owned.clone(), docs, deprecated, field };
            let created = value.converted();
            self.arguments.push(value);
            (owned, created)
        };
        self.fields.push(Field { ident, ty, created, passed });
    }

    /// Returns the expression for a new body. A struct is taken apart into its fields; any other body is an argument as it is.
    fn body(
        &mut self,
        ty: &Type,
        parts: &Parts,
        types: &Types<'_>,
        names: &mut Names,
    ) -> Result<TokenStream, Diagnostic> {
        let Some(wire) = struct_of(ty, types) else {
            let name = names.of_argument(&format_ident!("body"));
            let created = quote!(#name);
            let docs = String::new();
            let (kind, ty, field) = (Kind::Plain, ty.clone(), quote!(body));
            self.arguments.push(Value { name, kind, ty, docs, deprecated: false, field });
            return Ok(created);
        };
        let schema = normal(&wire.ident.to_string());
        let group = parts.groups.iter().find(|group| normal(&group.schema) == schema);
        let members = group.map(|group| members_of(group, wire)).transpose()?.unwrap_or_default();
        let chosen = group.map(|group| group_argument(group, wire, names, types)).transpose()?;
        let choice = chosen.as_ref().map(|value| value.name.clone());
        self.arguments.extend(chosen);
        let (mut required, mut unset) = (Vec::new(), Vec::new());
        for (field, ident) in wire.fields.iter().filter_map(|field| Some((field, field.ident.as_ref()?))) {
            let is_this =
                |mapped: &&HandWritten| normal(&mapped.schema) == schema && mapped.property == wire_name(field);
            let mapped = parts.hand_written.iter().find(is_this);
            // A required one that may be `null` is an `Option` too, but a hand-written value is never that.
            let is_optional = glue::may_be_left_out(field);
            let inner = argument_of(&field.ty, "Option").filter(|_| is_optional || mapped.is_some());
            let ty = inner.unwrap_or(&field.ty);
            let kind = match mapped {
                Some(mapped) => Kind::HandWritten(format_ident!("{}", mapped.ty)),
                None if is_string(ty) => Kind::Text,
                None => Kind::Plain,
            };
            let name = if is_optional { names.of_setter(ident) } else { names.of_argument(ident) };
            let (ty, docs, at) = (qualified(ty, types), docs::of_field(field), quote!(body.#ident));
            let value = Value { name, kind, ty, docs, deprecated: is_deprecated(&field.attrs), field: at };
            if is_optional {
                unset.push(ident);
                let is_member = members.iter().any(|member| member.ident == ident);
                if !(is_member && group.is_some_and(|group| group.cardinality == Cardinality::ExactlyOne)) {
                    self.setters.push(value);
                }
            } else {
                let converted = value.converted();
                required.push((ident, if inner.is_some() { quote!(Some(#converted)) } else { converted }));
                self.arguments.push(value);
            }
        }
        let values = required.iter().map(|(_, value)| value);
        let fields = required.iter().map(|(ident, value)| field(ident, value));
        Ok(match choice {
            Some(choice) => quote!(#ty::new(#choice, #(#values),*)),
            None => quote!(#ty { #(#fields,)* #(#unset: None,)* }),
        })
    }
}

/// A field of a struct expression, in the short form where that is the same.
pub(super) fn field(ident: &Ident, value: &TokenStream) -> TokenStream {
    if *ident == value.to_string() { quote!(#ident) } else { quote!(#ident: #value) }
}

fn group_argument(group: &Group, wire: &ItemStruct, names: &mut Names, types: &Types<'_>) -> Result<Value, Diagnostic> {
    let (name, sum_type) = glue::argument(group, wire)?;
    let members = code_list(&group.members);
    let docs = match group.cardinality {
        Cardinality::ExactlyOne => format!("Exactly one of {members}."),
        Cardinality::AtLeastOne => format!("One of {members}; the others can be set too."),
    };
    let (name, ty) = (names.of_argument(&name), qualified(&sum_type, types));
    Ok(Value { name, kind: Kind::Plain, ty, docs, deprecated: false, field: quote!(body) })
}

/// The names that are in use among the arguments and setters of an operation.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    fn of_argument(&mut self, wanted: &Ident) -> Ident {
        self.free(wanted, &[])
    }

    fn of_setter(&mut self, wanted: &Ident) -> Ident {
        self.free(wanted, &RESERVED)
    }

    fn free(&mut self, wanted: &Ident, reserved: &[&str]) -> Ident {
        let mut name = wanted.clone();
        while reserved.iter().any(|reserved| name == reserved) || !self.0.insert(name.to_string()) {
            name = format_ident!("{name}_value");
        }
        name
    }
}

/// The struct with named fields that a type of `mod types` is.
fn struct_of<'a>(ty: &Type, types: &Types<'a>) -> Option<&'a ItemStruct> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.arguments.is_empty())?;
    types.struct_named(&last.ident.to_string()).filter(|item| matches!(item.fields, Fields::Named(_)))
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

/// Returns whether the argument `body` is the body, and not a parameter in the path.
fn sends_body(method: &ImplItemFn) -> bool {
    let code = method.block.to_token_stream().to_string();
    [". json (& body)", ". form (& body)"].iter().any(|call| code.contains(call))
}

fn is_string(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "String"))
}

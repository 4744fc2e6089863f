//! The glue between the flat wire type of a request and the sum type of its group.
//!
//! It matches on the sum type without a wildcard and names a variant for each member. Where the sum type is hand-written, a
//! member that the document gains does not compile until it has its variant, and a variant that the document has lost
//! does not compile either. The payloads meet in `From` and `TryFrom`, so that the hand-written layer decides what a
//! member's type is. A sum type that is generated has the types of the fields.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Field, Item, ItemStruct, Type};

use super::{
    members::{Member, code_list, members_of, wire_type},
    parsed,
    types::Types,
};
use crate::{
    document::Diagnostic,
    generate::{Cardinality, Group, SumType},
    names::snake,
};

/// The constructor from the sum type, and the way back; both belong inside `mod types`, where the bare names are known.
pub(super) fn glue(group: &Group, types: &Types<'_>) -> Result<[Item; 2], Diagnostic> {
    let wire = wire_type(group, types)?;
    let members = members_of(group, wire)?;
    let new = constructor(group, wire, &members);
    let back = match group.cardinality {
        Cardinality::ExactlyOne => exactly_one(group, wire, &members),
        Cardinality::AtLeastOne => at_least_one(group, wire, &members),
    };
    Ok([parsed(new)?, parsed(back)?])
}

fn constructor(group: &Group, wire: &ItemStruct, members: &[Member<'_>]) -> TokenStream {
    let (required, optional) = others(wire, members);
    let required_names: Vec<_> = required.iter().flat_map(|field| &field.ident).collect();
    let required_types: Vec<_> = required.iter().map(|field| &field.ty).collect();
    let optional_names: Vec<_> = optional.iter().flat_map(|field| &field.ident).collect();
    let fields: Vec<_> = members.iter().map(|member| member.ident).collect();
    let arms = members.iter().map(|Member { ident, variant, .. }| match &group.sum_type {
        SumType::HandWritten(name) => {
            let name = format_ident!("{name}");
            quote!(crate::#name::#variant(value) => request.#ident = Some(value.into()))
        }
        SumType::Generated(name) => {
            let name = format_ident!("{name}");
            quote!(#name::#variant(value) => request.#ident = Some(value))
        }
    });
    let (path, name) = path_of(&group.sum_type);
    let named = name_of_argument(&group.sum_type, name, &required);
    let docs = match group.cardinality {
        Cardinality::ExactlyOne => format!(" Creates a request for `{named}`; optional fields are unset."),
        Cardinality::AtLeastOne => format!(
            " Creates a request for `{named}`; optional fields are unset. The others of {} can be set too.",
            code_list(&group.members)
        ),
    };
    let wire_ident = &wire.ident;
    quote! {
        impl #wire_ident {
            #[doc = #docs]
            pub fn new(#named: #path, #(#required_names: #required_types),*) -> Self {
                let mut request = Self {
                    #(#fields: None,)*
                    #(#optional_names: None,)*
                    #(#required_names,)*
                };
                match #named { #(#arms,)* }
                request
            }
        }
    }
}

fn exactly_one(group: &Group, wire: &ItemStruct, members: &[Member<'_>]) -> TokenStream {
    let (path, _) = path_of(&group.sum_type);
    let wire_ident = &wire.ident;
    let names = &group.members;
    let fields: Vec<_> = members.iter().map(|member| member.ident).collect();
    let arms = members.iter().enumerate().map(|(alone, Member { variant, .. })| {
        let patterns = (0..members.len()).map(|index| if index == alone { quote!(Some(value)) } else { quote!(None) });
        let value = match &group.sum_type {
            SumType::HandWritten(_) => quote!(value.clone().try_into()?),
            SumType::Generated(_) => quote!(value.clone()),
        };
        quote!((#(#patterns),*) => Ok(Self::#variant(#value)))
    });
    let not_exactly_one = quote!(crate::NotExactlyOne { expected: &[#(#names),*], given });
    let (error, failure) = match &group.sum_type {
        SumType::HandWritten(name) => {
            let error = format_ident!("Invalid{name}");
            (quote!(crate::#error), quote!(#not_exactly_one.into()))
        }
        SumType::Generated(_) => (quote!(crate::NotExactlyOne), not_exactly_one),
    };
    let docs = format!(" Returns the one of {} that is set; fails unless exactly one is.", code_list(names));
    quote! {
        #[doc = #docs]
        impl TryFrom<&#wire_ident> for #path {
            type Error = #error;

            fn try_from(request: &#wire_ident) -> Result<Self, Self::Error> {
                match (#(&request.#fields),*) {
                    #(#arms,)*
                    (#(#fields),*) => {
                        let given = [#((#names, #fields.is_some())),*];
                        let given = given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect();
                        Err(#failure)
                    }
                }
            }
        }
    }
}

fn at_least_one(group: &Group, wire: &ItemStruct, members: &[Member<'_>]) -> TokenStream {
    let (path, _) = path_of(&group.sum_type);
    let wire_ident = &wire.ident;
    let names = &group.members;
    let docs = format!(" Returns the first of {} that is set; fails if none is.", code_list(names));
    let tries = members.iter().map(|Member { ident, variant, .. }| {
        quote!(if let Some(value) = &request.#ident { return Ok(Self::#variant(value.clone())); })
    });
    quote! {
        #[doc = #docs]
        impl TryFrom<&#wire_ident> for #path {
            type Error = crate::NoneGiven;

            fn try_from(request: &#wire_ident) -> Result<Self, Self::Error> {
                #(#tries)*
                Err(crate::NoneGiven { expected: &[#(#names),*] })
            }
        }
    }
}

/// The argument for the group: its name, and its type within `mod types`.
pub(super) fn argument(group: &Group, wire: &ItemStruct) -> Result<(Ident, Type), Diagnostic> {
    let (required, _) = others(wire, &members_of(group, wire)?);
    let (path, name) = path_of(&group.sum_type);
    Ok((name_of_argument(&group.sum_type, name, &required), parsed(path)?))
}

/// `ticket` for `TicketRef`, and `choice` for an enum that is generated, unless a field has that name.
fn name_of_argument(sum_type: &SumType, name: &str, required: &[&Field]) -> Ident {
    let full = snake(name);
    let short = match sum_type {
        SumType::HandWritten(_) => full.strip_suffix("_ref").unwrap_or(&full),
        SumType::Generated(_) => "choice",
    };
    let is_taken = required.iter().flat_map(|field| &field.ident).any(|field| field == short);
    format_ident!("{}", if is_taken { &full } else { short })
}

/// Returns the fields other than the members: those that have to be given, and those that may be left out.
fn others<'a>(wire: &'a ItemStruct, members: &[Member<'_>]) -> (Vec<&'a Field>, Vec<&'a Field>) {
    let is_member = |field: &Field| members.iter().any(|member| field.ident.as_ref() == Some(member.ident));
    wire.fields.iter().filter(|field| !is_member(field)).partition(|field| !may_be_left_out(field))
}

/// Returns the path of the sum type from `mod types`, and its name.
fn path_of(sum_type: &SumType) -> (TokenStream, &str) {
    match sum_type {
        SumType::HandWritten(name) => {
            let ident = format_ident!("{name}");
            (quote!(crate::#ident), name)
        }
        SumType::Generated(name) => {
            let ident = format_ident!("{name}");
            (quote!(#ident), name)
        }
    }
}

/// One that may be `null` is an `Option` too, but has to be given.
pub(super) fn may_be_left_out(field: &Field) -> bool {
    field
        .attrs
        .iter()
        .any(|attr| attr.path().is_ident("serde") && quote!(#attr).to_string().contains("skip_serializing_if"))
}

#[cfg(test)]
mod tests {
    use crate::Settings;

    const SPEC: &str = r##"
openapi: 3.0.3
info: { title: An exclusive group, version: "1" }
paths:
  /thing:
    post:
      operationId: set_thing
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/SetThing" }
      responses:
        "204": { description: done }
components:
  schemas:
    SetThing:
      type: object
      properties:
        thing_id: { type: string, format: uuid }
        name: { type: string }
        force: { type: boolean, default: false }
        value: { type: string }
      required: [value]
      x-exclusive-group: ThingRef
      oneOf:
        - required: [thing_id]
        - required: [name]
"##;

    fn generate(spec: &str) -> String {
        crate::generate_with(spec, "spec.yaml", &Settings { sum_types: vec!["ThingRef".into()], ..Settings::default() })
            .unwrap()
            .code
    }

    fn with_case_number() -> String {
        SPEC.replace("        name: {", "        caseNumber: { type: integer }\n        name: {")
            .replace("        - required: [name]", "        - required: [name]\n        - required: [caseNumber]")
    }

    #[test]
    fn a_variant_is_named_for_each_member_and_for_nothing_else() {
        let code = generate(SPEC);
        assert!(code.contains("crate::ThingRef::ThingId(value) => request.thing_id = Some(value.into())"), "{code}");
        assert!(code.contains("crate::ThingRef::Name(value) => request.name = Some(value.into())"), "{code}");
        assert!(!code.contains("_ =>"), "a wildcard would let a new variant pass: {code}");
    }

    #[test]
    fn a_new_member_names_a_variant_that_the_sum_type_must_have() {
        let code = generate(&with_case_number());
        assert!(code.contains("crate::ThingRef::CaseNumber(value)"), "{code}");
    }

    #[test]
    fn without_a_name_the_enum_is_generated_and_shows_nothing_private() {
        let code = generate(&with_case_number().replace("      x-exclusive-group: ThingRef\n", ""));
        for expected in [
            "pub enum SetThingChoice",
            "CaseNumber(i64)",
            "impl TryFrom<&SetThing> for SetThingChoice",
            "Self::CaseNumber { .. } => \"SetThingChoice::CaseNumber\"",
        ] {
            assert!(code.contains(expected), "{expected} in {code}");
        }
    }
}

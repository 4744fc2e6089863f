//! The glue between the flat wire type of a request and the hand-written sum type of its exclusive group.
//!
//! It matches on the sum type without a wildcard and names a variant for each member. A member that the document gains
//! does not compile until the sum type has its variant, and a variant that the document has lost does not compile either.
//! The payloads meet in `From` and `TryFrom`, so that the hand-written layer decides what a member's type is.

use openapiv3::OpenAPI;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Field, Item, ItemMod, ItemStruct};

use crate::{document::ExclusiveGroup, error::Refusal as Error, rust::wire_name};

/// The constructor from the sum type, and the way back; both belong inside `mod types`, where the bare names are known.
pub(super) fn glue(group: &ExclusiveGroup, document: &OpenAPI, types: &ItemMod) -> Result<TokenStream, Error> {
    let wire = wire_type(group, types)?;
    let members = group.members.iter().map(|member| member_of(group, member, wire)).collect::<Result<Vec<_>, _>>()?;
    let required = required_properties(group, document);
    let (required, optional): (Vec<&Field>, Vec<&Field>) = wire
        .fields
        .iter()
        .filter(|field| !members.iter().any(|member| field.ident.as_ref() == Some(member.field)))
        .partition(|field| required.contains(&wire_name(field)));
    let required_names: Vec<_> = required.iter().flat_map(|field| &field.ident).collect();
    let required_types: Vec<_> = required.iter().map(|field| &field.ty).collect();
    let optional_names: Vec<_> = optional.iter().flat_map(|field| &field.ident).collect();

    let wire_ident = &wire.ident;
    let sum_type = format_ident!("{}", group.sum_type);
    let error = format_ident!("Invalid{}", group.sum_type);
    let (fields, variants): (Vec<_>, Vec<_>) = members.iter().map(|member| (member.field, &member.variant)).unzip();
    let names = &group.members;
    let alone = (0..members.len()).map(|alone| {
        let patterns = (0..members.len()).map(|index| if index == alone { quote!(Some(value)) } else { quote!(None) });
        quote!((#(#patterns),*))
    });
    let docs_new = format!(" The request for what `{}` names, with nothing else set that need not be.", group.sum_type);
    let docs_from =
        format!(" The one of {} that is set, as `{}`; the others are not.", code_list(names), group.sum_type);
    Ok(quote! {
        impl #wire_ident {
            #[doc = #docs_new]
            pub fn new(named: crate::#sum_type, #(#required_names: #required_types),*) -> Self {
                let mut request = Self {
                    #(#fields: None,)*
                    #(#optional_names: None,)*
                    #(#required_names,)*
                };
                match named {
                    #(crate::#sum_type::#variants(value) => request.#fields = Some(value.into()),)*
                }
                request
            }
        }

        #[doc = #docs_from]
        impl TryFrom<&#wire_ident> for crate::#sum_type {
            type Error = crate::#error;

            fn try_from(request: &#wire_ident) -> Result<Self, Self::Error> {
                match (#(&request.#fields),*) {
                    #(#alone => Ok(Self::#variants(value.clone().try_into()?)),)*
                    (#(#fields),*) => {
                        let given = [#((#names, #fields.is_some())),*];
                        let given = given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect();
                        Err(crate::NotExactlyOne { expected: &[#(#names),*], given }.into())
                    }
                }
            }
        }
    })
}

struct Member<'a> {
    field: &'a Ident,
    variant: Ident,
}

fn member_of<'a>(group: &ExclusiveGroup, member: &str, wire: &'a ItemStruct) -> Result<Member<'a>, Error> {
    let lacks =
        || Error::UnexpectedOutput { expected: format!("the field `{member}` of the struct `{}`", group.schema) };
    let field = wire.fields.iter().find(|field| wire_name(field) == member).and_then(|field| field.ident.as_ref());
    let pascal: String = member.split('_').flat_map(capitalised).collect();
    Ok(Member { field: field.ok_or_else(lacks)?, variant: syn::parse_str(&pascal).map_err(|_| lacks())? })
}

fn capitalised(word: &str) -> impl Iterator<Item = char> {
    let mut chars = word.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars)
}

fn wire_type<'a>(group: &ExclusiveGroup, types: &'a ItemMod) -> Result<&'a ItemStruct, Error> {
    let items = types.content.iter().flat_map(|(_, items)| items);
    items
        .filter_map(|item| match item {
            Item::Struct(item) if item.ident == group.schema => Some(item),
            _ => None,
        })
        .next()
        .ok_or_else(|| Error::UnexpectedOutput { expected: format!("the struct `{}`", group.schema) })
}

fn required_properties<'a>(group: &ExclusiveGroup, document: &'a OpenAPI) -> &'a [String] {
    use openapiv3::{ObjectType, SchemaKind, Type};
    let schema = document.components.as_ref().and_then(|components| components.schemas.get(&group.schema)?.as_item());
    match schema.map(|schema| &schema.schema_kind) {
        Some(SchemaKind::Type(Type::Object(ObjectType { required, .. }))) => required,
        _ => &[],
    }
}

fn code_list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    const SPEC: &str = include_str!("../../tests/specs/exclusive_group.yaml");

    #[test]
    fn a_variant_is_named_for_each_member_and_for_nothing_else() {
        let code = crate::generate(SPEC, "spec.yaml").unwrap();
        assert!(code.contains("crate::ThingRef::ThingId(value) => request.thing_id = Some(value.into())"), "{code}");
        assert!(code.contains("crate::ThingRef::Name(value) => request.name = Some(value.into())"), "{code}");
        assert!(!code.contains("_ =>"), "a wildcard would let a new variant pass: {code}");
    }

    #[test]
    fn a_new_member_names_a_variant_that_the_sum_type_must_have() {
        let spec = SPEC
            .replace("        name: {", "        case_number: { type: integer }\n        name: {")
            .replace("        - required: [name]", "        - required: [name]\n        - required: [case_number]");
        let code = crate::generate(&spec, "spec.yaml").unwrap();
        assert!(code.contains("crate::ThingRef::CaseNumber(value)"), "{code}");
    }
}

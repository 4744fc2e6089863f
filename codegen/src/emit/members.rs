//! The members of a group as the fields of its struct, and the sum type that is generated of them.

use proc_macro2::Ident;
use quote::{format_ident, quote};
use syn::{Field, Item, ItemEnum, ItemStruct, Type, parse_quote};

use super::types::Types;
use crate::{
    document::{Diagnostic, pointer},
    generate::{Cardinality, Group, SumType},
    names::pascal,
    rust::{Module, argument_of, wire_name},
};

/// Adds the sum types that are not hand-written to `mod types`.
pub(crate) fn add_sum_types(module: &mut Module, groups: &[Group]) -> Result<(), Diagnostic> {
    let types = Types::of(&module.types);
    let generated = groups.iter().filter_map(|group| match &group.sum_type {
        SumType::Generated(name) => Some(sum_type(group, name, &types)),
        SumType::HandWritten(_) => None,
    });
    let generated = generated.collect::<Result<Vec<_>, _>>()?;
    module.types.content.iter_mut().for_each(|(_, items)| items.extend(generated.iter().cloned().map(Item::Enum)));
    Ok(())
}

fn sum_type(group: &Group, name: &str, types: &Types<'_>) -> Result<ItemEnum, Diagnostic> {
    let wire = wire_type(group, types)?;
    let members = members_of(group, wire)?;
    let ident = format_ident!("{name}");
    let docs = match group.cardinality {
        Cardinality::ExactlyOne => format!(" Exactly one of {}, for [`{}`].", code_list(&group.members), wire.ident),
        Cardinality::AtLeastOne => format!(" One of {}, for [`{}`].", code_list(&group.members), wire.ident),
    };
    let variants = members.iter().map(|Member { field, variant, ty, .. }| {
        let docs = field.attrs.iter().filter(|attr| attr.path().is_ident("doc"));
        quote!(#(#docs)* #variant(#ty))
    });
    Ok(parse_quote! {
        #[doc = #docs]
        #[derive(Clone, Debug)]
        pub enum #ident { #(#variants),* }
    })
}

/// A member of a group in its struct.
pub(super) struct Member<'a> {
    field: &'a Field,
    pub(super) ident: &'a Ident,
    pub(super) variant: Ident,
    /// The type in the field's `Option`.
    ty: &'a Type,
}

pub(super) fn members_of<'a>(group: &Group, wire: &'a ItemStruct) -> Result<Vec<Member<'a>>, Diagnostic> {
    let members = group.members.iter().map(|member| {
        let lacks = || unfit(group, &format!("its type has no optional field `{member}`"));
        let field = wire.fields.iter().find(|field| wire_name(field) == *member).ok_or_else(lacks)?;
        let variant = syn::parse_str(&pascal(member)).map_err(|_| {
            let pointer = pointer(&["components", "schemas", &group.schema, "properties", member]);
            let message = "the group's member has a name that cannot become a variant of a Rust enum";
            Diagnostic::new(pointer, message, "rename it, or remove it from the group")
        })?;
        let (ident, ty) =
            (field.ident.as_ref().ok_or_else(lacks)?, argument_of(&field.ty, "Option").ok_or_else(lacks)?);
        Ok(Member { field, ident, variant, ty })
    });
    members.collect()
}

pub(super) fn wire_type<'a>(group: &Group, types: &Types<'a>) -> Result<&'a ItemStruct, Diagnostic> {
    types.struct_named(&group.schema).ok_or_else(|| unfit(group, "its type is not a struct"))
}

/// The problem of a schema whose other keywords give it another type.
fn unfit(group: &Group, problem: &str) -> Diagnostic {
    let help =
        "leave `type`, `properties`, `required` and the alternatives of the group in the schema, and nothing else";
    let message = format!("invalid exclusive group: {problem}");
    Diagnostic::new(pointer(&["components", "schemas", &group.schema]), message, help)
}

pub(super) fn code_list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

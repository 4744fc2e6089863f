//! The checks across the attributes of a field, its type, and the other fields.

use std::collections::HashMap;

use syn::{Ident, Type, spanned::Spanned};

use crate::{
    ast::{Field, Input, Kind, in_option, ungrouped},
    errors::Errors,
};

/// Types of the standard library that are not a single value.
const COLLECTIONS: [&str; 8] =
    ["Vec", "VecDeque", "LinkedList", "HashMap", "BTreeMap", "HashSet", "BTreeSet", "BinaryHeap"];

impl Input<'_> {
    pub(crate) fn check(&self, errors: &mut Errors) {
        match &self.kind {
            Kind::Struct(fields) => {
                if fields.iter().all(|field| field.attrs.skip.is_some()) {
                    let message = "metadata needs at least one key-value pair: add a field that is not skipped";
                    errors.at(self.original.ident.span(), message);
                }
                for field in fields {
                    check_conflicts(field, errors);
                    check_type(field, errors);
                }
                check_keys(fields, errors);
            }
            Kind::Newtype(_) | Kind::Enum(_) | Kind::Unusable => {}
        }
    }
}

fn check_conflicts(field: &Field<'_>, errors: &mut Errors) {
    let attrs = &field.attrs;
    let rename = attrs.rename.as_ref().map(|given| ("rename", given.name));
    let flatten = attrs.flatten.as_ref().map(|given| ("flatten", given.name));
    let prefix = attrs.prefix.as_ref().map(|given| ("prefix", given.name));
    let with = attrs.with.as_ref().map(|given| ("with", given.name));
    let skip_if = attrs.skip_serializing_if.as_ref().map(|given| ("skip_serializing_if", given.name));
    if attrs.skip.is_some() {
        for (name, span) in [rename, flatten, prefix, with, skip_if].into_iter().flatten() {
            errors.at(span, format_args!("`{name}` has no effect with `skip`: remove one of them"));
        }
    } else if let Some((flat, _)) = flatten.or(prefix) {
        for (name, span) in [rename, with].into_iter().flatten() {
            let message = format_args!(
                "`{name}` is for a single pair, but `{flat}` writes all pairs of the nested struct: remove one of them"
            );
            errors.at(span, message);
        }
    }
}

fn check_type(field: &Field<'_>, errors: &mut Errors) {
    if field.attrs.skip.is_some() || field.attrs.with.is_some() || field.is_flat() {
        return;
    }
    if let Some(what) = not_one_value(field.ty) {
        let message = format_args!(
            "metadata values are strings, but {what} is not a single value: format it with \
             `#[metadata(with = path::to::function)]`, or skip it with `#[metadata(skip)]`"
        );
        errors.at(field.ty.span(), message);
    }
}

/// Describes a type that cannot be `Display`, as far as its syntax shows.
fn not_one_value(ty: &Type) -> Option<String> {
    match ungrouped(ty) {
        Type::Reference(reference) => not_one_value(&reference.elem),
        Type::Array(_) | Type::Slice(_) => Some("an array".to_owned()),
        Type::Tuple(tuple) if tuple.elems.is_empty() => Some("`()`".to_owned()),
        Type::Tuple(_) => Some("a tuple".to_owned()),
        ty if in_option(ty).is_some() => Some("an `Option` in an `Option`".to_owned()),
        Type::Path(path) => {
            let name = path.path.segments.last()?.ident.to_string();
            COLLECTIONS.contains(&name.as_str()).then(|| format!("a `{name}`"))
        }
        _ => None,
    }
}

fn check_keys(fields: &[Field<'_>], errors: &mut Errors) {
    let mut seen: HashMap<&str, &Ident> = HashMap::new();
    for field in fields.iter().filter(|field| field.attrs.skip.is_none() && !field.is_flat()) {
        match seen.get(field.key.as_str()) {
            None => {
                seen.insert(&field.key, field.ident);
            }
            Some(first) => {
                let span = field.attrs.rename.as_ref().map_or(field.ident.span(), |given| given.value.span());
                let message = format_args!(
                    "the field `{first}` already has the key `{}`: rename this one with `#[metadata(rename = \"…\")]`",
                    field.key
                );
                errors.at(span, message);
            }
        }
    }
}

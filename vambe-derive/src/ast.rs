//! The input as the macro sees it, borrowing the nodes of syn.

use syn::{
    Attribute, Data, DeriveInput, Fields, GenericArgument, Ident, PathArguments, Type, ext::IdentExt, spanned::Spanned,
};

use crate::{
    attr::{Attrs, Place},
    errors::Errors,
    rename::Style,
};

pub(crate) struct Input<'a> {
    pub(crate) original: &'a DeriveInput,
    pub(crate) attrs: Attrs,
    pub(crate) kind: Kind<'a>,
}

pub(crate) enum Kind<'a> {
    Struct(Vec<Field<'a>>),
    Newtype(&'a Type),
    Enum(Vec<Variant<'a>>),
    /// An input that cannot be metadata, for which an error is reported.
    Unusable,
}

pub(crate) struct Field<'a> {
    pub(crate) attributes: &'a [Attribute],
    pub(crate) ident: &'a Ident,
    /// The type of the field, without an `Option` around it.
    pub(crate) ty: &'a Type,
    pub(crate) is_option: bool,
    pub(crate) key: String,
    pub(crate) attrs: Attrs,
}

pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) value: String,
}

impl<'a> Input<'a> {
    pub(crate) fn from_syn(original: &'a DeriveInput, errors: &mut Errors) -> Self {
        let mut attrs = |place| Attrs::from_syn(&original.attrs, place, errors);
        let (attrs, kind) = match &original.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => {
                    let attrs = attrs(Place::Struct);
                    let style = attrs.rename_all.as_ref().map(|given| given.value);
                    let fields = fields.named.iter().filter_map(|field| Field::from_syn(field, style, errors));
                    (attrs, Kind::Struct(fields.collect()))
                }
                fields => (attrs(Place::Newtype), newtype(original, fields, errors)),
            },
            Data::Enum(data) => {
                let attrs = attrs(Place::Enum);
                let style = attrs.rename_all.as_ref().map(|given| given.value);
                if data.variants.is_empty() {
                    let message = "an enum without variants has no value: add variants, or remove the derive";
                    errors.at(original.ident.span(), message);
                }
                let variants = data.variants.iter().map(|variant| Variant::from_syn(variant, style, errors));
                (attrs, Kind::Enum(variants.collect()))
            }
            Data::Union(data) => {
                // The stub needs `crate`.
                let attrs = attrs(Place::Newtype);
                errors.at(data.union_token.span, "unions are not supported: use a struct with named fields");
                (attrs, Kind::Unusable)
            }
        };
        Self { original, attrs, kind }
    }
}

fn newtype<'a>(original: &DeriveInput, fields: &'a Fields, errors: &mut Errors) -> Kind<'a> {
    let mut all = fields.iter();
    match (all.next(), all.next()) {
        (Some(field), None) => {
            Attrs::from_syn(&field.attrs, Place::InNewtype, errors);
            Kind::Newtype(&field.ty)
        }
        (None, _) => {
            let message = "metadata needs at least one key-value pair: add named fields to the struct";
            errors.at(original.ident.span(), message);
            Kind::Unusable
        }
        (Some(_), Some(_)) => {
            let message = "tuple fields have no names for keys: use a struct with named fields";
            errors.at(fields.span(), message);
            Kind::Unusable
        }
    }
}

impl<'a> Field<'a> {
    fn from_syn(field: &'a syn::Field, style: Option<Style>, errors: &mut Errors) -> Option<Self> {
        let ident = field.ident.as_ref()?;
        let attrs = Attrs::from_syn(&field.attrs, Place::Field, errors);
        let name = ident.unraw().to_string();
        let key = match &attrs.rename {
            Some(given) => given.value.value(),
            None => style.map_or_else(|| name.clone(), |style| style.field(&name)),
        };
        let inner = in_option(&field.ty);
        Some(Self {
            attributes: &field.attrs,
            ident,
            ty: inner.unwrap_or(&field.ty),
            is_option: inner.is_some(),
            key,
            attrs,
        })
    }

    /// Returns `true` if the pairs of the field's value are written, instead of one pair for the field.
    pub(crate) fn is_flat(&self) -> bool {
        self.attrs.flatten.is_some() || self.attrs.prefix.is_some()
    }
}

impl<'a> Variant<'a> {
    fn from_syn(variant: &'a syn::Variant, style: Option<Style>, errors: &mut Errors) -> Self {
        let attrs = Attrs::from_syn(&variant.attrs, Place::Variant, errors);
        let ident = &variant.ident;
        if !matches!(variant.fields, Fields::Unit) {
            let message = format_args!(
                "metadata values are strings, but `{ident}` has data: remove the data, or implement `Display` by hand \
                 instead of this derive"
            );
            errors.at(variant.fields.span(), message);
        }
        let name = ident.unraw().to_string();
        let value = match attrs.rename {
            Some(given) => given.value.value(),
            None => style.map_or_else(|| name.clone(), |style| style.variant(&name)),
        };
        Self { ident, value }
    }
}

/// Returns the type in an `Option`. A macro sees only the name, so it does not recognise an alias of `Option`.
pub(crate) fn in_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ungrouped(ty) else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(inner)) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// Returns a type without the invisible group around a variable of a `macro_rules!`.
pub(crate) fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        _ => ty,
    }
}

//! The syntax of `#[metadata(…)]`: the value of each attribute, its allowed places, and that it is given once.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Attribute, Expr, ExprLit, ExprPath, Ident, Lit, LitStr, Path, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    spanned::Spanned,
};

use crate::{
    errors::Errors,
    rename::{STYLES, Style},
};

/// The place of an attribute.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    Struct,
    Enum,
    Field,
    Variant,
    Newtype,
    /// The field of a newtype, which can have no attributes.
    InNewtype,
}

use Place::{Enum, Field, InNewtype, Newtype, Struct, Variant};

/// Each attribute with its allowed places and an example.
const KNOWN: [(&str, &[Place], &str); 9] = [
    ("crate", &[Struct, Enum, Newtype], "crate = \"renamed_vambe_api\""),
    ("json_schema", &[Struct, Newtype], "json_schema"),
    ("rename_all", &[Struct, Enum], "rename_all = \"camelCase\""),
    ("rename", &[Field, Variant], "rename = \"order_id\""),
    ("skip", &[Field], "skip"),
    ("flatten", &[Field], "flatten"),
    ("prefix", &[Field], "prefix = \"order_\""),
    ("with", &[Field], "with = path::to::function"),
    ("skip_serializing_if", &[Field], "skip_serializing_if = path::to::function"),
];

/// The value of an attribute, and the span of its name.
pub(crate) struct Given<T> {
    pub(crate) name: Span,
    pub(crate) value: T,
}

/// The attributes of one item. Only those that are allowed in its place are set.
#[derive(Default)]
pub(crate) struct Attrs {
    pub(crate) krate: Option<Given<Path>>,
    pub(crate) json_schema: Option<Given<()>>,
    pub(crate) rename_all: Option<Given<Style>>,
    pub(crate) rename: Option<Given<LitStr>>,
    pub(crate) skip: Option<Given<()>>,
    pub(crate) flatten: Option<Given<()>>,
    pub(crate) prefix: Option<Given<LitStr>>,
    pub(crate) with: Option<Given<ExprPath>>,
    pub(crate) skip_serializing_if: Option<Given<ExprPath>>,
}

/// `name`, or `name = value`.
struct Item {
    name: Ident,
    value: Option<Expr>,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // Not `parse`, since `crate` is a keyword.
        let name = input.call(Ident::parse_any)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Some(value(input)?)
        } else {
            None
        };
        Ok(Self { name, value })
    }
}

/// Parses any value, even one that syn parses only with its feature `full`; such a value fits no attribute and is reported as any
/// other.
fn value(input: ParseStream<'_>) -> syn::Result<Expr> {
    if input.is_empty() || input.fork().parse::<Expr>().is_ok() {
        return input.parse();
    }
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    Ok(Expr::Verbatim(tokens))
}

impl Attrs {
    pub(crate) fn from_syn(attributes: &[Attribute], place: Place, errors: &mut Errors) -> Self {
        let mut attrs = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("metadata")) {
            match attribute.parse_args_with(Punctuated::<Item, Token![,]>::parse_terminated) {
                Ok(items) => items.iter().for_each(|item| attrs.add(item, place, errors)),
                Err(error) => errors.push(error),
            }
        }
        attrs
    }

    fn add(&mut self, item: &Item, place: Place, errors: &mut Errors) {
        let name = item.name.to_string();
        let Some((_, places, example)) = KNOWN.iter().find(|(known, ..)| *known == name) else {
            return errors.at(item.name.span(), unknown(&name, place));
        };
        if !places.contains(&place) {
            return errors.at(item.name.span(), misplaced(&name, places, place));
        }
        let fits = match name.as_str() {
            "skip" => set(&mut self.skip, item, item.value.is_none().then_some(()), errors),
            "json_schema" => set(&mut self.json_schema, item, item.value.is_none().then_some(()), errors),
            "flatten" => set(&mut self.flatten, item, item.value.is_none().then_some(()), errors),
            "rename" => set(&mut self.rename, item, text(item), errors),
            "prefix" => set(&mut self.prefix, item, text(item), errors),
            "with" => set(&mut self.with, item, path(item), errors),
            "skip_serializing_if" => set(&mut self.skip_serializing_if, item, path(item), errors),
            "crate" => set(&mut self.krate, item, text(item).and_then(|text| text.parse().ok()), errors),
            _ => match text(item) {
                Some(text) => {
                    let style = Style::named(&text.value());
                    if style.is_none() {
                        return errors.at(text.span(), unknown_style(&text.value()));
                    }
                    set(&mut self.rename_all, item, style, errors)
                }
                None => false,
            },
        };
        if !fits {
            let span = item.value.as_ref().map_or(item.name.span(), Spanned::span);
            errors.at(span, format_args!("invalid value for `{name}`: write `{example}`"));
        }
    }
}

/// Sets an attribute unless it is set already. Returns `false` if there is no valid value.
fn set<T>(target: &mut Option<Given<T>>, item: &Item, value: Option<T>, errors: &mut Errors) -> bool {
    let Some(value) = value else { return false };
    let name = item.name.span();
    if target.is_some() {
        errors.at(name, format_args!("`{}` is given twice: remove one", item.name));
    } else {
        *target = Some(Given { name, value });
    }
    true
}

fn text(item: &Item) -> Option<LitStr> {
    match ungrouped(item.value.as_ref()?) {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
        _ => None,
    }
}

fn path(item: &Item) -> Option<ExprPath> {
    match ungrouped(item.value.as_ref()?) {
        Expr::Path(path) => Some(path.clone()),
        _ => None,
    }
}

/// Returns a value without the invisible group around a variable of a `macro_rules!`.
fn ungrouped(value: &Expr) -> &Expr {
    match value {
        Expr::Group(group) => ungrouped(&group.expr),
        _ => value,
    }
}

fn unknown(name: &str, place: Place) -> String {
    let here = KNOWN.iter().filter(|(_, places, _)| places.contains(&place)).map(|(known, ..)| *known);
    match nearest(name, here.clone()) {
        Some(known) => format!("unknown attribute `{name}`: did you mean `{known}`?"),
        None if place == InNewtype => format!("unknown attribute `{name}`: {} take no attributes", plural(place)),
        None => format!("unknown attribute `{name}`: {} take {}", plural(place), listed(here)),
    }
}

fn unknown_style(name: &str) -> String {
    let styles = STYLES.iter().map(|(style, _)| *style);
    match nearest(name, styles.clone()) {
        Some(style) => format!("unknown style `{name}`: did you mean `{style}`? The styles are {}", listed(styles)),
        None => format!("unknown style `{name}`: the styles are {}", listed(styles)),
    }
}

fn misplaced(name: &str, places: &[Place], place: Place) -> String {
    let wanted = places.iter().filter(|place| **place != Newtype).map(|place| plural(*place));
    let wanted = wanted.collect::<Vec<_>>().join(" and ");
    format!("`{name}` is not allowed here: it is for {wanted}, not for {}", plural(place))
}

fn plural(place: Place) -> &'static str {
    match place {
        Struct => "structs with named fields",
        Enum => "enums",
        Field => "named fields",
        Variant => "variants",
        Newtype => "newtypes",
        InNewtype => "fields of newtypes",
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Returns the most similar name, if one is similar enough.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.to_ascii_lowercase().replace('-', "_");
    let measured = names.map(|known| (distance(&plain(name), &plain(known)), known));
    measured.min_by_key(|(distance, _)| *distance).filter(|(distance, _)| *distance <= 2).map(|(_, known)| known)
}

/// Returns the edit distance of two names.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (index, from) in a.chars().enumerate() {
        let mut next = vec![index + 1];
        for ((to, pair), left) in b.chars().zip(row.windows(2)).zip(1..) {
            let (diagonal, above) = (pair.first().copied().unwrap_or(left), pair.last().copied().unwrap_or(left));
            let before = next.last().copied().unwrap_or(left);
            next.push((diagonal + usize::from(from != to)).min(above + 1).min(before + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

//! The syntax of `#[metadata(…)]`: what each attribute takes, where it may stand, and that it stands there once.

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

/// Where an attribute stands.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    Struct,
    Enum,
    Field,
    Variant,
    Newtype,
    /// The one field of a newtype, which can have none.
    InNewtype,
}

use Place::{Enum, Field, InNewtype, Newtype, Struct, Variant};

/// Each attribute, where it may stand, and how it is written.
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

/// A value, and the attribute's name in the source.
pub(crate) struct Given<T> {
    pub(crate) name: Span,
    pub(crate) value: T,
}

/// The attributes of one item. Only those that may stand there are ever set.
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
        // `crate` is a keyword.
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

/// Any value, also one that syn reads only with its feature `full`: it fits nowhere, and is told so like any other.
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
            errors.at(span, format_args!("this does not fit `{name}`: write `{example}`"));
        }
    }
}

/// Whether there is a value to set; one that is set already stays.
fn set<T>(target: &mut Option<Given<T>>, item: &Item, value: Option<T>, errors: &mut Errors) -> bool {
    let Some(value) = value else { return false };
    let name = item.name.span();
    if target.is_some() {
        errors.at(name, format_args!("`{}` is given twice: leave one out", item.name));
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

/// A value without the invisible group that it has if it comes from a variable of a `macro_rules!`.
fn ungrouped(value: &Expr) -> &Expr {
    match value {
        Expr::Group(group) => ungrouped(&group.expr),
        _ => value,
    }
}

fn unknown(name: &str, place: Place) -> String {
    let here = KNOWN.iter().filter(|(_, places, _)| places.contains(&place)).map(|(known, ..)| *known);
    match nearest(name, here.clone()) {
        Some(known) => format!("there is no attribute `{name}`: did you mean `{known}`?"),
        None if place == InNewtype => format!("there is no attribute `{name}`: {} can have none", plural(place)),
        None => format!("there is no attribute `{name}`: {} can have {}", plural(place), listed(here)),
    }
}

fn unknown_style(name: &str) -> String {
    let styles = STYLES.iter().map(|(style, _)| *style);
    match nearest(name, styles.clone()) {
        Some(style) => format!("there is no style `{name}`: did you mean `{style}`? there are {}", listed(styles)),
        None => format!("there is no style `{name}`: there are {}", listed(styles)),
    }
}

fn misplaced(name: &str, places: &[Place], place: Place) -> String {
    let wanted = places.iter().filter(|place| **place != Newtype).map(|place| plural(*place));
    let wanted = wanted.collect::<Vec<_>>().join(" and ");
    format!("`{name}` has no meaning here: {wanted} can have it, {} cannot", plural(place))
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

/// The name that takes the fewest edits, if it takes few.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.to_ascii_lowercase().replace('-', "_");
    let measured = names.map(|known| (distance(&plain(name), &plain(known)), known));
    measured.min_by_key(|(distance, _)| *distance).filter(|(distance, _)| *distance <= 2).map(|(_, known)| known)
}

/// How many letters have to be put in, taken out or changed.
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

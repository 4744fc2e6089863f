//! Check: nothing in the generated code has a name twice: no two items of a module, fields of a struct, variants of an enum or
//! functions of a type.
//!
//! Such code does not compile, and rustc would point at the generated file instead of the document.

use std::collections::{HashMap, HashSet};

use openapiv3::OpenAPI;
use quote::ToTokens;
use syn::{Fields, Ident, ImplItem, Item, ItemImpl};

use super::Module;
use crate::{
    document::{Diagnostic, Fix, pointer},
    names::normal,
};

/// Checks `mod types`.
///
/// # Errors
///
/// Every name that is there twice, at the component that its type is for.
pub(crate) fn check(module: &Module, document: &OpenAPI) -> Result<(), Vec<Diagnostic>> {
    let items = module.types.content.as_ref().map(|(_, items)| items.as_slice()).unwrap_or_default();
    let found = find(items).into_iter().map(|Twice { owner, problem }| self::problem(document, &owner, problem));
    let diagnostics: Vec<_> = found.collect();
    if diagnostics.is_empty() { Ok(()) } else { Err(diagnostics) }
}

/// Checks the whole file, whose other names are distinct by construction.
///
/// # Errors
///
/// The first name that is there twice.
pub(crate) fn check_file(file: &syn::File) -> Result<(), Diagnostic> {
    match find(&file.items).into_iter().next() {
        Some(Twice { problem, .. }) => {
            let help = "this is a bug of the generator: give the parts of the document distinct names";
            Err(Diagnostic::new("", format!("the generated code would not compile: {problem}"), help))
        }
        None => Ok(()),
    }
}

/// A name that is there twice.
struct Twice {
    /// The type that has it, or the item that it is.
    owner: String,
    problem: String,
}

fn find(items: &[Item]) -> Vec<Twice> {
    let mut found = Vec::new();
    let (mut types, mut values, mut impls) = (HashSet::new(), HashSet::new(), HashSet::new());
    let mut functions: HashMap<String, Vec<&Ident>> = HashMap::new();
    for item in items {
        let (ident, is_value) = match item {
            Item::Struct(item) => (&item.ident, false),
            Item::Enum(item) => (&item.ident, false),
            Item::Type(item) => (&item.ident, false),
            Item::Mod(item) => (&item.ident, false),
            Item::Const(item) => (&item.ident, true),
            Item::Fn(item) => (&item.sig.ident, true),
            Item::Impl(ItemImpl { trait_, self_ty, items, .. }) => {
                let owner = self_ty.to_token_stream().to_string();
                match trait_ {
                    Some(of) => {
                        let of = of.0.to_token_stream().to_string();
                        if !impls.insert((of.clone(), owner.clone())) {
                            found.push(Twice { problem: format!("the type `{owner}` has `impl {of}` twice"), owner });
                        }
                    }
                    None => {
                        let names = items.iter().filter_map(|item| match item {
                            ImplItem::Fn(function) => Some(&function.sig.ident),
                            _ => None,
                        });
                        functions.entry(owner).or_default().extend(names);
                    }
                }
                continue;
            }
            _ => continue,
        };
        if !(if is_value { &mut values } else { &mut types }).insert(ident) {
            let kind = if is_value { "items" } else { "types" };
            found.push(Twice { owner: ident.to_string(), problem: format!("two {kind} have the name `{ident}`") });
            continue;
        }
        match item {
            Item::Struct(item) => found.extend(repeated(ident, names_of(&item.fields))),
            Item::Enum(item) => {
                found.extend(repeated(ident, item.variants.iter().map(|variant| &variant.ident).collect()));
            }
            Item::Mod(item) => found.extend(item.content.iter().flat_map(|(_, items)| find(items))),
            _ => {}
        }
    }
    found.extend(functions.into_iter().filter_map(|(owner, names)| repeated(&owner, names)));
    found
}

fn repeated(owner: &(impl ToString + ?Sized), names: Vec<&Ident>) -> Option<Twice> {
    let mut seen = HashSet::new();
    let twice = names.into_iter().find(|name| !seen.insert(*name))?;
    let owner = owner.to_string();
    Some(Twice { problem: format!("the type `{owner}` has `{twice}` twice"), owner })
}

fn names_of(fields: &Fields) -> Vec<&Ident> {
    fields.iter().filter_map(|field| field.ident.as_ref()).collect()
}

/// A type without a component of its own is inside the one whose name it begins with.
fn problem(document: &OpenAPI, ident: &str, message: String) -> Diagnostic {
    let ident = normal(ident);
    let names = document.components.iter().flat_map(|components| components.schemas.keys());
    let own = names.filter(|name| ident.starts_with(&normal(name))).max_by_key(|name| name.len());
    let help = "give the schemas and their titles distinct names";
    match own {
        Some(name) => {
            let pointer = pointer(&["components", "schemas", name]);
            let fix = Fix::any_value(&pointer);
            Diagnostic::new(pointer, message, help).with_fix(fix)
        }
        None => Diagnostic::new("", message, help),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    #[test]
    fn a_name_that_is_there_twice_is_found_at_its_component() {
        let cases = [
            ("pub struct Thing {} pub struct Thing(String);", "two types have the name `Thing`"),
            ("pub enum Thing { A, B, A }", "the type `Thing` has `A` twice"),
            ("pub struct ThingInner { pub a: A, pub a: B }", "the type `ThingInner` has `a` twice"),
            ("impl Thing { fn a() {} } impl Thing { fn a() {} }", "the type `Thing` has `a` twice"),
            ("impl A for Thing {} impl A for Thing {} impl B for Thing {}", "the type `Thing` has `impl A` twice"),
        ];
        for (types, expected) in cases {
            let types = syn::parse_str(&format!("pub mod types {{ {types} }}")).unwrap();
            let module = Module { types, client_docs: Vec::new(), methods: Vec::new() };
            let found = check(&module, &document("{}", "{}")).unwrap_err();
            assert_eq!(
                found.iter().map(ToString::to_string).collect::<Vec<_>>(),
                [format!("/components/schemas/Thing: {expected}: give the schemas and their titles distinct names")]
            );
        }
    }

    #[test]
    fn the_whole_file_is_checked_with_its_modules() {
        for (code, expected) in [
            ("mod a { const B: u8 = 1; const B: u8 = 2; }", Some("two items have the name `B`")),
            ("mod a { type B = u8; } type B = u8;", None),
            ("type B = u8; mod B {}", Some("two types have the name `B`")),
            ("struct b; fn b() {}", None),
        ] {
            let found = check_file(&syn::parse_str(code).unwrap()).err();
            let found = found.map(|found| found.message.rsplit(": ").next().unwrap_or_default().to_owned());
            assert_eq!(found.as_deref(), expected, "{code}");
        }
    }
}

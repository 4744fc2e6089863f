//! Check: no two types have one name, no two fields of a struct and no two variants of an enum.
//!
//! Such code does not compile, and rustc would point at the generated file instead of the document.

use std::collections::HashSet;

use openapiv3::OpenAPI;
use syn::{Fields, Ident, Item};

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
    let mut diagnostics = Vec::new();
    let mut types = HashSet::new();
    for item in module.types.content.iter().flat_map(|(_, items)| items) {
        let (ident, names) = match item {
            Item::Struct(item) => (&item.ident, names_of(&item.fields)),
            Item::Enum(item) => (&item.ident, item.variants.iter().map(|variant| &variant.ident).collect()),
            _ => continue,
        };
        let mut seen = HashSet::new();
        if !types.insert(ident) {
            diagnostics.push(problem(document, ident, format!("two types have the name `{ident}`")));
        } else if let Some(twice) = names.into_iter().find(|name| !seen.insert(*name)) {
            diagnostics.push(problem(document, ident, format!("the type `{ident}` has `{twice}` twice")));
        }
    }
    if diagnostics.is_empty() { Ok(()) } else { Err(diagnostics) }
}

fn names_of(fields: &Fields) -> Vec<&Ident> {
    fields.iter().filter_map(|field| field.ident.as_ref()).collect()
}

/// A type without a component of its own is inside the one whose name it begins with.
fn problem(document: &OpenAPI, ident: &Ident, message: String) -> Diagnostic {
    let ident = normal(&ident.to_string());
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
}

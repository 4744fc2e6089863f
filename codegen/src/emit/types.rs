//! The types of `mod types`, by the names of their schemas.

use std::collections::{HashMap, HashSet};

use proc_macro2::Ident;
use syn::{Item, ItemMod, ItemStruct};

use crate::names::normal;

/// An index, since a document has thousands of references to hundreds of types.
pub(super) struct Types<'a> {
    idents: HashMap<String, &'a Ident>,
    structs: HashMap<String, &'a ItemStruct>,
    exact: HashSet<String>,
}

impl<'a> Types<'a> {
    pub(super) fn of(module: &'a ItemMod) -> Self {
        let mut types = Self { idents: HashMap::new(), structs: HashMap::new(), exact: HashSet::new() };
        for item in module.content.iter().flat_map(|(_, items)| items) {
            let ident = match item {
                Item::Struct(item) => {
                    types.structs.entry(normal(&item.ident.to_string())).or_insert(item);
                    &item.ident
                }
                Item::Enum(item) => &item.ident,
                _ => continue,
            };
            types.idents.entry(normal(&ident.to_string())).or_insert(ident);
            types.exact.insert(ident.to_string());
        }
        types
    }

    /// The type of a schema, in the style in which typify has written its name.
    pub(super) fn named(&self, schema: &str) -> Option<&'a Ident> {
        self.idents.get(&normal(schema)).copied()
    }

    /// The struct of a schema.
    pub(super) fn struct_named(&self, schema: &str) -> Option<&'a ItemStruct> {
        self.structs.get(&normal(schema)).copied()
    }

    /// Returns whether there is a type of exactly this name.
    pub(super) fn has(&self, ident: &Ident) -> bool {
        self.exact.contains(&ident.to_string())
    }
}

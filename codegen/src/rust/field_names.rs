//! Pass: two properties that become one name in Rust, such as `_id` and `id`, get fields of two names.

use std::collections::HashSet;

use syn::{Expr, ExprStruct, Ident, Item, ItemImpl, ItemStruct, Member, parse_quote, visit_mut, visit_mut::VisitMut};

use super::{Module, wire_name};

/// Renames fields of the structs in `mod types`; their names in JSON stay.
pub(crate) fn distinct(module: &mut Module) {
    let Some((_, items)) = &mut module.types.content else { return };
    let mut renamed = Vec::new();
    for item in items.iter_mut() {
        if let Item::Struct(item) = item
            && let Some(names) = rename(item)
        {
            renamed.push((item.ident.clone(), names));
        }
    }
    for (name, names) in renamed {
        for item in items.iter_mut() {
            if let Item::Impl(item) = item
                && is_of(item, &name)
            {
                Rename { name: &name, names: &names }.visit_item_impl_mut(item);
            }
        }
    }
}

/// Gives each field a name of its own, and returns them if that changed one.
fn rename(item: &mut ItemStruct) -> Option<Vec<Ident>> {
    let idents: Vec<_> = item.fields.iter().filter_map(|field| field.ident.clone()).collect();
    if idents.iter().collect::<HashSet<_>>().len() == idents.len() {
        return None;
    }
    let mut taken: HashSet<String> = HashSet::new();
    // The property that has the name in JSON already keeps it.
    let keeps: Vec<_> =
        item.fields.iter().map(|field| field.ident.as_ref().is_some_and(|i| *i == wire_name(field))).collect();
    taken.extend(idents.iter().zip(&keeps).filter(|(_, keeps)| **keeps).map(|(ident, _)| ident.to_string()));
    for (field, keeps) in item.fields.iter_mut().zip(keeps) {
        let Some(ident) = field.ident.clone().filter(|_| !keeps) else { continue };
        let wire = wire_name(field);
        // `_id` can be named as it is, and `_ID` cannot.
        let is_snake = wire.starts_with('_') && !wire.contains(char::is_uppercase);
        let as_written = is_snake.then(|| syn::parse_str::<Ident>(&wire).ok()).flatten();
        let base = ident.to_string();
        let base = base.trim_start_matches("r#").trim_end_matches('_');
        let numbered = (2..).map(|n| quote::format_ident!("{base}_{n}"));
        let mut free = std::iter::once(ident.clone()).chain(as_written).chain(numbered);
        let Some(own) = free.find(|name| taken.insert(name.to_string())) else { continue };
        if own != ident && *ident.to_string().trim_start_matches("r#") == wire {
            field.attrs.push(parse_quote!(#[serde(rename = #wire)]));
        }
        field.ident = Some(own);
    }
    Some(item.fields.iter().filter_map(|field| field.ident.clone()).collect())
}

fn is_of(item: &ItemImpl, name: &Ident) -> bool {
    matches!(&*item.self_ty, syn::Type::Path(path) if path.path.is_ident(name))
}

/// Renames the fields where all of them are listed, in their order: typify writes `Default` so.
struct Rename<'a> {
    name: &'a Ident,
    names: &'a [Ident],
}

impl VisitMut for Rename<'_> {
    fn visit_expr_struct_mut(&mut self, item: &mut ExprStruct) {
        visit_mut::visit_expr_struct_mut(self, item);
        if (item.path.is_ident("Self") || item.path.is_ident(self.name)) && item.fields.len() == self.names.len() {
            for (field, name) in item.fields.iter_mut().zip(self.names) {
                if field.colon_token.is_none() {
                    let value = field.expr.clone();
                    field.colon_token = Some(Default::default());
                    field.expr = Expr::Paren(parse_quote!((#value)));
                }
                field.member = Member::Named(name.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;

    #[test]
    fn fields_get_distinct_names_and_keep_those_of_json() {
        let mut module = Module {
            types: parse_quote! {
                pub mod types {
                    pub struct Thing {
                        #[serde(rename = "_id")]
                        pub id: A,
                        pub id: B,
                        #[serde(rename = "userId")]
                        pub user_id: C,
                        pub user_id: D,
                        #[serde(rename = "user-id")]
                        pub user_id: E,
                        #[serde(rename = "_ID")]
                        pub id: F,
                    }
                    impl Default for Thing {
                        fn default() -> Self {
                            Self { id: a(), id: b(), user_id: c(), user_id: d(), user_id: e(), id: f() }
                        }
                    }
                }
            },
            client_docs: Vec::new(),
            methods: Vec::new(),
        };
        distinct(&mut module);
        let expected: syn::ItemMod = parse_quote! {
            pub mod types {
                pub struct Thing {
                    #[serde(rename = "_id")]
                    pub _id: A,
                    pub id: B,
                    #[serde(rename = "userId")]
                    pub user_id_2: C,
                    pub user_id: D,
                    #[serde(rename = "user-id")]
                    pub user_id_3: E,
                    #[serde(rename = "_ID")]
                    pub id_2: F,
                }
                impl Default for Thing {
                    fn default() -> Self {
                        Self { _id: a(), id: b(), user_id_2: c(), user_id: d(), user_id_3: e(), id_2: f() }
                    }
                }
            }
        };
        assert_eq!(module.types.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }
}

//! What is read of a generated method's signature, and how its types are written outside of the generated module.

use syn::{
    GenericArgument, ImplItemFn, ItemMod, PathArguments, ReturnType, Type, TypePath, parse_quote,
    visit_mut::{self, VisitMut},
};

/// `T` of `Result<Response<T>, _>`.
pub(super) fn answer_type(method: &ImplItemFn) -> Type {
    let inner = |ty: &Type| match ty {
        Type::Path(path) => match &path.path.segments.last()?.arguments {
            PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
                GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    let answer = match &method.sig.output {
        ReturnType::Type(_, ty) => inner(ty).and_then(|ty| inner(&ty)),
        ReturnType::Default => None,
    };
    answer.unwrap_or_else(|| parse_quote!(()))
}

/// The type as it is written outside of the generated module.
pub(super) fn qualified(ty: &Type, types: &ItemMod) -> Type {
    struct Qualify<'a>(&'a ItemMod);

    impl VisitMut for Qualify<'_> {
        fn visit_type_path_mut(&mut self, ty: &mut TypePath) {
            visit_mut::visit_type_path_mut(self, ty);
            let path = &ty.path;
            let is_of_types = path.segments.first().is_some_and(|first| first.ident == "types");
            let is_in_types = path.get_ident().is_some_and(|ident| {
                self.0.content.iter().flat_map(|(_, items)| items).any(|item| match item {
                    syn::Item::Struct(item) => item.ident == *ident,
                    syn::Item::Enum(item) => item.ident == *ident,
                    _ => false,
                })
            });
            if is_of_types {
                *ty = parse_quote!(crate::raw::#path);
            } else if is_in_types {
                *ty = parse_quote!(crate::raw::types::#path);
            }
        }
    }

    let mut ty = ty.clone();
    Qualify(types).visit_type_mut(&mut ty);
    ty
}

/// The first line of the raw method's documentation, as a sentence.
pub(super) fn summary(method: &ImplItemFn) -> String {
    let docs = method.attrs.iter().find_map(|attr| match &attr.meta {
        syn::Meta::NameValue(docs) if docs.path.is_ident("doc") => match &docs.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let docs = docs.unwrap_or_default();
    format!("{}.", docs.lines().next().unwrap_or_default().trim().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;

    #[test]
    fn types_are_qualified_and_the_answer_is_read_of_the_signature() {
        let types: ItemMod = parse_quote!(
            pub mod types {
                pub struct Thing;
            }
        );
        let method: ImplItemFn = parse_quote! {
            /// Sets a thing
            async fn set(&self) -> Result<crate::Response<Vec<types::Thing> >, crate::Error> {}
        };
        let expected: Type = parse_quote!(Vec<crate::raw::types::Thing>);
        assert_eq!(
            qualified(&answer_type(&method), &types).to_token_stream().to_string(),
            expected.to_token_stream().to_string()
        );
        let bare: Type = parse_quote!(Thing);
        assert_eq!(qualified(&bare, &types).to_token_stream().to_string(), "crate :: raw :: types :: Thing");
        assert_eq!(summary(&method), "Sets a thing.");
    }
}

//! The types in a raw method's signature and in the fields of `mod types`, as they are written beside that module.

use syn::{
    ImplItemFn, ReturnType, Type, TypePath, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::types::Types;
use crate::rust::argument_of;

/// `T` of `Result<Response<T>, _>`, as `rust` has written it.
pub(super) fn answer_type(method: &ImplItemFn) -> Type {
    let answer = match &method.sig.output {
        ReturnType::Type(_, ty) => argument_of(ty, "Result").and_then(|ty| argument_of(ty, "Response")),
        ReturnType::Default => None,
    };
    answer.cloned().unwrap_or_else(|| parse_quote!(()))
}

/// The type as it is written in the parent of `mod types`.
pub(super) fn qualified(ty: &Type, types: &Types<'_>) -> Type {
    struct Qualify<'a>(&'a Types<'a>);

    impl VisitMut for Qualify<'_> {
        fn visit_type_path_mut(&mut self, ty: &mut TypePath) {
            visit_mut::visit_type_path_mut(self, ty);
            let path = &ty.path;
            let is_in_types = path.get_ident().is_some_and(|ident| self.0.has(ident));
            if is_in_types {
                *ty = parse_quote!(types::#path);
            }
        }
    }

    let mut ty = ty.clone();
    Qualify(types).visit_type_mut(&mut ty);
    ty
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::ItemMod;

    use super::*;

    #[test]
    fn types_are_qualified_and_the_answer_is_read() {
        let types: ItemMod = parse_quote!(
            pub mod types {
                pub struct Thing;
            }
        );
        let method: ImplItemFn = parse_quote! {
            async fn set(&self) -> Result<crate::Response<Vec<types::Thing> >, crate::Error> {}
        };
        let text = |ty: &Type| ty.to_token_stream().to_string();
        assert_eq!(text(&answer_type(&method)), "Vec < types :: Thing >");
        for ty in [parse_quote!(Option<Thing>), parse_quote!(Option<types::Thing>)] {
            assert_eq!(text(&qualified(&ty, &Types::of(&types))), "Option < types :: Thing >");
        }
    }
}

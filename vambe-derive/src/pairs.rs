//! `metadata!`: pairs whose keys are counted and compared at compile time.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use syn::{
    LitStr, Token,
    parse::{Parse, ParseStream},
};

use crate::errors::Errors;

/// The input from `vambe_api::metadata!`: `$crate`, and each pair after a comma.
///
/// That macro parses the expressions, so each is one token here. Parsing them here would need syn's feature `full`, which every
/// consumer would have to build.
pub(crate) struct Pairs {
    krate: TokenTree,
    pairs: Vec<(TokenTree, TokenTree)>,
}

impl Parse for Pairs {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let krate = input.parse()?;
        let mut pairs = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            let key = input.parse()?;
            input.parse::<Token![=>]>()?;
            pairs.push((key, input.parse()?));
        }
        Ok(Self { krate, pairs })
    }
}

pub(crate) fn expand(Pairs { krate, pairs }: &Pairs) -> TokenStream {
    let mut errors = Errors::default();
    if pairs.is_empty() {
        let message = "metadata needs at least one key-value pair: write `metadata! { \"order_id\" => order_id }`";
        errors.at(Span::call_site(), message);
    }
    let mut seen = HashSet::new();
    for (key, _) in pairs {
        match syn::parse2::<LitStr>(key.clone().into()) {
            Ok(key) if seen.contains(&key.value()) => {
                errors.at(key.span(), format_args!("the key `{}` is given twice: remove one", key.value()));
            }
            Ok(key) => {
                seen.insert(key.value());
            }
            Err(_) => {
                let message = "a key must be a string literal, so that duplicates are found at compile time: for another \
                               key, use `Metadata::insert` or `Metadata::try_from_iter`";
                errors.at(written(key), message);
            }
        }
    }
    if let Some(errors) = errors.combined() {
        // A stub, so that no further error follows.
        let errors = errors.into_compile_error();
        return quote!({ #errors; #krate::Metadata::from([("", "")]) });
    }
    let pairs = pairs.iter().map(|(key, value)| quote!((#key, ::std::string::ToString::to_string(&(#value)))));
    quote!(#krate::Metadata::from([#(#pairs),*]))
}

/// Returns the span of an expression. The invisible group around it has the span of the whole call.
fn written(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) => group.stream().into_iter().next().map_or(group.span(), |first| written(&first)),
        token => token.span(),
    }
}

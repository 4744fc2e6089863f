//! The macros of `vambe-api`, which re-exports and documents them. Depend on `vambe-api` instead of this crate.

mod ast;
mod attr;
mod describe;
mod errors;
mod expand;
mod pairs;
mod rename;
#[cfg(test)]
mod tests;
mod valid;

use proc_macro::TokenStream;

// Documented in vambe-api/src/derive.rs, where its examples can run.
#[allow(missing_docs)]
#[proc_macro_derive(TicketMetadata, attributes(metadata))]
pub fn derive_ticket_metadata(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    expand::derive(&input).into()
}

/// Expands `vambe_api::metadata!`, which passes the path of its crate and the pairs.
#[doc(hidden)]
#[proc_macro]
pub fn metadata_pairs(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as pairs::Pairs);
    pairs::expand(&input).into()
}

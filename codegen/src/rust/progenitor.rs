//! The call of progenitor.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator};

use crate::Error;

/// Has progenitor write the client for a document.
pub(crate) fn generate(document: &OpenAPI) -> Result<syn::File, Error> {
    let mut settings = GenerationSettings::default();
    // The stable order makes one request the same bytes every time.
    settings.with_map_type("::std::collections::BTreeMap");
    // progenitor has some twenty `assert!`, `todo!` and `unwrap()` for documents that it does not expect. The passes catch
    // the ones we know of; the rest must not end the process either. The generator is dropped with the panic, so that
    // nothing half-changed is left to be seen.
    let tokens = catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(document)))
        .map_err(|panic| Error::Progenitor { message: panic_message(panic.as_ref()) })?
        .map_err(|error| Error::Progenitor { message: error.to_string() })?;
    syn::parse2(tokens).map_err(|error| Error::Progenitor { message: format!("it wrote invalid Rust: {error}") })
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let message = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("it panicked: {}", message.unwrap_or("without a message"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::tests::document;

    #[test]
    fn a_panic_of_progenitor_is_an_error_with_its_message() {
        let document = document(
            r#"{ "200": { description: a, content: { application/json: { schema: { type: string } } } },
                 "201": { description: b, content: { application/json: { schema: { type: integer } } } } }"#,
            "{ type: string }",
        );
        let message = generate(&document).err().unwrap().to_string();
        assert!(message.contains("it panicked: assertion failed"), "{message}");
    }
}

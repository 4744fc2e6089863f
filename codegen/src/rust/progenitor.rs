//! The call of progenitor.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use openapiv3::{ObjectType, OpenAPI, PathItem, ReferenceOr, Schema, SchemaData, SchemaKind, Type};
use progenitor::{GenerationSettings, Generator};

use crate::{
    PROGENITOR_VERSION,
    document::{Diagnostic, pointer},
};

/// Has progenitor write the client for a document.
///
/// # Errors
///
/// Names the operation or the schema that progenitor fails on, if it fails on that part alone.
pub(crate) fn generate(document: &OpenAPI) -> Result<syn::File, Diagnostic> {
    run(document).map_err(|error| {
        let message = format!("progenitor {PROGENITOR_VERSION} cannot generate from this: {error}");
        let help = "this is a bug of progenitor, not of the document: rephrase this part or remove it";
        Diagnostic::new(culprit(document), message, help)
    })
}

fn run(document: &OpenAPI) -> Result<syn::File, String> {
    let mut settings = GenerationSettings::default();
    // The stable order makes one request the same bytes every time.
    settings.with_map_type("::std::collections::BTreeMap");
    // progenitor has some twenty `assert!`, `todo!` and `unwrap()` for documents that it does not expect, typify a hundred. The
    // checks in `document/check` catch the ones we know of; the rest must not end the process either. The generator is dropped
    // with the panic, so that nothing half-changed is left to be seen.
    let tokens = catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(document)))
        .map_err(|panic| panic_message(panic.as_ref()))?
        .map_err(|error| first_line(&error.to_string()))?;
    syn::parse2(tokens).map_err(|error| format!("it wrote invalid Rust: {error}"))
}

/// The part that progenitor fails on also by itself: a schema with what it refers to, or one operation.
fn culprit(document: &OpenAPI) -> String {
    let mut without_paths = document.clone();
    without_paths.paths.paths.clear();
    if run(&without_paths).is_err() {
        let components = document.components.iter();
        let mut names = components.flat_map(|components| components.schemas.keys());
        return names
            .find(|name| run(&only_schema(&without_paths, name)).is_err())
            .map_or_else(String::new, |name| pointer(&["components", "schemas", name]));
    }
    let mut operations = document.operations();
    operations
        .find(|(path, method, _)| run(&only_operation(document, path, method)).is_err())
        .map_or_else(String::new, |(path, method, _)| pointer(&["paths", path, method]))
}

fn only_operation(document: &OpenAPI, path: &str, method: &str) -> OpenAPI {
    let mut one = document.clone();
    one.paths.paths.retain(|found, _| found == path);
    for item in one.paths.paths.values_mut() {
        let ReferenceOr::Item(PathItem { get, put, post, delete, options, head, patch, trace, .. }) = item else {
            continue;
        };
        let methods = [
            ("get", get),
            ("put", put),
            ("post", post),
            ("delete", delete),
            ("options", options),
            ("head", head),
            ("patch", patch),
            ("trace", trace),
        ];
        methods.into_iter().filter(|(found, _)| *found != method).for_each(|(_, operation)| *operation = None);
    }
    one
}

/// A schema; of the others that it refers to only what cannot be at fault.
fn only_schema(document: &OpenAPI, name: &str) -> OpenAPI {
    let mut one = document.clone();
    if let Some(components) = &mut one.components {
        for (_, schema) in components.schemas.iter_mut().filter(|(found, _)| *found != name) {
            *schema = ReferenceOr::Item(Schema {
                schema_data: SchemaData::default(),
                schema_kind: SchemaKind::Type(Type::Object(ObjectType::default())),
            });
        }
    }
    one
}

/// The messages of typify go on with the whole schema.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().trim_end_matches([' ', '{', '(', ':']).to_owned()
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let message = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("it panicked: {}", first_line(message.unwrap_or("without a message")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    /// Invariant: a panic of progenitor is a diagnostic.
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

    #[test]
    fn the_part_that_progenitor_fails_on_is_named() {
        let twice = r#"{ "200": { description: a, content: { application/json: { schema: { type: string } } } }, "204": { description: b } }"#;
        for (responses, schema, expected) in [
            (twice, "{ type: string }", "/paths/~1thing/post"),
            ("{}", "{ not: { type: object, properties: { a: {} } } }", "/components/schemas/Thing"),
        ] {
            assert_eq!(generate(&document(responses, schema)).err().unwrap().pointer, expected, "{schema}");
        }
    }
}

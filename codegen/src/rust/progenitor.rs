//! The call of progenitor.

use std::{
    any::Any,
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use openapiv3::{ObjectType, OpenAPI, PathItem, ReferenceOr, Schema, SchemaData, SchemaKind, Type};
use progenitor::{GenerationSettings, Generator};

use crate::{
    PROGENITOR_VERSION,
    document::{Diagnostic, Fix, pointer},
};

/// Has progenitor write the client for a document.
///
/// # Errors
///
/// Names every operation or every schema that progenitor fails on, if it fails on that part alone.
pub(crate) fn generate(document: &OpenAPI) -> Result<syn::File, Vec<Diagnostic>> {
    run(document).map_err(|error| {
        let found = culprits(document);
        if found.is_empty() {
            return vec![problem(String::new(), &error)];
        }
        found.into_iter().map(|(pointer, error)| problem(pointer, &error)).collect()
    })
}

fn problem(pointer: String, error: &str) -> Diagnostic {
    let message = format!("progenitor {PROGENITOR_VERSION} cannot generate from this: {error}");
    let help = "this is a bug of progenitor, not of the document: rephrase this part or remove it";
    let fix = pointer.starts_with("/components/schemas/").then(|| Fix::any_value(&pointer));
    Diagnostic { fix, ..Diagnostic::new(pointer, message, help) }
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

/// The parts that progenitor fails on also by themselves, each with its error: schemas, or else operations.
fn culprits(document: &OpenAPI) -> Vec<(String, String)> {
    let mut without_paths = document.clone();
    without_paths.paths.paths.clear();
    if run(&without_paths).is_err() {
        let components = document.components.iter();
        let names: Vec<_> = components.flat_map(|components| components.schemas.keys()).collect();
        let mut found = Vec::new();
        bisect(&names, &|names| run(&only_schemas(&without_paths, names)), &mut found);
        return found.into_iter().map(|(name, error)| (pointer(&["components", "schemas", name]), error)).collect();
    }
    let operations: Vec<_> = document.operations().map(|(path, method, _)| (path, method)).collect();
    let mut found = Vec::new();
    bisect(&operations, &|operations| run(&only_operations(document, operations)), &mut found);
    found.into_iter().map(|((path, method), error)| (pointer(&["paths", path, method]), error)).collect()
}

/// Finds the parts that fail, by halving: few fail, and each run costs as much as the document is large. Where parts fail only
/// together, the first is taken.
fn bisect<T: Copy, R>(parts: &[T], run: &impl Fn(&[T]) -> Result<R, String>, found: &mut Vec<(T, String)>) {
    let Err(error) = run(parts) else { return };
    let before = found.len();
    if parts.len() > 1 {
        let (first, second) = parts.split_at(parts.len() / 2);
        bisect(first, run, found);
        bisect(second, run, found);
    }
    if found.len() == before
        && let Some(first) = parts.first()
    {
        found.push((*first, error));
    }
}

fn only_operations(document: &OpenAPI, kept: &[(&str, &str)]) -> OpenAPI {
    let mut some = document.clone();
    some.paths.paths.retain(|path, _| kept.iter().any(|(kept, _)| kept == path));
    for (path, item) in &mut some.paths.paths {
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
        let gone = methods.into_iter().filter(|(method, _)| !kept.contains(&(path.as_str(), *method)));
        gone.for_each(|(_, operation)| *operation = None);
    }
    some
}

/// Some schemas; of the others that they refer to only what cannot be at fault.
fn only_schemas(document: &OpenAPI, kept: &[&String]) -> OpenAPI {
    let mut some = document.clone();
    let kept: HashSet<_> = kept.iter().collect();
    if let Some(components) = &mut some.components {
        for (_, schema) in components.schemas.iter_mut().filter(|(name, _)| !kept.contains(name)) {
            *schema = ReferenceOr::Item(Schema {
                schema_data: SchemaData::default(),
                schema_kind: SchemaKind::Type(Type::Object(ObjectType::default())),
            });
        }
    }
    some
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
        let message = generate(&document).err().unwrap()[0].to_string();
        assert!(message.contains("it panicked: assertion failed"), "{message}");
    }

    #[test]
    fn the_part_that_progenitor_fails_on_is_named() {
        let twice = r#"{ "200": { description: a, content: { application/json: { schema: { type: string } } } }, "204": { description: b } }"#;
        for (responses, schema, expected) in [
            (twice, "{ type: string }", "/paths/~1thing/post"),
            ("{}", "{ not: { type: object, properties: { a: {} } } }", "/components/schemas/Thing"),
        ] {
            assert_eq!(generate(&document(responses, schema)).err().unwrap()[0].pointer, expected, "{schema}");
        }
    }

    #[test]
    fn every_part_that_fails_is_found_in_few_runs() {
        let runs = std::cell::Cell::new(0);
        let parts: Vec<_> = (0..1000).collect();
        let run = |parts: &[i32]| {
            runs.set(runs.get() + 1);
            if parts.iter().any(|part| [3, 500, 501].contains(part)) { Err("bad".to_owned()) } else { Ok(()) }
        };
        let mut found = Vec::new();
        bisect(&parts, &run, &mut found);
        assert_eq!(found.iter().map(|(part, _)| *part).collect::<Vec<_>>(), [3, 500, 501]);
        assert!(runs.get() < 70, "{}", runs.get());
    }
}

//! The call of progenitor.

use std::{
    any::Any,
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use openapiv3::{Components, ObjectType, OpenAPI, PathItem, ReferenceOr, Schema, SchemaData, SchemaKind, Type};
use progenitor::{GenerationSettings, Generator};
use serde_json::Value;

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
    let parts = Parts::of(document);
    let names: Vec<_> = document.components.iter().flat_map(|components| components.schemas.keys()).collect();
    let mut found = Vec::new();
    bisect(&names, &|names| run(&parts.only_schemas(names)), &mut found);
    if !found.is_empty() {
        return found.into_iter().map(|(name, error)| (pointer(&["components", "schemas", name]), error)).collect();
    }
    let operations: Vec<_> = document.operations().map(|(path, method, _)| (path, method)).collect();
    let mut found = Vec::new();
    bisect(&operations, &|operations| run(&parts.only_operations(operations)), &mut found);
    found.into_iter().map(|((path, method), error)| (pointer(&["paths", path, method]), error)).collect()
}

/// Finds the parts that fail, by halving: few fail, and a run costs as much as its parts are large. Where parts fail only
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

/// Parts of a document, and what each refers to.
struct Parts<'a> {
    document: &'a OpenAPI,
    /// The same as JSON.
    text: Value,
}

impl<'a> Parts<'a> {
    fn of(document: &'a OpenAPI) -> Self {
        Self { document, text: serde_json::to_value(document).unwrap_or_default() }
    }

    /// Some schemas; of the others that they refer to only what cannot be at fault.
    fn only_schemas(&self, kept: &[&String]) -> OpenAPI {
        let kept: HashSet<&str> = kept.iter().map(|name| name.as_str()).collect();
        let mut referred = HashSet::new();
        let texts = kept.iter().filter_map(|name| self.text.pointer(&pointer(&["components", "schemas", name])));
        texts.for_each(|text| references(text, &mut referred));
        let any_object = ReferenceOr::Item(Schema {
            schema_data: SchemaData::default(),
            schema_kind: SchemaKind::Type(Type::Object(ObjectType::default())),
        });
        let schemas = self.document.components.iter().flat_map(|components| &components.schemas);
        let schemas = schemas.filter_map(|(name, schema)| {
            let referred = || referred.contains(&*format!("#/components/schemas/{name}"));
            match kept.contains(name.as_str()) {
                true => Some((name.clone(), schema.clone())),
                false => referred().then(|| (name.clone(), any_object.clone())),
            }
        });
        self.document_of(Components { schemas: schemas.collect(), ..Components::default() })
    }

    /// Some operations, and the schemas that they use.
    fn only_operations(&self, kept: &[(&str, &str)]) -> OpenAPI {
        let mut reached = HashSet::new();
        let texts = kept.iter().filter_map(|(path, method)| self.text.pointer(&pointer(&["paths", path, method])));
        let mut open: Vec<&Value> = texts.collect();
        while let Some(text) = open.pop() {
            let mut referred = HashSet::new();
            references(text, &mut referred);
            let new = referred.into_iter().filter(|reference| reached.insert(*reference));
            open.extend(new.filter_map(|reference| self.text.pointer(reference.strip_prefix('#')?)));
        }
        let mut components = self.document.components.clone().unwrap_or_default();
        components.schemas.retain(|name, _| reached.contains(&*format!("#/components/schemas/{name}")));
        let mut some = self.document_of(components);
        for (path, item) in &self.document.paths.paths {
            let methods: Vec<_> = kept.iter().filter(|(kept, _)| kept == path).map(|(_, method)| *method).collect();
            if !methods.is_empty() {
                some.paths.paths.insert(path.clone(), only_methods(item.clone(), &methods));
            }
        }
        some
    }

    fn document_of(&self, components: Components) -> OpenAPI {
        let (openapi, info) = (self.document.openapi.clone(), self.document.info.clone());
        OpenAPI { openapi, info, components: Some(components), ..OpenAPI::default() }
    }
}

fn only_methods(mut item: ReferenceOr<PathItem>, kept: &[&str]) -> ReferenceOr<PathItem> {
    if let ReferenceOr::Item(PathItem { get, put, post, delete, options, head, patch, trace, .. }) = &mut item {
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
        let gone = methods.into_iter().filter(|(method, _)| !kept.contains(method));
        gone.for_each(|(_, operation)| *operation = None);
    }
    item
}

/// Collects every reference in a part.
fn references<'a>(part: &'a Value, found: &mut HashSet<&'a str>) {
    match part {
        Value::Object(object) => {
            found.extend(object.get("$ref").and_then(Value::as_str));
            object.values().for_each(|part| references(part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| references(part, found)),
        _ => {}
    }
}

/// Returns the first line of a message: those of typify contain the whole schema.
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
        let (runs, tried) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        let parts: Vec<_> = (0..1000).collect();
        let run = |parts: &[i32]| {
            runs.set(runs.get() + 1);
            tried.set(tried.get() + parts.len());
            if parts.iter().any(|part| [3, 500, 501].contains(part)) { Err("bad".to_owned()) } else { Ok(()) }
        };
        let mut found = Vec::new();
        bisect(&parts, &run, &mut found);
        assert_eq!(found.iter().map(|(part, _)| *part).collect::<Vec<_>>(), [3, 500, 501]);
        assert!(runs.get() < 70, "{}", runs.get());
        // A run costs as much as its parts.
        assert!(tried.get() < 5 * parts.len(), "{}", tried.get());
    }
}

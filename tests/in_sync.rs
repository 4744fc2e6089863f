//! The checked-in generated file is what the checked-in spec generates, and says so of itself.

use similar::TextDiff;
use vambe_api::raw;
use vambe_tests::{part, read, spec};

const SPEC: &str = "openapi/vambe.yaml";
const GENERATED: &str = "vambe-api/src/generated.rs";

#[test]
fn the_generated_file_is_what_the_spec_generates() {
    let wanted = vambe_codegen::generate(&read(SPEC), SPEC).unwrap();
    let found = read(GENERATED);
    let diff = TextDiff::from_lines(&found, &wanted).unified_diff().header(GENERATED, SPEC).to_string();
    assert!(found == wanted, "{diff}\nrun `cargo xtask codegen` and commit the result");
}

/// Invariant: the same input generates the same bytes.
#[test]
fn generating_twice_gives_the_same_bytes() {
    let spec = read(SPEC);
    assert_eq!(vambe_codegen::generate(&spec, SPEC).unwrap(), vambe_codegen::generate(&spec, SPEC).unwrap());
}

#[test]
fn any_change_of_the_spec_changes_the_generated_file() {
    let spec = read(SPEC);
    // Not even a comment passes unnoticed: the digest is over the text.
    let changed = format!("{spec}#");
    assert_ne!(vambe_codegen::generate(&spec, SPEC).unwrap(), vambe_codegen::generate(&changed, SPEC).unwrap());
}

#[test]
fn the_operation_table_says_what_the_spec_says() {
    let spec = spec();
    let mut found = Vec::new();
    for (path, methods) in part(&spec, "/paths").as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let idempotent = operation.get("x-idempotent").is_some_and(|marked| marked == true);
            found.push((
                operation["operationId"].as_str().unwrap().to_owned(),
                method.to_uppercase(),
                path.clone(),
                idempotent,
            ));
        }
    }
    let table: Vec<_> = raw::operations::ALL
        .iter()
        .map(|o| (o.id.to_owned(), o.method.to_string(), o.path.to_owned(), o.idempotent))
        .collect();
    assert_eq!(table, found);
}

#[test]
fn the_generator_s_version_is_the_locked_one() {
    let lock = read("Cargo.lock");
    let locked = lock.split("[[package]]").find(|package| package.contains("name = \"progenitor\"\n")).unwrap();
    assert!(locked.contains(&format!("version = \"{}\"", vambe_codegen::PROGENITOR_VERSION)), "{locked}");
    assert_eq!(raw::PROGENITOR_VERSION, vambe_codegen::PROGENITOR_VERSION);
}

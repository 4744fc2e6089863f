//! The checked-in generated file is what the checked-in spec generates, and says so of itself.

use similar::TextDiff;
use vambe_api::raw;
use vambe_codegen::{Input, Text, generate_from};
use vambe_tests::{part, read, spec};

const SPEC: &str = "openapi/vambe.yaml";
const OVERLAY: &str = "openapi/overlay.yaml";
const GENERATED: &str = "vambe-api/src/generated.rs";

fn generate(spec: &str, overlay: &str) -> String {
    let overlay = Text { name: OVERLAY, text: overlay };
    generate_from(&Input { overlay: Some(overlay), ..Input::new(SPEC, spec) }).unwrap().code
}

#[test]
fn the_generated_file_is_what_the_spec_generates() {
    let wanted = generate(&read(SPEC), &read(OVERLAY));
    let found = read(GENERATED);
    let diff = TextDiff::from_lines(&found, &wanted).unified_diff().header(GENERATED, SPEC).to_string();
    assert!(found == wanted, "{diff}\nrun `cargo xtask codegen` and commit the result");
}

/// Invariant: the same input generates the same bytes.
#[test]
fn generating_twice_gives_the_same_bytes() {
    let (spec, overlay) = (read(SPEC), read(OVERLAY));
    assert_eq!(generate(&spec, &overlay), generate(&spec, &overlay));
}

#[test]
fn any_change_of_the_texts_changes_the_generated_file() {
    let (spec, overlay) = (read(SPEC), read(OVERLAY));
    let before = generate(&spec, &overlay);
    // Not even a comment passes unnoticed: the digest is over the texts.
    assert_ne!(generate(&format!("{spec}#"), &overlay), before);
    assert_ne!(generate(&spec, &format!("{overlay}#")), before);
}

#[test]
fn the_operation_table_says_what_the_spec_says() {
    let spec = spec();
    let mut found = Vec::new();
    for (path, methods) in part(&spec, "/paths").as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            // The overlay marks this one, and no other.
            let idempotent = operation["operationId"] == "update_ticket_metadata";
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

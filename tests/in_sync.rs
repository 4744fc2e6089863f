//! The checked-in generated file is what the checked-in spec generates, and says so of itself.

use similar::TextDiff;
use vambe_api::raw;
use vambe_codegen::{Input, Text, generate_from};
use vambe_tests::{part, read, spec};

const SPEC: &str = "openapi/vambe.yaml";
const OVERLAY: &str = "openapi/overlay.yaml";
const SETTINGS: &str = "openapi/codegen.yaml";
const GENERATED: &str = "vambe-api/src/generated.rs";

/// Generates from the files, of which one is followed by `more`.
fn generate(edited: &str, more: &str) -> String {
    let read = |name: &str| read(name) + if name == edited { more } else { "" };
    let (spec, overlay, settings) = (read(SPEC), read(OVERLAY), read(SETTINGS));
    let text = |name, text| Some(Text { name, text });
    let input =
        Input { overlay: text(OVERLAY, &overlay), settings: text(SETTINGS, &settings), ..Input::new(SPEC, &spec) };
    generate_from(&input).unwrap().code
}

#[test]
fn the_generated_file_is_what_the_spec_generates() {
    let wanted = generate(SPEC, "");
    let found = read(GENERATED);
    let diff = TextDiff::from_lines(&found, &wanted).unified_diff().header(GENERATED, SPEC).to_string();
    assert!(found == wanted, "{diff}\nrun `cargo xtask codegen` and commit the result");
}

/// Invariant: the same input generates the same bytes.
#[test]
fn generating_twice_gives_the_same_bytes() {
    assert_eq!(generate(SPEC, ""), generate(SPEC, ""));
}

#[test]
fn any_change_of_the_texts_changes_the_generated_file() {
    let before = generate(SPEC, "");
    // Not even a comment passes unnoticed: the digest is over the texts.
    for file in [SPEC, OVERLAY, SETTINGS] {
        assert_ne!(generate(file, "#"), before, "{file}");
    }
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

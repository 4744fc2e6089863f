//! Code that must not compile, with compiler messages that help. The cases are in `ui/`, each named after its fault.

use vambe_codegen::{Input, Text, generate_from};
use vambe_tests::read;

#[test]
fn faults_do_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
}

/// Invariant: a fourth identifier does not compile without its variant of `TicketRef`.
///
/// The case `ui/fourth_identifier_without_variant.rs` compiles this file.
#[test]
fn the_fixture_with_a_fourth_identifier_is_what_the_generator_writes() {
    let spec = read("openapi/vambe.yaml");
    let spec = spec
        .replace(
            "        contact_number:\n          description",
            "        case_number:\n          type: integer\n        contact_number:\n          description",
        )
        .replace(
            "        - required: [contact_number]",
            "        - required: [contact_number]\n        - required: [case_number]",
        );
    let overlay = read("openapi/overlay.yaml");
    let overlay = Some(Text { name: "openapi/overlay.yaml", text: &overlay });
    // Without the settings' `needs`, which would report the missing variant before the compiler does.
    let settings = "types: { UpdateTicketMetadataRequest: { metadata: Metadata } }";
    let settings = Some(Text { name: "other settings", text: settings });
    let input = Input { overlay, settings, ..Input::new("openapi/vambe.yaml with a fourth identifier", &spec) };
    let wanted = generate_from(&input).unwrap().code;
    assert!(wanted.contains("TicketRef::CaseNumber"), "the edit above must have had its effect");
    let path = "tests/fixtures/fourth_identifier.rs";
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(vambe_tests::root().join(path), &wanted).unwrap();
    }
    assert!(read(path) == wanted, "{path} is stale: run `UPDATE_FIXTURES=1 cargo test --package vambe-tests`");
}

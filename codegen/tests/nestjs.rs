//! A document as NestJS writes it: with a small overlay and a settings file, its endpoint is that of our typed client.
//!
//! `xtask/tests/new_document.rs` does the same by the commands of `openapi/README.md`.

use std::{collections::BTreeMap, fs};

use quote::ToTokens as _;
use vambe_codegen::{Generated, Input, Text, generate_from};

const DOCUMENT: &str = "tests/nestjs/document.json";
const OVERLAY: &str = "tests/nestjs/overlay.yaml";
const SETTINGS: &str = "tests/nestjs/codegen.yaml";

fn read(path: &str) -> String {
    // Cargo runs tests in the folder of their package.
    fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}

/// The settings of the fixture, with the needs of the real ones.
fn settings() -> String {
    let ours = read("../openapi/codegen.yaml");
    let needs = ours.find("\nneeds:").unwrap();
    read(SETTINGS) + &ours[needs..]
}

fn generate(overlay: Option<&str>, settings: &str) -> Result<Generated, String> {
    let document = read(DOCUMENT);
    let text = |name, text| Text { name, text };
    let input = Input {
        overlay: overlay.map(|overlay| text("overlay.yaml", overlay)),
        settings: Some(text("codegen.yaml", settings)),
        ..Input::new("document.json", &document)
    };
    generate_from(&input).map_err(|error| error.render(&input))
}

/// The tokens of the items that belong to the endpoint, without documentation, by a name for each.
fn endpoint(code: &str) -> BTreeMap<String, String> {
    let mut items = BTreeMap::new();
    collect(&syn::parse_file(code).unwrap().items, &mut items);
    items
}

fn collect(items: &[syn::Item], found: &mut BTreeMap<String, String>) {
    const NAMES: [&str; 3] = ["UpdateTicketMetadata", "ErrorResponse", "UPDATE_TICKET_METADATA"];
    for item in items {
        match item {
            syn::Item::Mod(module) => collect(&module.content.as_ref().unwrap().1, found),
            // The clients have the methods of other operations, too.
            syn::Item::Impl(item) if item.self_ty.to_token_stream().to_string().ends_with("Client") => {
                for method in &item.items {
                    let syn::ImplItem::Fn(method) = method else { continue };
                    if method.sig.ident == "update_ticket_metadata" {
                        let key = format!("{} {}", item.self_ty.to_token_stream(), method.sig.ident);
                        found.insert(key, without_docs(method));
                    }
                }
            }
            item => {
                let text = without_docs(item);
                let head = text.split('{').next().unwrap_or_default().split('=').next().unwrap_or_default();
                if NAMES.iter().any(|name| head.contains(name)) {
                    found.insert(head.to_owned(), text.clone());
                }
            }
        }
    }
}

fn without_docs(item: &impl quote::ToTokens) -> String {
    let text = item.to_token_stream().to_string();
    let mut lines = text.split("# [doc = ");
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |text, line| text + line.split_once("\"]").map_or(line, |(_, rest)| rest).trim_start())
}

/// Invariant: a document of NestJS gives our typed client, with a small overlay.
#[test]
fn its_endpoint_is_that_of_our_typed_client() {
    let overlay = read(OVERLAY);
    assert!(overlay.lines().count() <= 25);
    let generated = generate(Some(&overlay), &settings()).unwrap();
    let (ours, theirs) = (endpoint(&read("../vambe-api/src/generated.rs")), endpoint(&generated.code));
    assert!(ours.len() >= 12, "{ours:#?}");
    for (head, text) in &ours {
        assert_eq!(theirs.get(head), Some(text), "{head}");
    }
}

#[test]
fn nearly_all_operations_are_taken_and_the_rest_has_a_place() {
    let generated = generate(Some(&read(OVERLAY)), &settings()).unwrap();
    assert_eq!(generated.taken.len() + generated.left_out.len(), 40);
    let left_out: Vec<_> = generated.left_out.iter().map(|left_out| &*left_out.part).collect();
    assert!(left_out.len() <= 2, "{left_out:?}");
    assert!(generated.left_out.iter().all(|left_out| left_out.problems[0].span.line > 1));
    crate::golden::hold("tests/nestjs/generated.rs".as_ref(), &generated.code);
}

#[test]
fn without_overlay_or_settings_the_lines_to_add_are_reported() {
    let overlay = read(OVERLAY);
    let needs = settings().replace(&read(SETTINGS), "");
    let cases = [
        (
            None,
            settings(),
            "- { target: \"$.paths['/api/public/ticket/metadata'].post\", update: { x-idempotent: true } }",
        ),
        (
            None,
            settings(),
            "- { target: \"$.components.schemas['UpdateTicketMetadataDto']\", update: { x-exclusive-group: TicketRef",
        ),
        (
            Some(&*overlay),
            needs.clone(),
            "rename: { operations: { TicketController_updateMetadata: update_ticket_metadata } }",
        ),
        (Some(&*overlay), needs, "a schema `ErrorResponse`, which the document does not have"),
    ];
    for (overlay, settings, expected) in cases {
        let rendered = generate(overlay, &settings).err().unwrap();
        assert!(rendered.contains(expected), "{rendered}\nexpected {expected}");
    }
}

#[test]
fn a_fourth_identifier_names_the_variant_that_the_enum_lacks() {
    let property = "      properties: { case_number: { type: integer } }\n      oneOf:";
    let overlay = read(OVERLAY).replace("      oneOf:", property) + "        - required: [case_number]\n";
    let rendered = generate(Some(&overlay), &settings()).err().unwrap();
    assert!(rendered.starts_with("error: `TicketRef` has no variant for the member `case_number`\n"), "{rendered}");
    assert!(rendered.contains("--> overlay.yaml:18:11\n"), "{rendered}");
    assert!(rendered.contains("add the variant `CaseNumber` to the enum `TicketRef`"), "{rendered}");
}

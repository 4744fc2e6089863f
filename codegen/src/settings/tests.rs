//! Settings files on a small document, and their problems.
#![cfg(test)]

use crate::{Error, File, Generated, Input, Text, generate_from};

const DOCUMENT: &str = r##"openapi: 3.0.3
info: { title: Test, version: "1" }
paths:
  /tickets:
    get: { operationId: TicketController_findAll, tags: [Ticket], responses: {} }
    put: { operationId: TicketController_upload, tags: [Ticket], parameters: [{ name: id, in: cookie, required: true, schema: {} }], responses: {} }
  /tickets/metadata:
    post:
      operationId: TicketController_updateMetadata
      tags: [Ticket, Public]
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/MetadataDto" } } } }
      responses: { "200": { description: a, content: { application/json: { schema: { $ref: "#/components/schemas/StatusDto" } } } } }
  /: { get: { responses: {} } }
components:
  schemas:
    MetadataDto:
      type: object
      properties: { a: { type: string }, b: { type: string }, metadata: { type: object, additionalProperties: { type: string } } }
      oneOf: [{ required: [a] }, { required: [b] }]
      x-exclusive-group: TicketRef
    StatusDto: { type: object, properties: { status: { type: string }, metadata: { $ref: "#/components/schemas/MetadataDto" } } }
    Unused: { type: object, properties: { a: { type: string } } }
"##;

fn generate(settings: &str) -> Result<Generated, Error> {
    let settings = Some(Text { name: "codegen.yaml", text: settings });
    generate_from(&Input { settings, ..Input::new("a.yaml", DOCUMENT) })
}

fn names(generated: &Generated) -> Vec<&str> {
    generated.taken.iter().map(|taken| &*taken.name).collect()
}

#[test]
fn operations_are_taken_by_id_request_or_tag() {
    let all = ["ticket_controller_find_all", "ticket_controller_update_metadata", "get"];
    let cases: [(&str, &[&str]); 5] = [
        ("{}", &all),
        ("operations: [TicketController_findAll]", &all[..1]),
        ("operations: [POST /tickets/metadata, GET /]", &all[1..]),
        ("tags: [Public]", &all[1..2]),
        ("{ tags: [Ticket], operations: [GET /] }", &all),
    ];
    for (settings, expected) in cases {
        assert_eq!(names(&generate(settings).unwrap()), expected, "{settings}");
    }
}

#[test]
fn a_selection_has_only_the_schemas_that_it_uses() {
    let code = generate("operations: [TicketController_updateMetadata]").unwrap().code;
    assert!(code.contains("pub struct StatusDto") && !code.contains("pub struct Unused"));
}

#[test]
fn operations_and_schemas_get_other_names_and_types() {
    let settings = "
rename:
  operations: { TicketController_updateMetadata: update_metadata, GET /: root }
  schemas: { MetadataDto: MetadataRequest }
types: { MetadataRequest: { metadata: Metadata } }
";
    let generated = generate(settings).unwrap();
    assert_eq!(names(&generated), ["ticket_controller_find_all", "update_metadata", "root"]);
    assert_eq!(generated.taken[1].id.as_deref(), Some("TicketController_updateMetadata"));
    assert!(generated.code.contains("pub struct MetadataRequest") && !generated.code.contains("MetadataDto"));
    assert!(generated.code.contains("pub metadata: ::std::option::Option<MetadataRequest>"), "references follow");
    assert!(generated.code.contains("impl crate::IntoMetadata"), "{}", generated.code);
}

#[test]
fn unsupported_parts_are_left_out_if_there_is_more_than_needed() {
    assert_eq!(generate("{}").unwrap().left_out.len(), 1);
    let needed = "operations: [GET /]\nneeds: { operations: { get: {} } }";
    assert!(generate(needed).unwrap().left_out.is_empty());
    let needed = "operations: [TicketController_upload]\nneeds: { operations: { ticket_controller_upload: {} } }";
    for settings in ["unsupported: error", needed, "needs: { operations: { ticket_controller_upload: {} } }"] {
        let error = generate(settings).unwrap_err();
        assert_eq!(error.diagnostics()[0].message, "unsupported cookie parameter `id`", "{settings}");
    }
}

/// The first problem with its file and line.
fn problem(settings: &str) -> String {
    let error = generate(settings).unwrap_err();
    let problem = &error.diagnostics()[0];
    let file = if problem.span.file == File::Settings { "codegen.yaml" } else { "a.yaml" };
    format!("{file}:{}:{} {}: {}", problem.span.line, problem.span.column, problem.message, problem.help)
}

fn all_start_as_expected(cases: &[(&str, &str)]) {
    let found = cases.iter().map(|(settings, expected)| (problem(settings), expected));
    let wrong = found.filter(|(found, expected)| !found.starts_with(**expected));
    let wrong: Vec<_> = wrong.map(|(found, expected)| format!("found    {found}\nexpected {expected}")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_that_match_nothing_are_errors_with_a_suggestion() {
    all_start_as_expected(&[
        (
            "operation: []",
            "codegen.yaml:1:1 unknown key `operation` in the settings: remove it; did you mean `operations`?",
        ),
        ("unsupported: no", "codegen.yaml:1:14 unknown value `no` of `unsupported`: write `error` or `skip`"),
        (
            "operations: [TicketController_findAl]",
            "codegen.yaml:1:14 the document has no operation `TicketController_findAl`: did you mean `TicketController_findAll`?",
        ),
        ("tags: [ticke]", "codegen.yaml:1:8 no operation has the tag `ticke`: did you mean `Ticket`?"),
        ("rename: { operations: { GET /ticket: a } }", "codegen.yaml:1:25 the document has no operation `GET /ticket`"),
        (
            "rename: { operations: { GET /: getRoot } }",
            "codegen.yaml:1:32 `getRoot` is not the name of a method: write `get_root`",
        ),
        (
            "rename: { schemas: { StatusDTO: A } }",
            "codegen.yaml:1:22 the document has no schema `StatusDTO`: did you mean `StatusDto`?",
        ),
        ("rename: { schemas: { StatusDto: Unused } }", "codegen.yaml:1:33 the document has a schema `Unused` already"),
        ("types: { StatusDt: { a: Metadata } }", "codegen.yaml:1:10 the document has no schema `StatusDt`"),
        (
            "types: { StatusDto: { statu: Metadata } }",
            "codegen.yaml:1:23 `StatusDto` has no property `statu`: did you mean `status`?",
        ),
        ("types: { StatusDto: { metadata: Metadata } }", "codegen.yaml:1:23 the schema of `metadata` is a reference"),
        (
            "types: { MetadataDto: { metadata: Meta } }",
            "codegen.yaml:1:35 `x-hand-written: \"Meta\"` names no hand-written type",
        ),
    ]);
}

#[test]
fn a_missing_need_is_an_error_with_the_line_to_add() {
    let needs =
        |operation: &str, schema: &str| format!("needs: {{ operations: {{ {operation} }}, schemas: {{ {schema} }} }}");
    let own = "ticket_controller_update_metadata";
    let cases = [
        (
            needs("update_metadata: {}", ""),
            "codegen.yaml:1:24 the hand-written code needs an operation `update_metadata`, which is not taken: if it is \
             `TicketController_updateMetadata`, add to codegen.yaml: `rename: { operations: { \
             TicketController_updateMetadata: update_metadata } }`",
        ),
        (
            needs(&format!("{own}: {{ idempotent: true }}"), ""),
            "a.yaml:8:5 the hand-written code needs `x-idempotent: true` on `ticket_controller_update_metadata`: add to the \
             overlay: `- { target: \"$.paths['/tickets/metadata'].post\", update: { x-idempotent: true } }`",
        ),
        (
            needs(&format!("{own}: {{ request: Request }}"), ""),
            "a.yaml:11:7 the hand-written code needs the schema `Request` as the request body of \
             `ticket_controller_update_metadata`: add to codegen.yaml: `rename: { schemas: { MetadataDto: Request } }`",
        ),
        (
            needs(&format!("{own}: {{ response: Status }}"), ""),
            "a.yaml:12:20 the hand-written code needs the schema `Status` as the response of",
        ),
        (
            needs(&format!("{own}: {{ key: true }}"), ""),
            "a.yaml:8:5 the hand-written code needs `ticket_controller_update_metadata` to be sent with the API key: add to the \
             overlay: `- { target: \"$.paths['/tickets/metadata'].post\", update: { security: [{ NAME: [] }] } }`, with the NAME",
        ),
        (
            "needs: { server: true }".to_owned(),
            "codegen.yaml:1:8 the hand-written code needs the URL of a server: the document has no server: add to the overlay: `- \
             { target: $, update: { servers: [{ url: \"https://…\" }] } }`",
        ),
        (
            needs("", "Other: {}"),
            "codegen.yaml:1:39 the hand-written code needs a schema `Other`, which the document does not have",
        ),
        (
            needs("", "StatusDto: { properties: [statu] }"),
            "a.yaml:21:5 the hand-written code needs the property `statu` of `StatusDto`: add it by the overlay; did you mean \
             `status`?",
        ),
        (
            needs("", "MetadataDto: { types: { metadata: Metadata } }"),
            "a.yaml:18:63 the hand-written code needs `metadata` to be given as `Metadata`: add to codegen.yaml: `types: { \
             MetadataDto: { metadata: Metadata } }`",
        ),
        (
            needs("", "StatusDto: { group: { TicketRef: [a] } }"),
            "a.yaml:21:5 the hand-written code needs `x-exclusive-group: TicketRef` on `StatusDto`: add to the overlay: `- { \
             target: \"$.components.schemas['StatusDto']\", update: { x-exclusive-group: TicketRef, oneOf: [{ required: [a] }] } }`",
        ),
        (
            needs("", "MetadataDto: { group: { TicketRef: [a] } }"),
            "a.yaml:19:34 `TicketRef` has no variant for the member `b`: add the variant `B` to the enum `TicketRef`, then `b` \
             to `needs` in codegen.yaml",
        ),
        (
            needs("", "MetadataDto: { group: { TicketRef: [a, b, c] } }"),
            "a.yaml:19:7 the group has no member `c`, for which `TicketRef` has the variant `C`: remove the variant, then",
        ),
    ];
    let cases: Vec<_> = cases.iter().map(|(settings, expected)| (settings.as_str(), *expected)).collect();
    all_start_as_expected(&cases);
}

#[test]
fn what_is_needed_and_there_is_no_problem() {
    let settings = "
types: { MetadataDto: { metadata: Metadata } }
needs:
  operations:
    ticket_controller_update_metadata: { request: MetadataDto, response: StatusDto }
  schemas:
    MetadataDto: { properties: [a], types: { metadata: Metadata }, group: { TicketRef: [a, b] } }
";
    generate(settings).unwrap();
}

#[test]
fn a_needed_property_may_come_from_a_part_of_the_schema() {
    let parts =
        "StatusDto: { allOf: [{ $ref: '#/components/schemas/Unused' }, { properties: { status: { type: string } } }] }";
    let start = DOCUMENT.find("StatusDto: { type").unwrap();
    let end = start + DOCUMENT[start..].find('\n').unwrap();
    let document = format!("{}{parts}{}", &DOCUMENT[..start], &DOCUMENT[end..]);
    for (property, expected) in [("a", true), ("status", true), ("b", false)] {
        let settings = format!("needs: {{ schemas: {{ StatusDto: {{ properties: [{property}] }} }} }}");
        let settings = Some(Text { name: "codegen.yaml", text: &settings });
        let input = Input { settings, ..Input::new("a.yaml", &document) };
        assert_eq!(generate_from(&input).is_ok(), expected, "{property}");
    }
}

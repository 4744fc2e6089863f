//! The form of the report: each change in full where there are few, else grouped by operation.

use crate::diff::{Heading, Report, diff};

/// A document with `fields` fields in a schema of two operations, each of the given type, and a field that one operation has.
fn document(fields: usize, kind: &str) -> String {
    let fields: Vec<String> =
        (0..fields).map(|i| format!("f{i}: {{ type: {kind}, description: the {kind} }}")).collect();
    let operation = |id: &str, schema: &str| {
        format!(
            "{{ post: {{ operationId: {id}, requestBody: {{ content: {{ application/json: {{ schema: {schema} }} }} }} }} }}"
        )
    };
    let shared = "{ $ref: '#/components/schemas/Shared' }";
    let own = format!("{{ properties: {{ own: {{ type: {kind} }}, shared: {shared} }} }}");
    format!(
        "paths: {{ /one: {}, /two: {} }}\ncomponents: {{ schemas: {{ Shared: {{ properties: {{ {} }} }} }} }}",
        operation("one", shared),
        operation("two", &own),
        fields.join(", ")
    )
}

fn report(fields: usize) -> Report {
    diff(&document(fields, "string"), &document(fields, "integer")).unwrap()
}

#[test]
fn a_long_report_has_its_kinds_on_top_and_is_grouped() {
    let text = report(12).to_text(&Heading::default());
    let lines: Vec<&str> = text.lines().take(11).collect();
    assert_eq!(
        lines,
        [
            " -> ",
            "25 changes: 13 breaking, 12 wording",
            "bump  major",
            "",
            "BREAKING    13 x request-property-type-changed",
            "            values of the old type are rejected",
            "",
            "== Shared",
            "            in 2 operations: one, two",
            "BREAKING    the type of request field `f0` changed (major)",
            "            /components/schemas/Shared/properties/f0/type",
        ]
    );
    assert!(text.contains("            \"string\" -> \"integer\"\n"), "{text}");
    assert!(text.contains("            and 12 of words or extensions\n\n== two\nBREAKING"), "{text}");
    assert_eq!(
        text.matches("of request field").count(),
        13 + 13,
        "each change, and each line for the change log: {text}"
    );
}

#[test]
fn a_long_report_in_markdown_has_a_table_for_each_group() {
    let text = report(12).to_markdown(&Heading::default());
    for expected in [
        "| breaking | 13 | `request-property-type-changed` |",
        "### `Shared`\n\nin 2 operations: one, two\n\n| Wire",
        "### `two`",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn a_short_report_has_each_change_with_its_reason() {
    let report = report(3);
    let text = report.to_text(&Heading::default());
    assert_eq!(text.matches("    reason  ").count(), report.changes.len(), "{text}");
    assert!(!text.contains("=="), "{text}");
}

#[test]
fn sentences_are_broken_at_eighty_columns() {
    for fields in [3, 30] {
        let base = document(fields, "string");
        let head = base.replace("type: string", "type: string, maxLength: 3");
        let text = diff(&base, &head).unwrap().to_text(&Heading::default());
        let report = text.lines().take_while(|line| !line.starts_with("for CHANGELOG"));
        // A pointer stays in one piece, so that it can be copied.
        let long: Vec<&str> = report.filter(|line| line.chars().count() > 80 && !line.contains(" /")).collect();
        assert_eq!(long, [""; 0]);
    }
}

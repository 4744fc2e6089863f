//! Each kind of change that is promised, as an edit of a document, in both directions.

use std::collections::BTreeSet;

use crate::diff::{Change, Report, Side, diff, node, rules, structural};

const SHOP: &str = include_str!("shop.yaml");
const KINDS: &str = include_str!("kinds.txt");

/// One edit, with the expected reports for it and its reverse.
struct Row {
    from: String,
    to: String,
    forward: String,
    back: String,
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut lines = KINDS.lines().filter(|line| line.starts_with(['-', '+', '>', '<']));
    while let Some(from) = lines.next() {
        let mut next = |mark: &str| lines.next().unwrap().strip_prefix(mark).unwrap().to_owned();
        let unescaped = |text: &str| text.get(2..).unwrap_or_default().replace("\\n", "\n");
        let to = format!("+{}", next("+"));
        let [forward, back] = [next(">"), next("<")].map(|line| line.trim().to_owned());
        rows.push(Row { from: unescaped(from), to: unescaped(&to), forward, back });
    }
    rows
}

/// Formats a report as the table does: kind, impact, bump and affected users of each change.
fn summary(report: &Report) -> String {
    let one = |change: &Change| {
        let affects = change.affects().to_string().replace(", ", "+");
        format!("{} {} {} {affects}", change.kind(), change.wire(), change.bump)
    };
    report.changes.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Invariant: each kind of change has the judgement of a reviewed table.
#[test]
fn each_kind_of_change_is_judged_as_in_the_table() {
    let mut wrong = Vec::new();
    for row in rows() {
        assert_eq!(SHOP.matches(&row.from).count(), 1, "the text {:?} is there once", row.from);
        let edited = SHOP.replacen(&row.from, &row.to, 1);
        for (base, head, expected) in [(SHOP, edited.as_str(), &row.forward), (edited.as_str(), SHOP, &row.back)] {
            let found = summary(&diff(base, head).unwrap());
            if found != *expected {
                wrong.push(format!("- {}\n+ {}\n  expected {expected}\n  found    {found}", row.from, row.to));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn each_rule_is_in_the_table_of_kinds() {
    let covered: BTreeSet<String> = rows()
        .iter()
        .flat_map(|row| [&row.forward, &row.back].map(|line| line.split("; ").map(str::to_owned).collect::<Vec<_>>()))
        .flatten()
        .filter_map(|change| Some(change.split(' ').next()?.to_owned()))
        .collect();
    let missing: Vec<_> = rules().map(|rule| rule.id).filter(|id| !covered.contains(*id)).collect();
    assert_eq!(missing, [""; 0]);
}

/// The kinds of the changes that an edit causes, with the pointers in base and head.
fn edited(from: &str, to: &str) -> Vec<(&'static str, Option<String>, Option<String>)> {
    assert_eq!(SHOP.matches(from).count(), 1, "the text {from:?} is there once");
    let report = diff(SHOP, &SHOP.replacen(from, to, 1)).unwrap();
    report.changes.into_iter().map(|change| (change.kind(), change.base, change.head)).collect()
}

#[test]
fn moving_a_schema_into_components_does_not_change_the_wire() {
    for report in [
        edited(
            "label: { type: string, default: x }",
            "label: { $ref: \"#/components/schemas/Label\" }\n    Label: { type: string, default: x }",
        ),
        edited(
            "plain: { type: string }",
            "plain: { $ref: \"#/components/schemas/Plain\" }\n    Plain: { type: string }",
        ),
    ] {
        let kinds: BTreeSet<_> = report.iter().map(|(kind, ..)| *kind).collect();
        assert_eq!(kinds, BTreeSet::from(["component-schema-added", "reference-changed"]));
    }
}

/// NestJS writes an enum in place, as a reference, or as `allOf` next to a description, depending on its decorator.
#[test]
fn each_form_in_which_nestjs_writes_an_enum_is_the_same() {
    let document = |state: &str| {
        format!(
            "paths: {{ /a: {{ post: {{ operationId: a, requestBody: {{ content: {{ application/json: {{ schema: {{ \
             properties: {{ state: {state} }} }} }} }} }}, responses: {{ '200': {{ description: '', content: {{ \
             application/json: {{ schema: {{ properties: {{ state: {state} }} }} }} }} }} }} }} }} }}\n\
             components: {{ schemas: {{ State: {{ type: string, enum: [open, shut] }} }} }}"
        )
    };
    let reference = "{ $ref: '#/components/schemas/State' }";
    let forms = [
        "{ type: string, enum: [open, shut] }".to_owned(),
        "{ enum: [shut, open] }".to_owned(),
        reference.to_owned(),
        format!("{{ allOf: [{reference}] }}"),
        format!("{{ description: The state, allOf: [{reference}] }}"),
        format!("{{ description: The state, oneOf: [{reference}] }}"),
    ];
    for base in &forms {
        for head in &forms {
            let report = diff(&document(base), &document(head)).unwrap();
            let same = ["reference-changed", "spelling-changed", "text-changed"];
            let other: Vec<_> = report.changes.iter().filter(|change| !same.contains(&change.kind())).collect();
            assert!(other.is_empty(), "{base} {head} {other:?}");
        }
    }
}

#[test]
fn a_change_behind_a_new_reference_is_reported_at_its_target() {
    let to = "plain: { $ref: \"#/components/schemas/Plain\" }\n    Plain: { type: integer }";
    let report = edited("plain: { type: string }", to);
    let (kind, base, head) = report.first().unwrap();
    assert_eq!(*kind, "request-property-type-changed");
    assert_eq!(base.as_deref(), Some("/components/schemas/Order/properties/plain/type"));
    assert_eq!(head.as_deref(), Some("/components/schemas/Plain/type"));
}

#[test]
fn a_schema_of_both_directions_is_judged_for_both() {
    let both = SHOP.replace("schemas/Thing", "schemas/Order");
    let report =
        diff(&both, &both.replace("fast: { type: boolean, ", "fast: { nullable: true, type: boolean, ")).unwrap();
    let covered: Vec<_> = report.changes.iter().map(|change| (change.kind(), change.covers.len())).collect();
    assert_eq!(covered, [("response-property-became-nullable", 1), ("request-property-became-nullable", 0)]);
}

/// A claim that is too wide would hide what has no rule of its own.
#[test]
fn each_changed_value_is_reported_at_most_two_levels_above() {
    let shop = node::read(&crate::Input::new("shop", SHOP), Side::Base).unwrap();
    let nowhere = structural::difference(&shop, &serde_json::json!({}));
    let mut misplaced = Vec::new();
    for leaf in nowhere.iter().flat_map(|root| &root.leaves) {
        let mut head = shop.clone();
        *head.pointer_mut(&leaf.pointer).unwrap() = "another".into();
        let report = diff(&shop.to_string(), &head.to_string()).unwrap();
        for change in report.changes.iter().filter(|change| !change.covers.is_empty()) {
            let above = |at: &Option<String>| {
                at.as_ref().is_some_and(|at| {
                    leaf.pointer.strip_prefix(at.as_str()).is_some_and(|rest| rest.matches('/').count() <= 2)
                })
            };
            if !above(&change.base) && !above(&change.head) {
                misplaced.push((leaf.pointer.clone(), change.kind(), change.base.clone(), change.head.clone()));
            }
        }
    }
    let expected: &[(String, &str, Option<String>, Option<String>)] = &[];
    assert_eq!(misplaced, expected);
}

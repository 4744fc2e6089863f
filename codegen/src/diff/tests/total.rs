//! Any change of any document: each differing leaf is in exactly one change, and nothing panics.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    Input,
    diff::{Heading, Leaf, Report, Side, compare, diff, node, structural::difference},
    document::{join, tokens},
};

const VAMBE: &str = include_str!("../../../../openapi/vambe.yaml");

/// A document with parts that `VAMBE` lacks: parameters, headers, enums, limits, a second operation, references of each kind.
const RICH: &str = r##"
openapi: 3.0.3
info: { title: Rich, version: "1" }
servers: [{ url: https://a }, { url: https://b, description: b }]
security: [{ key: [] }, { oauth: [read] }]
tags: [{ name: one }]
x-top: [1, { a: 2 }]
paths:
  /things/{id}:
    summary: Things
    parameters: [{ name: id, in: path, required: true, schema: { type: string, format: uuid } }]
    get:
      operationId: get_thing
      deprecated: true
      parameters: [{ $ref: "#/components/parameters/Page" }, { name: X-A, in: header, schema: { type: string, enum: [a, b] } }]
      responses:
        "200": { description: ok, headers: { X-B: { required: true, schema: { type: integer } } },
          content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } } }
        "404": { $ref: "#/components/responses/Missing" }
        default: { description: other }
    put:
      operationId: put_thing
      security: [{}]
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } } }
      responses: { "204": { description: done } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key }, oauth: { type: oauth2, flows: {} } }
  parameters: { Page: { name: page, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 1 } } }
  responses: { Missing: { description: no, content: { application/json: { schema: { $ref: "#/components/schemas/Unused" } } } } }
  schemas:
    Thing:
      type: object
      required: [a, b]
      additionalProperties: false
      properties:
        a: { type: string, pattern: "^a", maxLength: 3, nullable: true }
        b: { type: array, items: { $ref: "#/components/schemas/Thing" }, minItems: 1 }
        c: { oneOf: [{ type: string }, { type: integer }], readOnly: true, x-odd: ~ }
        d: { allOf: [{ $ref: "#/components/schemas/Loop" }], deprecated: true }
        e: { type: object, additionalProperties: { type: number, multipleOf: 2 } }
    Loop: { $ref: "#/components/schemas/Loop" }
    Unused: { type: object, properties: { x: { anyOf: [{ type: string }] } } }
"##;

/// Checks the promises of the module's documentation.
fn check(base: &Value, head: &Value) -> Result<Report, TestCaseError> {
    // References that lead nowhere are errors of `diff`; here they are parts like others.
    let report = compare(base, head);
    let expected: BTreeSet<Leaf> = difference(base, head).into_iter().flat_map(|root| root.leaves).collect();
    let covers: Vec<Leaf> = report.changes.iter().flat_map(|change| change.covers.clone()).collect();
    let covered: BTreeSet<Leaf> = covers.iter().cloned().collect();
    prop_assert_eq!(covers.len(), covered.len(), "a leaf is reported twice");
    prop_assert_eq!(&covered, &expected);
    // Pointers of a change exist.
    for change in &report.changes {
        for (pointer, document) in [(&change.base, base), (&change.head, head)] {
            prop_assert!(pointer.as_ref().is_none_or(|at| document.pointer(at).is_some()), "{:?}", change);
        }
        prop_assert!(change.base.is_some() || change.head.is_some(), "{:?}", change);
    }
    prop_assert_eq!(&compare(base, head), &report, "the same again");
    prop_assert_eq!(expected.is_empty(), report.changes.is_empty(), "{:?}", report.changes);
    for render in [Report::to_text, Report::to_markdown] {
        render(&report, &Heading::default());
    }
    Ok(report)
}

/// All pointers of a document, in the order of the text.
fn pointers(value: &Value, at: String, into: &mut Vec<String>) {
    into.push(at.clone());
    match value {
        Value::Object(members) => members.iter().for_each(|(key, v)| pointers(v, join(&at, key), into)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, v)| pointers(v, join(&at, &i.to_string()), into));
        }
        _ => {}
    }
}

#[derive(Clone, Debug)]
enum Mutation {
    Replace(usize, Value),
    Remove(usize),
    Add(usize, String, Value),
    Rename(usize, String),
    /// The value of one pointer at another: a moved or repeated part.
    Copy(usize, usize),
    Reverse(usize),
}

fn mutate(document: &mut Value, mutation: &Mutation) {
    let mut all = Vec::new();
    pointers(document, String::new(), &mut all);
    let pick = |index: usize| all[index % all.len()].clone();
    let (at, copied) = match mutation {
        Mutation::Replace(i, _)
        | Mutation::Remove(i)
        | Mutation::Add(i, ..)
        | Mutation::Rename(i, _)
        | Mutation::Reverse(i) => (pick(*i), Value::Null),
        Mutation::Copy(from, to) => (pick(*to), document.pointer(&pick(*from)).unwrap().clone()),
    };
    let parent = at.rsplit_once('/').map_or("", |(parent, _)| parent);
    let key = tokens(&at).last().unwrap_or_default();
    match mutation {
        Mutation::Replace(_, value) if !at.is_empty() => *document.pointer_mut(&at).unwrap() = value.clone(),
        Mutation::Copy(..) if !at.is_empty() => *document.pointer_mut(&at).unwrap() = copied,
        Mutation::Remove(_) | Mutation::Rename(..) if !at.is_empty() => match document.pointer_mut(parent).unwrap() {
            Value::Object(members) => {
                let value = members.shift_remove(&key).unwrap();
                if let Mutation::Rename(_, to) = mutation {
                    members.insert(to.clone(), value);
                }
            }
            Value::Array(list) => drop(list.remove(key.parse().unwrap())),
            _ => {}
        },
        Mutation::Add(_, key, value) => match document.pointer_mut(&at).unwrap() {
            Value::Object(members) => drop(members.insert(key.clone(), value.clone())),
            Value::Array(list) => list.insert(0, value.clone()),
            _ => {}
        },
        Mutation::Reverse(_) => {
            if let Value::Array(list) = document.pointer_mut(&at).unwrap() {
                list.reverse();
            }
        }
        _ => {}
    }
}

fn words() -> impl Strategy<Value = String> {
    let known = [
        "$ref",
        "type",
        "format",
        "required",
        "properties",
        "items",
        "oneOf",
        "allOf",
        "enum",
        "default",
        "schema",
        "content",
        "parameters",
        "responses",
        "requestBody",
        "security",
        "servers",
        "name",
        "in",
        "x-odd",
        "x-exclusive-group",
        "x-hand-written",
        "nullable",
        "200",
        "4XX",
        "default",
        "get",
        "/other",
        "description",
        "paths",
        "additionalProperties",
        "a/b~c",
        "",
        "const",
        "securitySchemes",
        "schemas",
        "key",
        "ticket_id",
        "deprecated",
        "readOnly",
        "operationId",
        "headers",
    ];
    proptest::sample::select(known.to_vec()).prop_map(str::to_owned)
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3i64..9).prop_map(Value::from),
        Just(json!(1.5)),
        words().prop_map(Value::from),
        proptest::sample::select(vec![
            "string",
            "null",
            "number",
            "#/components/schemas/Thing",
            "#/components/schemas/Loop",
            "#/paths",
            "#",
            "#/components/schemas/ErrorResponse",
            "https://c",
            "uuid",
            "update_ticket_metadata"
        ])
        .prop_map(Value::from),
        Just(json!({})),
        Just(json!([])),
        Just(json!({"$ref": "#/components/schemas/Loop"})),
        Just(json!({"type": "string"})),
        Just(json!([{"required": ["a"]}, {"required": ["b"]}])),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::vec((words(), inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let at = || any::<proptest::sample::Index>().prop_map(|index| index.index(100_000));
    let mutation = prop_oneof![
        (at(), values()).prop_map(|(i, value)| Mutation::Replace(i, value)),
        at().prop_map(Mutation::Remove),
        (at(), words(), values()).prop_map(|(i, key, value)| Mutation::Add(i, key, value)),
        (at(), words()).prop_map(|(i, key)| Mutation::Rename(i, key)),
        (at(), at()).prop_map(|(from, to)| Mutation::Copy(from, to)),
        at().prop_map(Mutation::Reverse),
    ];
    proptest::collection::vec(mutation, 1..6)
}

fn document(text: &str) -> Value {
    node::read(&Input::new("text", text), Side::Base).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_differing_leaf_is_in_exactly_one_change(rich in any::<bool>(), list in mutations(), before in mutations()) {
        let mut base = document(if rich { RICH } else { VAMBE });
        let mut head = base.clone();
        list.iter().for_each(|mutation| mutate(&mut head, mutation));
        prop_assume!(base.is_object() && head.is_object());
        check(&base, &head)?;
        check(&head, &base)?;
        // Also where the base is a strange one.
        before.iter().for_each(|mutation| mutate(&mut base, mutation));
        prop_assume!(base.is_object());
        check(&base, &head)?;
    }

    #[test]
    fn any_text_is_compared_or_refused_by_its_side(text in "\\PC{0,40}") {
        for (base, head) in [(text.as_str(), "a: 1"), ("a: 1", text.as_str())] {
            let _ = diff(base, head);
        }
    }
}

#[test]
fn a_document_does_not_differ_from_itself() {
    for text in [VAMBE, RICH] {
        let document = document(text);
        assert_eq!(check(&document, &document).unwrap().changes, []);
    }
}

#[test]
fn the_order_of_keys_and_comments_are_no_difference() {
    let report = diff("a: 1\nb: 2", "# two\nb: 2\na: 1").unwrap();
    assert_eq!(report.changes, []);
}

#[test]
fn unrelated_documents_are_reported_completely() {
    check(&document(VAMBE), &document(RICH)).unwrap();
    check(&document(RICH), &document(VAMBE)).unwrap();
    check(&document(VAMBE), &json!({})).unwrap();
    check(&json!({"paths": 5, "components": [1], "servers": {}, "security": "x"}), &document(RICH)).unwrap();
}

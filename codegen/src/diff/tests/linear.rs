//! The number of steps of a comparison, in documents of the worst shapes.

use serde_json::{Value, json};

use crate::diff::{diff, walk::Walk};

/// Documents whose size grows by `n`, in shapes that a walk may take far more steps for.
fn worst_cases(n: usize) -> Vec<(&'static str, Value)> {
    let name = |i: usize| format!("S{}", i % n);
    let reference = |i: usize| json!({"$ref": format!("#/components/schemas/{}", name(i))});
    let operation = |i: usize| {
        let content = json!({"application/json": {"schema": reference(i)}});
        let responses =
            json!({"200": {"description": "", "content": content}, "400": {"description": "", "content": content}});
        (
            format!("/{i}"),
            json!({"post": {"operationId": format!("op{i}"), "requestBody": {"content": content}, "responses": responses}}),
        )
    };
    let document = |schema: &dyn Fn(usize) -> Value| {
        let schemas: serde_json::Map<_, _> = (0..n).map(|i| (name(i), schema(i))).collect();
        let paths: serde_json::Map<_, _> = (0..n).map(operation).collect();
        json!({"paths": paths, "components": {"schemas": schemas}})
    };
    vec![
        (
            "cycles",
            document(
                &|i| json!({"properties": {"a": reference(i + 1), "b": reference(i * 7), "c": reference(i * 31)}}),
            ),
        ),
        ("inheritance", document(&|i| json!({"allOf": [reference(i + 1), reference(i + 2)], "title": name(i)}))),
        ("alternatives", document(&|i| json!({"oneOf": [reference(i + 1), reference(i + 2), {"type": "null"}]}))),
        ("lists", document(&|i| json!({"items": {"items": reference(i * 3 + 1)}, "type": "array"}))),
    ]
}

/// Invariant: the time is linear in the size of the documents, whatever leads to a schema. The steps are counted, not the time.
#[test]
fn the_pairs_that_are_compared_grow_with_the_document() {
    for ((shape, small), (_, large)) in worst_cases(50).into_iter().zip(worst_cases(500)) {
        let [few, many] = [small, large].map(|document| {
            let mut walk = Walk::new(&document, &document);
            walk.document();
            walk.pairs.len()
        });
        assert!(many <= few * 10 + 10, "{shape}: {few} pairs, {many} in a document ten times as large");
        assert!(few <= 50 * 3 * 5, "{shape}: {few} pairs for 50 schemas in three uses");
    }
}

#[test]
fn a_change_behind_a_cycle_has_all_operations_that_lead_to_it() {
    let (_, base) = worst_cases(5).swap_remove(0);
    let mut head = base.clone();
    head["components"]["schemas"]["S3"]["properties"]["d"] = json!({"type": "string"});
    let report = diff(&base.to_string(), &head.to_string()).unwrap();
    let operations: Vec<_> = report.changes.iter().map(|change| change.operations.join(" ")).collect();
    assert_eq!(operations, ["op0 op1 op2 op3 op4"; 2]);
}

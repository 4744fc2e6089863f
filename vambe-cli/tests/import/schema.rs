//! The JSON Schema of the events. Every event that a test reads is checked against it.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{Bench, csv};

const TEXT: &str = include_str!("../../schema/events.json");

static SCHEMA: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(TEXT).unwrap());
static VALIDATOR: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::options().should_validate_formats(true).build(&SCHEMA).unwrap());

/// Parses the lines of an output, and asserts that each is an event of the schema, without undocumented fields.
#[track_caller]
pub(crate) fn events(output: &str) -> Vec<Value> {
    let events: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for event in &events {
        let errors: Vec<_> = VALIDATOR.iter_errors(event).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{event}: {errors:?}");
        let mut definitions = SCHEMA["$defs"].as_object().unwrap().values();
        let definition = definitions.find(|definition| definition["properties"]["event"]["const"] == event["event"]);
        let documented = definition.unwrap()["properties"].as_object().unwrap();
        for field in event.as_object().unwrap().keys() {
            assert!(documented.contains_key(field), "{field} of {} is not in the schema", event["event"]);
        }
        // The counts add up to all rows, in each event that has them.
        if let Some(rows) = event.get("applied").and(event.get("rows")) {
            let names = ["applied", "rejected", "not_sent", "unknown", "settled", "superseded"];
            let sum: u64 = names.iter().map(|name| event[name].as_u64().unwrap()).sum();
            assert_eq!(json!(sum), *rows, "{event}");
        }
    }
    events
}

#[test]
fn the_schema_rejects_what_is_no_event() {
    for value in [
        json!({}),
        json!({ "schema": 1, "event": "other" }),
        json!({ "schema": 2, "event": "fault", "row": 1, "line": 2, "column": 3, "reason": "" }),
        json!({ "schema": 1, "event": "fault", "row": 0, "line": 2, "column": 3, "reason": "" }),
        json!({ "schema": 1, "event": "fault", "row": 1, "line": 2, "column": 3 }),
    ] {
        assert!(!VALIDATOR.is_valid(&value), "{value}");
    }
    let fault = json!({ "schema": 1, "event": "fault", "row": 1, "line": 2, "column": 3, "reason": "" });
    assert!(VALIDATOR.is_valid(&fault));
}

#[test]
fn row_events_are_for_each_row_on_demand() {
    let bench = Bench::new(2, "orders.csv", csv(3));
    let events = bench.events(&["--row-events"]);
    let mut rows: Vec<_> = events.named("row").iter().map(|row| (row["row"].clone(), row["outcome"].clone())).collect();
    rows.sort_by_key(|(row, _)| row.as_u64());
    let expected = [(json!(1), json!("applied")), (json!(2), json!("applied")), (json!(3), json!("rejected"))];
    assert_eq!(rows, expected);

    let bench = Bench::new(2, "orders.csv", csv(2));
    bench.run(&["--row-events"]).assert(2, &["--row-events is for --format json"]);
}

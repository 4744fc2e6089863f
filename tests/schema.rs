//! Published schemas, the document's schemas and deserialisation agree on generated values.

use std::cell::Cell;

use proptest::{
    collection::vec,
    prelude::*,
    string::string_regex,
    test_runner::{Config, TestRunner},
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use vambe_api::{
    ContactNumber, Metadata, TicketRef,
    raw::types::{ErrorResponse, UpdateTicketMetadataRequest, UpdateTicketMetadataResponse},
};
use vambe_tests::{REQUEST, RESPONSES, part, spec};

use crate::{generated::fields, one_identifier::validator as of_spec};

const ID: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";

fn build(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

/// Returns the schema that schemars writes for deserialisation.
fn of<T: JsonSchema>() -> jsonschema::Validator {
    build(SchemaGenerator::default().into_root_schema_for::<T>().as_value())
}

/// Returns the schema that schemars writes for serialisation.
fn of_written<T: JsonSchema>() -> jsonschema::Validator {
    let generator = SchemaSettings::default().for_serialize().into_generator();
    build(generator.into_root_schema_for::<T>().as_value())
}

fn is_read<T: DeserializeOwned>(document: &Value) -> bool {
    serde_json::from_value::<T>(document.clone()).is_ok()
}

/// Generates any value, often a nearly valid one.
fn junk() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        id(),
        number(),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec(("[a-z_]{0,8}", inner), 0..4).prop_map(Value::from_iter),
        ]
    })
}

/// Generates a valid or nearly valid UUID.
fn id() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => any::<u128>().prop_map(|id| vambe_api::Uuid::from_u128(id).to_string()),
        1 => Just(ID.to_uppercase()),
        1 => Just(ID.replace('-', "")),
        1 => Just(format!("{{{ID}}}")),
        1 => Just(format!("urn:uuid:{ID}")),
        1 => "[0-9a-g]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{11,13}",
        1 => "[0-9a-f-]{36}",
    ]
    .prop_map(Value::from)
}

/// Generates a valid or nearly valid contact number.
fn number() -> impl Strategy<Value = Value> {
    let separators = r"[ \t\n./()\[\]\u{85}\u{a0}\u{1680}\u{2000}-\u{2015}\u{2028}-\u{202f}\u{205f}-\u{2069}\u{2212}\u{3000}\u{feff}-]";
    let any =
        format!(r"{separators}{{0,2}}\+?{separators}{{0,2}}[0-9]({separators}{{0,2}}[0-9]){{5,15}}{separators}{{0,2}}");
    prop_oneof![
        4 => r"(tel:|Tel:|WHATSAPP:|sip:)?\+?[1-9][0-9]{5,15}(@c\.us)?",
        2 => string_regex(&any).unwrap(),
        1 => r"[+0-9 a\n٥]{0,18}",
    ]
    .prop_map(Value::from)
}

fn metadata() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => vec((".{0,6}", ".{0,6}"), 0..4).prop_map(Value::from_iter),
        1 => vec((".{0,6}", junk()), 0..3).prop_map(Value::from_iter),
    ]
}

/// Generates no value, an intended one, or any.
fn field(
    name: &'static str,
    given: u32,
    value: impl Strategy<Value = Value> + 'static,
) -> BoxedStrategy<Option<(String, Value)>> {
    let with_name = move |value| Some((name.to_owned(), value));
    prop_oneof![8 => Just(None), given => value.prop_map(with_name), 1 => junk().prop_map(with_name)].boxed()
}

/// Generates values around the request: with and without identifiers, with wrong types, `null` and unknown fields.
fn requests() -> impl Strategy<Value = Value> {
    let fields = (
        field("ticket_id", 8, id()),
        field("ai_contact_id", 4, id()),
        field("contact_number", 8, number()),
        field("allow_closed_ticket", 4, any::<bool>().prop_map(Value::from)),
        field("metadata", 60, metadata()),
        vec(("[a-z_]{1,8}".prop_map(String::from), junk()), 0..2),
    );
    let object = fields.prop_map(|(a, b, c, d, e, others)| {
        Value::Object([a, b, c, d, e].into_iter().flatten().chain(others).collect::<Map<_, _>>())
    });
    prop_oneof![20 => object, 1 => junk()]
}

fn answers() -> impl Strategy<Value = Value> {
    let fields = (
        field("status", 16, ".{0,6}".prop_map(Value::from)),
        field("statusCode", 16, any::<i64>().prop_map(Value::from)),
        field("message", 16, ".{0,6}".prop_map(Value::from)),
    );
    let object = fields.prop_map(|(a, b, c)| Value::Object([a, b, c].into_iter().flatten().collect::<Map<_, _>>()));
    prop_oneof![8 => object, 1 => junk()]
}

/// Checks that `left` and `right` agree on the values of a strategy, and that both judgements occur often.
fn judged_alike(
    documents: impl Strategy<Value = Value>,
    left: impl Fn(&Value) -> bool,
    right: impl Fn(&Value) -> bool,
) {
    let (accepted, refused) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config { cases: 3000, failure_persistence: None, ..Config::default() });
    let checked = runner.run(&documents, |document| {
        let judgement = left(&document);
        let count = if judgement { &accepted } else { &refused };
        count.set(count.get() + 1);
        prop_assert_eq!(judgement, right(&document), "{}", document);
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
    assert!(accepted.get() > 150 && refused.get() > 150, "{} and {}", accepted.get(), refused.get());
}

/// Invariant: the published schema of a request agrees with the document.
#[test]
fn the_request_schema_agrees_with_the_document() {
    let spec = of_spec(&spec(), &format!("{REQUEST}/schema"));
    let (read, written) = (of::<UpdateTicketMetadataRequest>(), of_written::<UpdateTicketMetadataRequest>());
    judged_alike(requests(), |document| read.is_valid(document), |document| spec.is_valid(document));
    judged_alike(requests(), |document| written.is_valid(document), |document| spec.is_valid(document));
}

/// Invariant: the published schemas of responses agree with the document.
#[test]
fn the_response_schemas_agree_with_the_document() {
    let spec = spec();
    for (status, published) in
        [("200", of::<UpdateTicketMetadataResponse>()), ("400", of::<ErrorResponse>()), ("404", of::<ErrorResponse>())]
    {
        let spec = of_spec(&spec, &format!("{RESPONSES}/{status}/content/application~1json/schema"));
        judged_alike(answers(), |document| published.is_valid(document), |document| spec.is_valid(document));
    }
}

#[test]
fn what_the_request_s_schema_accepts_can_be_read() {
    let schema = of::<UpdateTicketMetadataRequest>();
    let read = |document: &Value| is_read::<UpdateTicketMetadataRequest>(document);
    judged_alike(
        requests(),
        |document| schema.is_valid(document),
        |document| schema.is_valid(document) && read(document),
    );
}

/// Invariant: a type deserialises exactly the values that its schema accepts.
#[test]
fn each_hand_written_type_reads_exactly_what_its_schema_accepts() {
    let (ticket, number_schema, metadata_schema) = (of::<TicketRef>(), of::<ContactNumber>(), of::<Metadata>());
    judged_alike(requests(), |document| ticket.is_valid(document), is_read::<TicketRef>);
    let numbers = prop_oneof![4 => number(), 1 => junk()];
    judged_alike(numbers, |document| number_schema.is_valid(document), is_read::<ContactNumber>);
    let pairs = prop_oneof![2 => metadata(), 1 => junk()];
    judged_alike(pairs, |document| metadata_schema.is_valid(document), is_read::<Metadata>);
}

#[test]
fn what_is_read_is_written_as_schema_and_spec_ask_for() {
    let spec = of_spec(&spec(), &format!("{REQUEST}/schema"));
    let written = of_written::<TicketRef>();
    let holds = |document: &Value| {
        let Ok(ticket) = serde_json::from_value::<TicketRef>(document.clone()) else { return false };
        let mut again = serde_json::to_value(&ticket).unwrap();
        assert!(written.is_valid(&again), "{again}");
        assert_eq!(serde_json::from_value::<TicketRef>(again.clone()).unwrap(), ticket);
        again["metadata"] = json!({});
        spec.is_valid(&again)
    };
    judged_alike(requests(), is_read::<TicketRef>, holds);
}

#[test]
fn the_identifiers_of_the_published_schema_are_the_spec_s() {
    let (spec, schema) = (spec(), SchemaGenerator::default().into_root_schema_for::<TicketRef>());
    let of_spec = part(&spec, "/components/schemas/UpdateTicketMetadataRequest");
    assert_eq!(schema.get("oneOf"), of_spec.get("oneOf"));
    for (name, property) in schema.get("properties").unwrap().as_object().unwrap() {
        if name != "contact_number" {
            assert_eq!(property, &of_spec["properties"][name]);
        }
    }
}

#[test]
fn a_generated_schema_follows_references_and_knows_null() {
    let schema = of::<fields::types::Thing>();
    let thing = json!({ "name": "n", "count": 1, "tags": [], "labels": {}, "note": null });
    assert!(schema.is_valid(&thing));
    for (field, right, wrong) in [
        ("note", json!("n"), json!(1)),
        ("maybe", json!(null), json!("yes")),
        ("priority", json!("low"), json!("lowest")),
        ("address", json!({ "street": "s" }), json!({ "number": 1 })),
        ("children", json!([thing]), json!([{}])),
        ("large", json!(1), json!(0)),
        ("name", json!("n"), json!(null)),
    ] {
        for (value, expected) in [(right, true), (wrong, false)] {
            let mut thing = thing.clone();
            thing[field] = value;
            assert_eq!(schema.is_valid(&thing), expected, "{thing}");
        }
    }
}

/// A request of a service's own API.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Escalate {
    #[serde(flatten)]
    ticket: TicketRef,
    metadata: Metadata,
    #[serde(default)]
    allow_closed_ticket: bool,
}

#[test]
fn a_flattened_ticket_reads_what_its_schema_accepts() {
    let (schema, spec) = (of::<Escalate>(), of_spec(&spec(), &format!("{REQUEST}/schema")));
    judged_alike(requests(), |document| schema.is_valid(document), is_read::<Escalate>);
    // It accepts nothing that the document refuses.
    judged_alike(
        requests(),
        |document| schema.is_valid(document),
        |document| schema.is_valid(document) && spec.is_valid(document),
    );

    let request: Escalate =
        serde_json::from_value(json!({ "contact_number": "+56 9 1234 5678", "metadata": { "a": "b" } })).unwrap();
    let expected = json!({ "contact_number": "+56912345678", "metadata": { "a": "b" }, "allow_closed_ticket": false });
    assert_eq!(serde_json::to_value(&request).unwrap(), expected);
    let two = json!({ "contact_number": "+56912345678", "ticket_id": ID, "metadata": { "a": "b" } });
    let error = serde_json::from_value::<Escalate>(two).unwrap_err().to_string();
    assert!(error.starts_with("ticket_id and contact_number are given: give exactly one of"), "{error}");
}

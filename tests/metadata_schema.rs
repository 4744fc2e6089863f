//! The schema of a service's own structs as metadata, held against what they write.

// The derive must not need more than a careful crate allows.
#![deny(warnings)]

use jsonschema::Validator;
use proptest::{collection::btree_map, option, prelude::*};
use schemars::{JsonSchema, Schema, SchemaGenerator, schema_for};
use serde_json::{Value, json};
use vambe_api::{Metadata, MetadataKeys, MetadataPairs, TicketMetadata};

mod renamed {
    pub(super) use vambe_api as api;
}

#[derive(Clone, Debug, TicketMetadata)]
#[metadata(rename_all = "kebab-case")]
enum Priority {
    Normal,
    VeryHigh,
}

/// The order of a customer.
///
/// And why.
#[derive(Debug, TicketMetadata)]
#[metadata(json_schema)]
struct Order {
    /// The number on the invoice.
    order_id: u64,
    priority: Priority,
    /// # Why
    /// In the customer's words.
    refund_reason: Option<String>,
    #[metadata(flatten)]
    agent: Agent,
    #[metadata(prefix = "customer_")]
    customer: Option<Agent>,
    #[metadata(skip_serializing_if = Vec::is_empty, with = count)]
    r#type: Vec<u8>,
    #[metadata(with = quoted)]
    quoted: Priority,
    #[metadata(skip)]
    _note: String,
}

#[derive(Clone, Debug, TicketMetadata)]
struct Agent {
    #[doc = concat!("First", " and last.")]
    name: String,
    level: Option<Priority>,
}

#[derive(Debug, TicketMetadata)]
#[metadata(json_schema, crate = "renamed::api")]
struct Optional {
    reason: Option<String>,
    #[metadata(flatten)]
    agent: Option<Agent>,
}

/// Any other pairs.
#[derive(Debug, TicketMetadata)]
#[metadata(json_schema)]
struct Open<'a, T, N: TicketMetadata> {
    #[metadata(prefix = "x_")]
    others: Option<Metadata>,
    priority: &'a Priority,
    value: T,
    #[metadata(flatten)]
    nested: &'a N,
    #[metadata(prefix = "next_")]
    next: Option<Box<Self>>,
}

#[derive(Debug, TicketMetadata)]
#[metadata(json_schema)]
struct Wrapper<T>(T);

/// Fields whose types are unknown to the derive.
#[derive(TicketMetadata)]
struct Behind<'a, T: TicketMetadata + ?Sized> {
    #[metadata(flatten)]
    boxed: Box<dyn TicketMetadata>,
    #[metadata(prefix = "borrowed_")]
    borrowed: &'a dyn TicketMetadata,
    #[metadata(prefix = "last_")]
    last: T,
}

fn count(all: &[u8]) -> usize {
    all.len()
}

fn quoted(priority: &Priority) -> String {
    format!("{priority:?}")
}

fn json_of(typed: &impl TicketMetadata) -> Value {
    serde_json::to_value(typed.to_metadata().unwrap()).unwrap()
}

fn validator(schema: &Schema) -> Validator {
    jsonschema::validator_for(schema.as_value()).unwrap()
}

fn priorities() -> impl Strategy<Value = Priority> {
    prop_oneof![Just(Priority::Normal), Just(Priority::VeryHigh)]
}

prop_compose! {
    fn agents()(name in ".{0,4}", level in option::of(priorities())) -> Agent {
        Agent { name, level }
    }
}

prop_compose! {
    fn orders()(
        order_id: u64, priority in priorities(), refund_reason in option::of(".{0,4}"), agent in agents(),
        customer in option::of(agents()), r#type: Vec<u8>, quoted in priorities(),
    ) -> Order {
        Order { order_id, priority, refund_reason, agent, customer, r#type, quoted, _note: String::new() }
    }
}

prop_compose! {
    fn optional()(reason in ".{0,4}", agent in option::of(agents())) -> Optional {
        Optional { reason: agent.is_none().then_some(reason), agent }
    }
}

/// Checks that the document is accepted, and that its neighbours, which no value writes, are not.
#[track_caller]
fn assert_only_what_is_written(schema: &Schema, written: &Value, open: bool) {
    let validator = validator(schema);
    assert!(validator.is_valid(written), "{schema:?} {written}");
    let with = |key: &str, value: Value| {
        let mut other = written.clone();
        other[key] = value;
        other
    };
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    for key in required.filter_map(Value::as_str) {
        let mut other = written.clone();
        other.as_object_mut().unwrap().remove(key).unwrap();
        assert!(!validator.is_valid(&other), "without {key}");
    }
    for (key, property) in schema.get("properties").unwrap().as_object().unwrap() {
        for value in [json!(1), json!(null), json!(["normal"]), json!({})] {
            assert!(!validator.is_valid(&with(key, value)), "{key}");
        }
        assert_eq!(validator.is_valid(&with(key, json!("anything"))), property.get("enum").is_none(), "{key}");
    }
    assert_eq!(validator.is_valid(&with("unknown", json!("text"))), open);
    assert!(!validator.is_valid(&with("unknown", json!(1))));
    assert!(!validator.is_valid(&json!({})));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Invariant: the schema of typed metadata accepts exactly the metadata that is written.
    #[test]
    fn a_schema_takes_what_is_written_and_nothing_else(
        order in orders(), agent in agents(), optional in optional(),
        others in btree_map(".{0,4}", ".{0,4}", 1..4),
    ) {
        assert_only_what_is_written(&schema_for!(Order), &json_of(&order), false);
        assert_only_what_is_written(&schema_for!(Wrapper<Order>), &json_of(&Wrapper(&order)), false);
        assert_only_what_is_written(&schema_for!(Optional), &json_of(&optional), false);
        let others = Metadata::try_from(others).unwrap();
        assert_only_what_is_written(&schema_for!(Wrapper<Metadata>), &json_of(&Wrapper(others.clone())), true);
        let open = |next| Open {
            others: Some(others.clone()), priority: &order.priority, value: order.order_id, nested: &agent, next,
        };
        let written = json_of(&open(Some(Box::new(open(None)))));
        assert_only_what_is_written(&schema_for!(Open<'_, u64, Agent>), &written, true);
    }
}

#[test]
fn a_schema_has_names_texts_and_descriptions() {
    let level = json!({ "type": "string", "enum": ["normal", "very-high"] });
    let wanted = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Order",
        "description": "The order of a customer.\n\nAnd why.",
        "type": "object",
        "properties": {
            "order_id": { "type": "string", "description": "The number on the invoice." },
            "priority": level,
            "refund_reason": { "type": "string", "title": "Why", "description": "In the customer's words." },
            "name": { "type": "string", "description": "First and last." },
            "level": level,
            "customer_name": { "type": "string", "description": "First and last." },
            "customer_level": level,
            "type": { "type": "string" },
            "quoted": { "type": "string" },
        },
        "required": ["name", "order_id", "priority", "quoted"],
        "additionalProperties": false,
    });
    assert_eq!(schema_for!(Order).as_value(), &wanted);
    assert_eq!(schema_for!(Optional).get("minProperties"), Some(&json!(1)));
    let wrapper = schema_for!(Wrapper<Order>);
    assert_eq!(wrapper.get("properties"), wanted.get("properties"));
    assert_eq!((wrapper.get("title"), wrapper.get("description")), (Some(&json!("Wrapper")), None));
}

#[test]
fn what_the_derive_cannot_look_into_has_any_keys() {
    let boxed = Box::new(Agent { name: "Ann".into(), level: None });
    let behind = Behind { borrowed: &boxed.clone(), last: boxed.clone(), boxed };
    let whole: &Behind<'_, dyn TicketMetadata> = &behind;
    let written = serde_json::to_value(whole.to_metadata().unwrap()).unwrap();
    assert_eq!(written, json!({ "name": "Ann", "borrowed_name": "Ann", "last_name": "Ann" }));
    let schema = vambe_api::metadata_schema::<Behind<'_, Box<Agent>>>(&mut SchemaGenerator::default());
    let wanted = json!({
        "type": "object", "properties": {}, "minProperties": 1, "additionalProperties": { "type": "string" },
    });
    assert_eq!(schema.as_value(), &wanted);
}

#[test]
fn a_service_s_own_types_refer_to_it_and_instances_are_told_apart() {
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "for its schema only")]
    struct Preview {
        order: Order,
        wrapped: Wrapper<Order>,
        also: Wrapper<Optional>,
        #[schemars(schema_with = "vambe_api::metadata_schema::<Agent>")]
        agent: Metadata,
    }
    let schema = schema_for!(Preview);
    let defined = schema.get("$defs").unwrap().as_object().unwrap();
    assert_eq!(defined.keys().collect::<Vec<_>>(), ["Order", "Wrapper", "Wrapper2"]);
    let order = json_of(&Optional { reason: Some("late".into()), agent: None });
    let agent = json!({ "name": "Ann" });
    let preview = |order: &Value, agent: &Value, also: &Value| {
        let all = [("order", order), ("wrapped", order), ("also", also), ("agent", agent)];
        Value::from_iter(all.map(|(name, part)| (name, part.clone())))
    };
    let right = json!({ "order_id": "7", "priority": "normal", "name": "Ann", "quoted": "Normal" });
    let validator = validator(&schema);
    for (order, agent, also, valid) in [
        (&right, &agent, &order, true),
        (&order, &agent, &order, false),
        (&right, &right, &order, false),
        (&right, &agent, &right, false),
    ] {
        assert_eq!(validator.is_valid(&preview(order, agent, also)), valid, "{order} {agent} {also}");
    }
}

type Step = fn(&mut MetadataKeys);

const REQUIRED: Step = |keys| _ = keys.required("k").values(&["a"]);
const OPTIONAL: Step = |keys| _ = keys.optional("k").values(&["b"]);
const ANY: Step = MetadataKeys::any;
const OTHER: Step = |keys| keys.nested("other_", ANY);
const ABSENT: Step = |keys| keys.optional_nested("", REQUIRED);

/// The steps of a description by hand, whether the key `k` is then required, and its texts.
const TWICE: [(&[Step], bool, &[&str]); 9] = [
    (&[REQUIRED, OPTIONAL], true, &[]),
    (&[OPTIONAL, REQUIRED], true, &["a"]),
    (&[OPTIONAL, OPTIONAL], false, &[]),
    (&[ABSENT], false, &["a"]),
    (&[REQUIRED, ABSENT], true, &[]),
    (&[ANY, REQUIRED], true, &["a"]),
    (&[ANY, OPTIONAL], false, &[]),
    (&[REQUIRED, ANY], true, &[]),
    (&[REQUIRED, OTHER], true, &["a"]),
];

struct ByHand<const CASE: usize>;

impl<const CASE: usize> TicketMetadata for ByHand<CASE> {
    fn write_to(&self, _: &mut MetadataPairs) {}

    fn describe(keys: &mut MetadataKeys) {
        TWICE[CASE].0.iter().for_each(|step| step(keys));
    }
}

#[test]
fn a_key_that_is_told_twice_has_no_fewer_texts_than_may_be_written() {
    fn check<const CASE: usize>() {
        let schema = vambe_api::metadata_schema::<ByHand<CASE>>(&mut SchemaGenerator::default());
        let (_, required, texts) = TWICE[CASE];
        assert_eq!(schema.pointer("/required/0").is_some(), required, "{CASE}");
        let wanted = (!texts.is_empty()).then(|| json!(texts));
        assert_eq!(schema.pointer("/properties/k/enum"), wanted.as_ref(), "{CASE}");
    }
    let checks: [fn(); TWICE.len()] =
        [check::<0>, check::<1>, check::<2>, check::<3>, check::<4>, check::<5>, check::<6>, check::<7>, check::<8>];
    checks.iter().for_each(|check| check());
}

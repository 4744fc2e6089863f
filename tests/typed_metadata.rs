//! A service's own structs as metadata, written by the derive and sent by the client.

// The derive must not need more than a careful crate allows.
#![deny(warnings)]

use std::{collections::BTreeMap, fmt::Display};

use vambe_api::{Client, Error, InvalidRequest, Metadata, MetadataPairs, TicketMetadata, TicketRef, metadata};
use vambe_emulator::{Emulator, placeholders as page};

mod renamed {
    pub(super) use vambe_api as api;
}

/// Returns the pairs of a value in the order of their keys, or nothing if the value is refused.
fn pairs(typed: &dyn TicketMetadata) -> Vec<(String, String)> {
    typed.to_metadata().map(BTreeMap::from).map_or_else(|_| Vec::new(), |pairs| pairs.into_iter().collect())
}

#[track_caller]
fn assert_pairs(typed: &dyn TicketMetadata, wanted: &[(&str, &str)]) {
    let mut wanted: Vec<_> = wanted.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    wanted.sort();
    assert_eq!(pairs(typed), wanted);
}

#[derive(TicketMetadata)]
#[metadata(rename_all = "lowercase")]
enum Priority {
    High,
    #[metadata(rename = "whenever")]
    Low,
}

#[derive(TicketMetadata)]
struct Order {
    order_id: u64,
    priority: Option<Priority>,
    r#type: &'static str,
}

#[derive(TicketMetadata)]
struct Refund<'a, T, N: TicketMetadata> {
    #[metadata(rename = "refund of")]
    reason: &'a str,
    value: T,
    #[metadata(flatten)]
    order: N,
    #[metadata(flatten)]
    gone: Option<Order>,
    #[metadata(prefix = "next_")]
    next: Option<&'a Order>,
    #[metadata(skip)]
    _note: Vec<T>,
    #[metadata(with = cents)]
    total: Option<u64>,
    #[metadata(skip_serializing_if = str::is_empty)]
    comment: &'a str,
    #[metadata(skip_serializing_if = Vec::is_empty, with = joined)]
    articles: Vec<u8>,
}

#[derive(TicketMetadata)]
struct Wrapper<T>(T);

#[derive(TicketMetadata)]
struct Optional {
    reason: Option<String>,
    #[metadata(flatten)]
    order: Option<Order>,
}

#[derive(TicketMetadata)]
#[metadata(crate = "renamed::api")]
struct Renamed {
    id: u8,
}

fn cents(total: &u64) -> impl Display {
    format!("{}.{:02}", total / 100, total % 100)
}

fn joined(articles: &[u8]) -> String {
    articles.iter().map(u8::to_string).collect::<Vec<_>>().join("+")
}

fn order(id: u64) -> Order {
    Order { order_id: id, priority: Some(Priority::High), r#type: "gift" }
}

/// Invariant: a typed struct is written as its attributes say.
#[test]
fn each_struct_has_the_pairs_that_its_attributes_say() {
    assert_pairs(&order(7), &[("order_id", "7"), ("priority", "high"), ("type", "gift")]);
    let without = Order { priority: None, ..order(7) };
    assert_pairs(&without, &[("order_id", "7"), ("type", "gift")]);
    assert_pairs(
        &Order { priority: Some(Priority::Low), ..order(7) },
        &[("order_id", "7"), ("priority", "whenever"), ("type", "gift")],
    );

    let next = order(8);
    let refund = Refund {
        reason: "broken",
        value: 1.5,
        order: order(7),
        gone: None,
        next: Some(&next),
        _note: vec![0.0],
        total: Some(1205),
        comment: "",
        articles: vec![1, 2],
    };
    let wanted = [
        ("refund of", "broken"),
        ("value", "1.5"),
        ("order_id", "7"),
        ("priority", "high"),
        ("type", "gift"),
        ("next_order_id", "8"),
        ("next_priority", "high"),
        ("next_type", "gift"),
        ("total", "12.05"),
        ("articles", "1+2"),
    ];
    assert_pairs(&refund, &wanted);
    assert_pairs(&Wrapper(&refund), &wanted);
    assert_pairs(&Wrapper(Renamed { id: 1 }), &[("id", "1")]);
    assert_pairs(&Wrapper(Metadata::from([("a", "b")])), &[("a", "b")]);
    let sparse = Refund { total: None, articles: Vec::new(), comment: "!", next: None, gone: Some(order(9)), ..refund };
    assert_pairs(
        &sparse,
        &[
            ("refund of", "broken"),
            ("value", "1.5"),
            ("order_id", "9"),
            ("priority", "high"),
            ("type", "gift"),
            ("comment", "!"),
        ],
    );
}

#[test]
fn prefixes_of_nested_structs_add_up_and_end_with_them() {
    #[derive(TicketMetadata)]
    struct Inner {
        id: u8,
    }
    #[derive(TicketMetadata)]
    struct Middle {
        #[metadata(prefix = "inner_")]
        inner: Inner,
        id: u8,
    }
    #[derive(TicketMetadata)]
    struct Outer {
        #[metadata(prefix = "middle_")]
        middle: Middle,
        id: u8,
    }
    let outer = Outer { middle: Middle { inner: Inner { id: 1 }, id: 2 }, id: 3 };
    assert_pairs(&outer, &[("middle_inner_id", "1"), ("middle_id", "2"), ("id", "3")]);
}

/// A struct and an enum for each style, and serde's names.
macro_rules! styles {
    ($($style:literal: $field:literal $variant:literal)*) => {$({
        #[derive(TicketMetadata, serde::Serialize)]
        #[metadata(rename_all = $style)]
        #[serde(rename_all = $style)]
        struct Typed {
            first_id2: Value,
        }
        #[derive(TicketMetadata, serde::Serialize)]
        #[metadata(rename_all = $style)]
        #[serde(rename_all = $style)]
        enum Value {
            VeryHighV2,
        }
        let typed = Typed { first_id2: Value::VeryHighV2 };
        assert_pairs(&typed, &[($field, $variant)]);
        assert_eq!(serde_json::to_value(&typed).unwrap(), serde_json::json!({ $field: $variant }));
    })*};
}

/// Invariant: `rename_all` has serde's meaning.
#[test]
fn each_style_of_rename_all_is_serdes() {
    styles! {
        "lowercase": "first_id2" "veryhighv2"
        "UPPERCASE": "FIRST_ID2" "VERYHIGHV2"
        "PascalCase": "FirstId2" "VeryHighV2"
        "camelCase": "firstId2" "veryHighV2"
        "snake_case": "first_id2" "very_high_v2"
        "SCREAMING_SNAKE_CASE": "FIRST_ID2" "VERY_HIGH_V2"
        "kebab-case": "first-id2" "very-high-v2"
        "SCREAMING-KEBAB-CASE": "FIRST-ID2" "VERY-HIGH-V2"
    }
}

#[test]
fn a_type_from_a_macro_is_taken_too() {
    macro_rules! declare {
        ($name:ident { $($field:ident: $ty:ty),* }) => {
            #[derive(TicketMetadata)]
            struct $name { $($field: $ty),* }
        };
    }
    declare!(Declared { id: u8, reason: Option<String> });
    assert_pairs(&Declared { id: 1, reason: None }, &[("id", "1")]);
    assert_pairs(&Declared { id: 1, reason: Some("late".into()) }, &[("id", "1"), ("reason", "late")]);
}

#[test]
fn the_macro_takes_any_values_that_can_be_shown() {
    let (id, late) = (7, true);
    let metadata = metadata! {
        "order_id" => id,
        "priority" => Priority::High,
        "sum" => -1 + 2,
        "state" => if late { "late" } else { "in time" },
        "size" => BTreeMap::<u8, u8>::new().len(),
        "text" => format!("{id}!"),
        "reason" => &"none".to_owned(),
    };
    let wanted =
        [("order_id", "7"), ("priority", "high"), ("sum", "1"), ("state", "late"), ("size", "0"), ("text", "7!")];
    let mut wanted = Metadata::from(wanted);
    wanted.insert("reason", "none");
    assert_eq!(metadata, wanted);
    assert_eq!(vambe_api::metadata!("one" => 1), Metadata::from([("one", "1")]));
}

#[test]
fn debug_of_the_pairs_hides_the_values() {
    struct Shown;
    impl TicketMetadata for Shown {
        fn write_to(&self, pairs: &mut MetadataPairs) {
            pairs.insert("key", "secret");
            assert_eq!(format!("{pairs:?}"), r#"{"key": [redacted]}"#);
        }
    }
    assert_pairs(&Shown, &[("key", "secret")]);
}

/// Invariant: an update from a struct without any value is not sent.
#[tokio::test]
async fn an_update_takes_a_struct_and_is_not_sent_if_all_is_absent() {
    let vambe = Emulator::start().unwrap();
    let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build().unwrap();
    let ticket = || TicketRef::TicketId(page::TICKET_ID);

    let nothing = Optional { reason: None, order: None };
    let error = client.update_ticket_metadata(ticket(), &nothing).await.unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(InvalidRequest::Metadata(_))), "{error}");
    assert!(vambe.requests().is_empty());

    let something = Optional { reason: Some("late".into()), order: Some(order(7)) };
    client.update_ticket_metadata(ticket(), &something).await.unwrap();
    let ticket = vambe.ticket(page::TICKET_ID).unwrap();
    for (key, value) in [("reason", "late"), ("order_id", "7"), ("priority", "high"), ("type", "gift")] {
        assert_eq!(ticket.metadata().get(key).map(String::as_str), Some(value), "{key}");
    }
}

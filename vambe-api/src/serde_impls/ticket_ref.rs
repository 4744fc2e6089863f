//! A ticket reference as an object with one of three fields, alone or flattened into another struct.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
    ser::SerializeMap,
};
use uuid::Uuid;

use super::text::{Text, reject_scalars};
use crate::{ContactNumber, NotExactlyOne, TicketRef};

const IDENTIFIERS: &[&str] = &["ticket_id", "ai_contact_id", "contact_number"];

/// Serializes an object with one field, named [`identifier`](TicketRef::identifier).
impl Serialize for TicketRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            // As text even in a binary format, since `Deserialize` reads text.
            Self::TicketId(id) | Self::AiContactId(id) => {
                map.serialize_entry(self.identifier(), &format_args!("{}", id.hyphenated()))?;
            }
            Self::ContactNumber(number) => map.serialize_entry(self.identifier(), number)?,
        }
        map.end()
    }
}

/// Deserializes an object with exactly one of `ticket_id`, `ai_contact_id` and `contact_number`; otherwise the error has the
/// text of [`NotExactlyOne`]. A UUID must have hyphens, and a `null` field is not the same as a missing one.
///
/// Other fields are ignored, so that a service can flatten it into a request of its own; combined with serde's
/// `deny_unknown_fields`, serde would reject the identifiers too. No error shows the contact number.
///
/// # Example
///
/// ```
/// use serde::Deserialize;
/// use vambe_api::{Metadata, TicketRef};
///
/// #[derive(Debug, Deserialize)]
/// struct Escalate {
///     #[serde(flatten)]
///     ticket: TicketRef,
///     metadata: Metadata,
/// }
///
/// let body = r#"{ "contact_number": "+56 9 1234-5678", "metadata": { "priority": "high" } }"#;
/// let request: Escalate = serde_json::from_str(body)?;
/// assert_eq!(request.ticket.identifier(), "contact_number");
/// assert_eq!(serde_json::to_string(&request.ticket)?, r#"{"contact_number":"+56912345678"}"#);
///
/// let without_ticket = r#"{ "metadata": { "priority": "high" } }"#;
/// let error = serde_json::from_str::<Escalate>(without_ticket).unwrap_err();
/// let expected = "none of ticket_id, ai_contact_id, contact_number is given: give exactly one";
/// assert!(error.to_string().starts_with(expected));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for TicketRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not `deserialize_struct`: a format that finds another type would show the value.
        deserializer.deserialize_any(Identifier)
    }
}

struct Identifier;

impl<'de> Visitor<'de> for Identifier {
    type Value = TicketRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with exactly one of {}", IDENTIFIERS.join(", "))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TicketRef, A::Error> {
        let mut found = Vec::new();
        while let Some(key) = map.next_key_seed(Text("the name of a field"))? {
            match IDENTIFIERS.iter().copied().find(|name| *name == key) {
                Some(name) => found.push((name, map.next_value_seed(Text(name))?)),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match found.as_slice() {
            [(name, text)] => read(name, text).map_err(A::Error::custom),
            [(first, _), rest @ ..] if rest.iter().all(|(name, _)| name == first) => {
                Err(A::Error::custom(format_args!("{first} is given more than once: give it once")))
            }
            found => {
                let was_given = |name: &&&str| found.iter().any(|(given, _)| given == *name);
                let given = IDENTIFIERS.iter().filter(was_given).copied().collect();
                Err(A::Error::custom(NotExactlyOne { expected: IDENTIFIERS, given }))
            }
        }
    }

    reject_scalars!();
    reject_scalars!(visit_str: &str => "a string", visit_bytes: &[u8] => "bytes");
}

/// Parses an identifier. The error is one line, since serde errors have no source.
fn read(name: &str, text: &str) -> Result<TicketRef, String> {
    let uuid = || {
        let hyphenated = Uuid::parse_str(text).ok().filter(|_| text.len() == uuid::fmt::Hyphenated::LENGTH);
        hyphenated.ok_or_else(|| format!("{name} is not a UUID: write it as in a1b2c3d4-e5f6-7890-abcd-ef1234567890"))
    };
    match name {
        "ticket_id" => uuid().map(TicketRef::TicketId),
        "ai_contact_id" => uuid().map(TicketRef::AiContactId),
        _ => text.parse::<ContactNumber>().map(TicketRef::ContactNumber).map_err(|error| error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_str, from_value, json};

    use super::*;
    use crate::InvalidTicketRef;

    const ID: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";

    #[test]
    fn each_identifier_is_read_and_written() {
        for (value, expected) in [
            (json!({ "ticket_id": ID }), TicketRef::ticket_id(ID).unwrap()),
            (json!({ "ai_contact_id": ID }), TicketRef::ai_contact_id(ID).unwrap()),
            (json!({ "contact_number": "+56912345678" }), TicketRef::contact_number("+56 9 1234 5678").unwrap()),
        ] {
            let mut with_others = value.clone();
            with_others["metadata"] = json!({ "ticket_id": [1] });
            assert_eq!(from_value::<TicketRef>(with_others).unwrap(), expected);
            assert_eq!(serde_json::to_value(&expected).unwrap(), value);
        }
    }

    #[test]
    fn rejects_anything_else_with_the_reason() {
        let object = "expected an object with exactly one of ticket_id, ai_contact_id, contact_number";
        for (text, expected) in [
            (json!({}), "none of ticket_id, ai_contact_id, contact_number is given: give exactly one".to_owned()),
            (
                json!({ "contact_number": "x", "ticket_id": "y" }),
                "ticket_id and contact_number are given: give exactly one of ticket_id, ai_contact_id, contact_number"
                    .to_owned(),
            ),
            (json!({ "ticket_id": null }), "invalid type: null, expected ticket_id as a string".to_owned()),
            (json!({ "contact_number": 5 }), "invalid type: a number, expected contact_number as a string".to_owned()),
            (
                json!({ "ticket_id": ID.replace('-', "") }),
                "ticket_id is not a UUID: write it as in a1b2c3d4-e5f6-7890-abcd-ef1234567890".to_owned(),
            ),
            (
                json!({ "contact_number": "" }),
                "the contact number has no digits: write it as in +56912345678".to_owned(),
            ),
            (json!("+56912345678"), format!("invalid type: a string, {object}")),
            (json!(56_912_345_678_u64), format!("invalid type: a number, {object}")),
            (json!([ID]), format!("invalid type: sequence, {object}")),
        ] {
            assert_eq!(from_value::<TicketRef>(text).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn the_same_identifier_twice_is_refused() {
        let error = from_str::<TicketRef>(r#"{ "contact_number": "1", "contact_number": "2" }"#).unwrap_err();
        assert!(error.to_string().starts_with("contact_number is given more than once: give it once"), "{error}");
    }

    #[test]
    fn the_identifiers_are_the_ones_of_the_generated_glue() {
        let wire = from_value(json!({ "metadata": {} })).unwrap();
        let wire: &crate::raw::types::UpdateTicketMetadataRequest = &wire;
        let Err(InvalidTicketRef::NotExactlyOne(error)) = TicketRef::try_from(wire) else { panic!("none is given") };
        assert_eq!(error.expected, IDENTIFIERS);
    }

    proptest::proptest! {
        #[test]
        fn writes_what_it_read(which in 0..3_usize, id: u128, number in r"\+[1-9][0-9]{6,14}") {
            let id = Uuid::from_u128(id).to_string();
            let value = Value::from_iter([(IDENTIFIERS[which], if which == 2 { number } else { id })]);
            assert_eq!(serde_json::to_value(from_value::<TicketRef>(value.clone()).unwrap()).unwrap(), value);
        }
    }
}

//! A contact number as a string: read in any notation, written in E.164.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error},
};

use super::text::Text;
use crate::ContactNumber;

/// Serializes [`as_str`](ContactNumber::as_str).
impl Serialize for ContactNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Deserializes a string in any notation that [`parse`](str::parse) accepts. The error has the reason and does not show the
/// number.
impl<'de> Deserialize<'de> for ContactNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text("the contact number").deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json};

    use super::*;

    #[test]
    fn rejects_other_values_with_the_reason() {
        for (value, expected) in [
            (json!(56_912_345_678_u64), "invalid type: a number, expected the contact number as a string"),
            (json!(-5), "invalid type: a number, expected the contact number as a string"),
            (json!(5.5), "invalid type: a number, expected the contact number as a string"),
            (json!(true), "invalid type: a boolean, expected the contact number as a string"),
            (json!(null), "invalid type: null, expected the contact number as a string"),
            (json!(["+56912345678"]), "invalid type: sequence, expected the contact number as a string"),
            (json!({ "+56912345678": 1 }), "invalid type: map, expected the contact number as a string"),
            (json!("+56 9 CALL"), "the contact number has a letter at character 7: write digits only"),
        ] {
            assert_eq!(from_value::<ContactNumber>(value).unwrap_err().to_string(), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn accepts_what_parse_accepts_and_writes_the_sent_form(text in r"\+?[1-9][0-9 ]{3,16}|.*") {
            let parsed = text.parse::<ContactNumber>().ok();
            let read = from_value::<ContactNumber>(Value::from(text)).ok();
            assert_eq!(read, parsed);
            if let Some(number) = read {
                assert_eq!(serde_json::to_value(&number).unwrap(), number.as_str());
            }
        }
    }
}

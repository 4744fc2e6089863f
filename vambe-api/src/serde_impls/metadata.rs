//! Metadata as a non-empty object of strings.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor},
};

use super::text::{Text, reject_scalars};
use crate::Metadata;

/// Serializes an object, in the order of the keys.
impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

/// Deserializes an object of strings with at least one pair. If a key is given twice, the last value counts, as everywhere in
/// [`Metadata`]. An error may show a key and never shows a value.
impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Pairs)
    }
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Metadata;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the metadata as an object of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metadata, A::Error> {
        let mut pairs = BTreeMap::new();
        while let Some(key) = map.next_key_seed(Text("a metadata key"))? {
            let value = map.next_value_seed(Text(&format!("the metadata value of `{key}`")))?;
            pairs.insert(key, value);
        }
        Metadata::try_from(pairs).map_err(A::Error::custom)
    }

    reject_scalars!();
    reject_scalars!(visit_str: &str => "a string", visit_bytes: &[u8] => "bytes");
}

#[cfg(test)]
mod tests {
    use serde_json::{from_str, from_value, json};

    use super::*;

    #[test]
    fn rejects_other_values_with_the_reason() {
        for (value, expected) in [
            (json!({}), "the metadata is empty: give at least one key-value pair, or leave the update out"),
            (json!("secret"), "invalid type: a string, expected the metadata as an object of strings"),
            (json!(77), "invalid type: a number, expected the metadata as an object of strings"),
            (json!(null), "invalid type: null, expected the metadata as an object of strings"),
            (json!([["a", "b"]]), "invalid type: sequence, expected the metadata as an object of strings"),
            (json!({ "a": null }), "invalid type: null, expected the metadata value of `a` as a string"),
            (json!({ "a": false }), "invalid type: a boolean, expected the metadata value of `a` as a string"),
            (json!({ "a": ["b"] }), "invalid type: sequence, expected the metadata value of `a` as a string"),
            (json!({ "a": { "b": "c" } }), "invalid type: map, expected the metadata value of `a` as a string"),
        ] {
            assert_eq!(from_value::<Metadata>(value).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn the_last_value_of_a_repeated_key_counts() {
        let metadata: Metadata = from_str(r#"{ "a": "1", "b": "2", "a": "3" }"#).unwrap();
        assert_eq!(metadata, Metadata::from([("a", "3"), ("b", "2")]));
    }

    proptest::proptest! {
        #[test]
        fn any_pairs_are_read_back_as_written(pairs: BTreeMap<String, String>) {
            let text = serde_json::to_string(&pairs).unwrap();
            match Metadata::try_from(pairs) {
                Ok(metadata) => {
                    assert_eq!(serde_json::to_string(&metadata).unwrap(), text);
                    assert_eq!(from_str::<Metadata>(&text).unwrap(), metadata);
                }
                Err(empty) => assert!(from_str::<Metadata>(&text).unwrap_err().to_string().contains(&empty.to_string())),
            }
        }
    }
}

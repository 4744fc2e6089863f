//! `vambe_later`: the keys of a failed row that later rows of its ticket have set since, so that its import leaves them out.

use std::collections::BTreeMap;

use thiserror::Error;

/// The column of CSV, and the field of NDJSON.
pub(crate) const LATER_FIELD: &str = "vambe_later";

/// Keys that later rows of the same ticket have set, each with the number of the last such row in its input.
///
/// As text it is a JSON object, such as `{"order_id":17}`, which survives a spreadsheet, and any text in a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Later(BTreeMap<String, u64>);

/// The text is not what was written.
#[derive(Debug, Error)]
#[error(
    "`{LATER_FIELD}` is damaged: copy it from the file that the row came from, or leave it empty to overwrite newer values"
)]
pub(super) struct DamagedLater;

impl Later {
    /// Reads what [`to_json`](Self::to_json) has written; blank text is nothing.
    pub(super) fn parse(text: &str) -> Result<Self, DamagedLater> {
        let text = text.trim();
        if text.is_empty() {
            Ok(Self::default())
        } else {
            serde_json::from_str(text).map(Self).map_err(|_| DamagedLater)
        }
    }

    /// A JSON object on one line.
    pub(crate) fn to_json(&self) -> String {
        serde_json::json!(self.0).to_string()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Notes that a row has set a key.
    pub(crate) fn insert(&mut self, key: &str, row: u64) {
        self.0.insert(key.to_owned(), row);
    }

    /// Takes over keys that are not here yet.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (key, row) in &other.0 {
            self.0.entry(key.clone()).or_insert(*row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_damage_is_refused() {
        let mut later = Later::default();
        later.insert("a, \"b\"", 17);
        later.insert("ñ", 2);
        assert_eq!(later.to_json(), r#"{"a, \"b\"":17,"ñ":2}"#);
        assert_eq!(Later::parse(&format!(" {}\n", later.to_json())).unwrap(), later);
        assert!(Later::parse("  ").unwrap().is_empty());
        for text in ["x", "[]", r#"{"a":"#, r#"{"a":"hunter2"}"#, r#"{"a":-1}"#] {
            let error = Later::parse(text).unwrap_err().to_string();
            assert!(error.contains("is damaged: ") && !error.contains("hunter2"), "{text}: {error}");
        }
    }
}

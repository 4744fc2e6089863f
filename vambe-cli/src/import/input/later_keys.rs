//! `vambe_later`: the keys of a failed row that later rows of its ticket have set, so that an import of the row skips them.

use std::collections::BTreeMap;

use thiserror::Error;

/// The column of CSV, and the field of NDJSON.
pub(crate) const LATER_FIELD: &str = "vambe_later";

/// Keys that later rows of the same ticket have set, each with the number of the last such row.
///
/// As text, a JSON object such as `{"order_id":17}`, which survives spreadsheets and allows any key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LaterKeys(BTreeMap<String, u64>);

/// The text of `vambe_later` was changed.
#[derive(Debug, Error)]
#[error(
    "`{LATER_FIELD}` is damaged: copy it from the original file of failed rows, or leave it empty to overwrite newer values"
)]
pub(super) struct DamagedLater;

impl LaterKeys {
    /// Parses the text of [`to_json`](Self::to_json); blank text has no keys.
    pub(super) fn parse(text: &str) -> Result<Self, DamagedLater> {
        let text = text.trim();
        if text.is_empty() {
            Ok(Self::default())
        } else {
            serde_json::from_str(text).map(Self).map_err(|_| DamagedLater)
        }
    }

    /// Returns a JSON object on one line.
    pub(crate) fn to_json(&self) -> String {
        serde_json::json!(self.0).to_string()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Adds a key that a row has set.
    pub(crate) fn insert(&mut self, key: &str, row: u64) {
        self.0.insert(key.to_owned(), row);
    }

    /// Adds the keys of `other` that are missing here.
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
    fn parses_its_own_text_and_rejects_damaged_text() {
        let mut later = LaterKeys::default();
        later.insert("a, \"b\"", 17);
        later.insert("ñ", 2);
        assert_eq!(later.to_json(), r#"{"a, \"b\"":17,"ñ":2}"#);
        assert_eq!(LaterKeys::parse(&format!(" {}\n", later.to_json())).unwrap(), later);
        assert!(LaterKeys::parse("  ").unwrap().is_empty());
        for text in ["x", "[]", r#"{"a":"#, r#"{"a":"hunter2"}"#, r#"{"a":-1}"#] {
            let error = LaterKeys::parse(text).unwrap_err().to_string();
            assert!(error.contains("is damaged: ") && !error.contains("hunter2"), "{text}: {error}");
        }
    }
}

//! The fields of a JSON object, with their offsets.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// One field of an object, with the offsets of its name and its value.
pub(super) struct Member<'a> {
    pub(super) key: String,
    pub(super) start: usize,
    pub(super) value: &'a str,
    pub(super) value_start: usize,
}

/// Parses the fields of an object, in their order and with duplicates. The text is one line that starts with a brace.
pub(super) fn members(text: &str) -> serde_json::Result<Vec<Member<'_>>> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let pairs = deserializer.deserialize_map(Pairs)?;
    deserializer.end()?;
    let mut members = Vec::with_capacity(pairs.len());
    let mut end = 0;
    for (key, value) in pairs {
        // White space and a comma (or the brace) precede the key.
        let between = text.get(end..).unwrap_or_default();
        let start = text.len() - between.trim_start_matches([' ', '\t', '\n', '\r', ',', '{']).len();
        let value = value.get();
        // The value is a slice of the text.
        let value_start = value.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        end = value_start + value.len();
        members.push(Member { key, start, value, value_start });
    }
    Ok(members)
}

/// Collects the fields of an object; a map would hide duplicates.
struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

/// Returns serde_json's message without the position, which is reported in characters. Syntax errors quote nothing.
pub(super) fn message(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "it ends too early: write one whole object per line".to_owned();
    }
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((message, _)) if error.is_syntax() => message.to_owned(),
        _ => "unexpected structure".to_owned(),
    }
}

/// Returns the offset of an error. serde_json counts bytes of the line from 1, and the text is one line.
pub(super) fn offset_of(error: &serde_json::Error, text: &str) -> usize {
    text.floor_char_boundary(error.column().saturating_sub(1))
}

/// The kind of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Boolean,
    Null,
    Number,
}

impl Kind {
    /// Returns the kind by the first character, which is unambiguous.
    pub(super) fn of(value: &str) -> Self {
        match value.as_bytes().first() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b'"') => Self::String,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'n') => Self::Null,
            // A digit or a sign, since the value is valid JSON.
            _ => Self::Number,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Boolean => "a boolean",
            Self::Null => "null",
            Self::Number => "a number",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_field_with_its_offsets() {
        let text = r#"{ "a\"b" : "x,y" ,"ñ":[{"c":1}], "ñ":{},"":null }"#;
        let found: Vec<_> = members(text).unwrap();
        let found: Vec<_> = found.iter().map(|m| (m.key.as_str(), m.start, m.value, m.value_start)).collect();
        let expected =
            [("a\"b", 2, r#""x,y""#, 11), ("ñ", 18, r#"[{"c":1}]"#, 23), ("ñ", 34, "{}", 39), ("", 42, "null", 45)];
        assert_eq!(found, expected);
        for (_, start, value, value_start) in found {
            assert!(text[start..].starts_with('"') && text[value_start..].starts_with(value));
        }
    }
}

//! The fields of a JSON object, each with its place in the line.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// One field of an object, with where its name and its value begin in the text of the object.
pub(super) struct Member<'a> {
    pub(super) key: String,
    pub(super) start: usize,
    pub(super) value: &'a str,
    pub(super) value_start: usize,
}

/// The fields of an object, in their order and with their repetitions. The text is one line that begins with a brace.
pub(super) fn members(text: &str) -> serde_json::Result<Vec<Member<'_>>> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let pairs = deserializer.deserialize_map(Pairs)?;
    deserializer.end()?;
    let mut members = Vec::with_capacity(pairs.len());
    let mut end = 0;
    for (key, value) in pairs {
        // Behind the value before stand white space and a comma (or the brace), and then the key.
        let between = text.get(end..).unwrap_or_default();
        let start = text.len() - between.trim_start_matches([' ', '\t', '\n', '\r', ',', '{']).len();
        let value = value.get();
        // The value is a part of the text.
        let value_start = value.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        end = value_start + value.len();
        members.push(Member { key, start, value, value_start });
    }
    Ok(members)
}

/// Takes the fields of an object as they are: a map would hide that a name is given twice.
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

/// What serde_json says, without its place: that is told in characters of the line. Of syntax it quotes nothing.
pub(super) fn message(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "it ends too early: write each update whole, on one line".to_owned();
    }
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((message, _)) if error.is_syntax() => message.to_owned(),
        _ => "it has another form".to_owned(),
    }
}

/// The byte that serde_json stumbled over: it counts them from 1 in the line, and the text is one line.
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
    /// By its first character, which tells all of them apart.
    pub(super) fn of(value: &str) -> Self {
        match value.as_bytes().first() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b'"') => Self::String,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'n') => Self::Null,
            // A digit or a sign: the value has been read once, so it is JSON.
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
    fn each_field_has_its_place_and_none_is_left_out() {
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

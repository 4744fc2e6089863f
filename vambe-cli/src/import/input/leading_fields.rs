//! The fields that an earlier import has added at the start of a line of NDJSON.

use std::ops::Range;

use serde::de::IgnoredAny;

use super::{later_keys::LATER_FIELD, update::ERROR_FIELD};

/// Removes `vambe_error` and `vambe_later` at the start of a line, also if the rest is not JSON or not UTF-8.
pub(super) fn strip_notes(raw: &[u8]) -> Vec<u8> {
    let mut kept = raw.to_vec();
    if let Some(span) = LeadingFields::find(raw).span {
        kept.drain(span);
    }
    kept
}

/// The position of these fields.
#[derive(Default)]
pub(super) struct LeadingFields {
    /// All fields, each with its comma.
    pub(super) span: Option<Range<usize>>,
    /// The value of `vambe_later`.
    pub(super) later: Option<Range<usize>>,
}

impl LeadingFields {
    /// Finds the fields in the form in which `row_writer.rs` writes them.
    pub(super) fn find(raw: &[u8]) -> Self {
        let mut found = Self::default();
        let Some(inside) = raw.trim_ascii_start().strip_prefix(b"{") else { return found };
        let start = raw.len() - inside.len();
        let mut at = start;
        while let Some(Field { name, value, end }) = first_field(raw, at) {
            match name.as_str() {
                ERROR_FIELD => {}
                LATER_FIELD => found.later = Some(value),
                _ => break,
            }
            found.span = Some(start..end);
            at = end;
        }
        found
    }
}

struct Field {
    name: String,
    value: Range<usize>,
    /// The offset after the comma, if there is one.
    end: usize,
}

/// Returns the field at `start`, if it is whole.
fn first_field(raw: &[u8], start: usize) -> Option<Field> {
    let mut names = serde_json::Deserializer::from_slice(raw.get(start..)?).into_iter::<String>();
    let name = names.next()?.ok()?;
    let value = raw.get(start + names.byte_offset()..)?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    let begin = raw.len() - value.len();
    let mut values = serde_json::Deserializer::from_slice(value).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    let rest = value.get(values.byte_offset()..)?;
    let value = begin..raw.len() - rest.len();
    let rest = rest.trim_ascii_start().strip_prefix(b",").unwrap_or(rest);
    Some(Field { name, value, end: raw.len() - rest.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_the_fields_of_an_earlier_import() {
        for (raw, expected) in [
            (&br#"{"vambe_error":"a\"b,}","x":1}"#[..], &br#"{"x":1}"#[..]),
            (br#" { "vambe_error" : {"a":[1]} , "x":1}"#, br#" { "x":1}"#),
            (br#"{"vambe_error":"x"}"#, b"{}"),
            (br#"{"vambe_error":"x" }"#, b"{ }"),
            (br#"{"vambe_error":"x","#, b"{"),
            (b"{\"vambe_error\":\"x\",\"a\":\xff", b"{\"a\":\xff"),
            (br#"{"x":1,"vambe_error":"x"}"#, br#"{"x":1,"vambe_error":"x"}"#),
            (br#"{"vambe_error""#, br#"{"vambe_error""#),
            (b"{\"\xff\":1}", b"{\"\xff\":1}"),
            (b"[1]", b"[1]"),
            (br#"{"vambe_error":"x","vambe_later":{"a":17},"x":1}"#, br#"{"x":1}"#),
            (br#"{"vambe_error":"x","vambe_later":{"a":17},{"#, b"{{"),
            (br#"{"vambe_error":"x","vambe_later":{"a":17}"#, br#"{"#),
        ] {
            assert_eq!(strip_notes(raw), expected, "{}", String::from_utf8_lossy(raw));
        }
    }
}

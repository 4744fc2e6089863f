//! What an earlier import has said of a line of NDJSON, at its beginning.

use std::ops::Range;

use serde::de::IgnoredAny;

use super::{later::LATER_FIELD, update::ERROR_FIELD};

/// The line without `vambe_error` and `vambe_later`, if it begins with them as `failed.rs` writes them; also of a line that is no
/// JSON behind them, or not UTF-8.
pub(super) fn without_error(raw: &[u8]) -> Vec<u8> {
    let mut kept = raw.to_vec();
    if let Some(fields) = notes(raw).fields {
        kept.drain(fields);
    }
    kept
}

/// What an earlier import has written at the beginning of a line.
#[derive(Default)]
pub(super) struct Notes {
    /// The fields, each with the comma behind it.
    pub(super) fields: Option<Range<usize>>,
    /// The value of `vambe_later`.
    pub(super) later: Option<Range<usize>>,
}

/// Finds them, as `failed.rs` writes them.
pub(super) fn notes(raw: &[u8]) -> Notes {
    let mut notes = Notes::default();
    let Some(inside) = raw.trim_ascii_start().strip_prefix(b"{") else { return notes };
    let start = raw.len() - inside.len();
    let mut at = start;
    while let Some(Field { name, value, end }) = first_field(raw, at) {
        match name.as_str() {
            ERROR_FIELD => {}
            LATER_FIELD => notes.later = Some(value),
            _ => break,
        }
        notes.fields = Some(start..end);
        at = end;
    }
    notes
}

struct Field {
    name: String,
    value: Range<usize>,
    /// Behind the comma, if there is one.
    end: usize,
}

/// The field that begins here, if it is whole.
fn first_field(raw: &[u8], start: usize) -> Option<Field> {
    let mut names = serde_json::Deserializer::from_slice(raw.get(start..)?).into_iter::<String>();
    let name = names.next()?.ok()?;
    let value = raw.get(start + names.byte_offset()..)?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    let begin = raw.len() - value.len();
    let mut values = serde_json::Deserializer::from_slice(value).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    let behind = value.get(values.byte_offset()..)?;
    let value = begin..raw.len() - behind.len();
    let behind = behind.trim_ascii_start().strip_prefix(b",").unwrap_or(behind);
    Some(Field { name, value, end: raw.len() - behind.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_field_falls_away_if_it_is_an_earlier_reason() {
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
            assert_eq!(without_error(raw), expected, "{}", String::from_utf8_lossy(raw));
        }
    }
}

//! Hiding what a request carried wherever the server repeats it.

use serde_json::Value;

/// The private texts of one request: the API key, and every string in its body that is not an id.
#[derive(Default)]
pub(crate) struct Private(Vec<String>);

impl Private {
    /// Collects the strings of JSON bodies, and texts that are private as they are.
    pub(crate) fn new<'a>(
        bodies: impl IntoIterator<Item = &'a [u8]>,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut found: Vec<String> = texts.into_iter().map(str::to_owned).collect();
        for body in bodies {
            if let Ok(body) = serde_json::from_slice(body) {
                collect(&body, &mut found);
            }
        }
        // A number may come back without its `+`.
        let bare: Vec<_> = found.iter().filter_map(|text| text.strip_prefix('+')).map(str::to_owned).collect();
        found.extend(bare);
        found.retain(|text| !text.is_empty());
        // The longest first, so that no part of one is left over when a shorter one is hidden within it.
        found.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        found.dedup();
        Self(found)
    }

    /// The message with every private text in it replaced.
    ///
    /// In one pass over the message, so that a private text such as `e` does not tear up an earlier replacement.
    pub(crate) fn hide(&self, message: &str) -> String {
        let mut hidden = String::with_capacity(message.len());
        let mut rest = message;
        while let Some(c) = rest.chars().next() {
            if let Some(after) = self.0.iter().find_map(|text| rest.strip_prefix(text.as_str())) {
                hidden.push_str("[redacted]");
                rest = after;
            } else {
                hidden.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
        hidden
    }
}

/// The string values; the keys are names that the program has chosen, and ids are meant to be logged.
fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if uuid::Uuid::parse_str(text).is_err() => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Object(object) => object.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_numbers_and_values_are_hidden_and_ids_are_not() {
        let body = br#"{"contact_number": "+5691", "ticket_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
                        "metadata": {"priority": "high", "note": "higher", "empty": "", "vowel": "e"}}"#;
        let private = Private::new([body.as_slice()], ["the-key"]);
        let cases = [
            ("no +5691 or 5691", "no [redacted] or [redacted]"),
            ("th-key the-key", "th-k[redacted]y [redacted]"),
            ("higher than high", "[redacted] than [redacted]"),
            (
                "priority of a1b2c3d4-e5f6-7890-abcd-ef1234567890",
                "priority of a1b2c3d4-[redacted]5f6-7890-abcd-[redacted]f1234567890",
            ),
            ("ñandú 🦤", "ñandú 🦤"),
            ("", ""),
        ];
        for (message, expected) in cases {
            assert_eq!(private.hide(message), expected);
        }
    }

    #[test]
    fn a_body_that_is_not_json_hides_nothing_and_does_not_fail() {
        assert_eq!(Private::new([b"{".as_slice()], []).hide("a { b"), "a { b");
    }
}

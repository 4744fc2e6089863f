//! Hiding what a request carried wherever the server repeats it.

use reqwest::{
    Url,
    header::{HeaderMap, HeaderValue},
};
use serde_json::Value;

/// Up to so many characters, a private text is hidden as a word of its own only.
const SHORT: usize = 3;

/// The private texts of one request: the API key, and every string in its body and its parameters that is not an id.
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

    /// Collects what is private in a request: its headers that are marked so, its body, and its parameters, each as it was
    /// given and as it stands in the URL, which some servers repeat in their messages; and the key.
    ///
    /// `template` is the operation's path; what is not a parameter in it is no secret.
    pub(crate) fn of_request(
        template: &str,
        url: &Url,
        headers: &HeaderMap,
        body: Option<&[u8]>,
        api_key: &str,
    ) -> Self {
        let mut texts: Vec<String> = Vec::new();
        // From the end, since the base URL may have a path of its own before it.
        for (part, segment) in template.rsplit('/').zip(url.path().rsplit('/')) {
            if part.contains('{') {
                texts.extend(decoded(segment));
                texts.push(segment.to_owned());
            }
        }
        let encoded = url.query().into_iter().flat_map(|query| query.split('&'));
        texts.extend(encoded.filter_map(|pair| Some(pair.split_once('=')?.1.to_owned())));
        texts.extend(url.query_pairs().map(|(_, value)| value.into_owned()));
        let sensitive = headers.values().filter(|value| value.is_sensitive());
        texts.extend(sensitive.filter_map(|value| HeaderValue::to_str(value).ok()).map(str::to_owned));
        texts.retain(|text| text.parse::<bool>().is_err() && uuid::Uuid::parse_str(text).is_err());
        Self::new(body, texts.iter().map(String::as_str).chain([api_key]))
    }

    /// The message with every private text in it replaced.
    ///
    /// In one pass over the message, so that a private text does not tear up an earlier replacement.
    pub(crate) fn hide(&self, message: &str) -> String {
        let mut hidden = String::with_capacity(message.len());
        let mut rest = message;
        let mut before = None;
        while let Some(c) = rest.chars().next() {
            let found = self.0.iter().find_map(|text| {
                let after = rest.strip_prefix(text.as_str())?;
                let inside = before.is_some_and(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
                // A short text within a longer word is that word's, and tells nothing.
                (text.chars().nth(SHORT).is_some() || !inside).then_some(after)
            });
            match found {
                Some(after) => {
                    hidden.push_str("[redacted]");
                    before = Some(']');
                    rest = after;
                }
                None => {
                    hidden.push(c);
                    before = Some(c);
                    rest = rest.get(c.len_utf8()..).unwrap_or_default();
                }
            }
        }
        hidden
    }
}

/// A segment of a path as it was before it was encoded: what `+` stands for differs from a query.
fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
                rest = after;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).ok()
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
            ("th-key the-key xthe-keyx", "th-key [redacted] x[redacted]x"),
            ("higher than high", "[redacted] than [redacted]"),
            ("priority of a1b2c3d4-e5f6-7890-abcd-ef1234567890", "priority of a1b2c3d4-e5f6-7890-abcd-ef1234567890"),
            ("e, not the", "[redacted], not the"),
            ("ñandú 🦤", "ñandú 🦤"),
            ("", ""),
        ];
        for (message, expected) in cases {
            assert_eq!(private.hide(message), expected);
        }
    }

    #[test]
    fn parameters_are_hidden_as_given_and_as_encoded_and_the_rest_of_the_path_is_not() {
        let url =
            "http://localhost/v1/contacts/%2B56%209/tags/a1b2c3d4-e5f6-7890-abcd-ef1234567890?q=two%20words&all=true";
        let mut trace = HeaderValue::from_static("trace-1");
        trace.set_sensitive(true);
        let headers = HeaderMap::from_iter([("x-trace".parse().unwrap(), trace)]);
        let url = url.parse().unwrap();
        let private = Private::of_request("/contacts/{number}/tags/{id}", &url, &headers, None, "the-key");
        let cases = [
            ("Cannot GET /v1/contacts/%2B56%209/tags", "Cannot GET /v1/contacts/[redacted]/tags"),
            ("no +56 9 or two words, two%20words", "no [redacted] or [redacted], [redacted]"),
            (
                "tags of a1b2c3d4-e5f6-7890-abcd-ef1234567890: true",
                "tags of a1b2c3d4-e5f6-7890-abcd-ef1234567890: true",
            ),
            ("trace-1 the-key", "[redacted] [redacted]"),
        ];
        for (message, expected) in cases {
            assert_eq!(private.hide(message), expected);
        }
    }

    #[test]
    fn a_body_that_is_not_json_hides_nothing_and_does_not_fail() {
        assert_eq!(Private::new([b"{".as_slice()], []).hide("a { b"), "a { b");
    }

    proptest::proptest! {
        #[test]
        fn no_private_text_of_some_length_is_left(texts in proptest::collection::vec("[a-c+]{4,6}", 1..4), message in "[a-c+ ]{0,40}") {
            let hidden = Private::new([], texts.iter().map(String::as_str)).hide(&message);
            for text in &texts {
                // The word that stands for them is made of other letters too.
                assert!(!hidden.contains(text.as_str()), "{hidden}");
            }
        }
    }
}

//! Redacts the private texts of a request wherever the server repeats them.

use std::{borrow::Cow, cell::OnceCell};

use base64::{Engine as _, prelude::BASE64_STANDARD as STANDARD};
use reqwest::{
    Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
};
use serde_json::Value;

use super::{Needles, redact};
use crate::{ApiKeyPlace, ContactNumber, Operation, transport::FORM};

/// Redacts the private texts of one request: the API key, and every value in the body, the parameters and the sensitive headers,
/// except for identifiers by the OpenAPI document.
///
/// The patterns are built with the first redaction, so that a response without text costs nothing.
pub(crate) struct Redactor<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) url: &'a Url,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: Option<&'a [u8]>,
    pub(crate) api_key: &'a HeaderValue,
    /// Filled by the first redaction.
    pub(crate) needles: OnceCell<Needles>,
}

impl Redactor<'_> {
    /// Returns a text of the server with the private texts redacted, on one line of at most 500 characters.
    pub(crate) fn redact(&self, text: &str) -> String {
        redact(self.needles.get_or_init(|| self.collect()), text)
    }

    /// Returns the contact number that the request names its ticket by, if it does.
    pub(crate) fn contact_number(&self) -> Option<ContactNumber> {
        let body: Value = serde_json::from_slice(self.body?).ok()?;
        body.get("contact_number")?.as_str()?.parse().ok()
    }

    fn collect(&self) -> Needles {
        let mut needles = Needles::default();
        let mut add = |text: &str| needles.add(text);
        let sensitive = self.headers.values().filter(|value| value.is_sensitive());
        for value in sensitive.chain([self.api_key]) {
            add_text(&String::from_utf8_lossy(value.as_bytes()), &mut add);
        }
        if self.operation.api_key == ApiKeyPlace::Basic {
            // The server sees the password by itself, and the key in this encoding.
            let key = String::from_utf8_lossy(self.api_key.as_bytes());
            add(&STANDARD.encode(&*key));
            add(key.split_once(':').map_or(&key, |(_, password)| password));
        }
        if self.operation.path.contains('{') {
            // From the end, since the path of the base URL comes first.
            for (part, segment) in self.operation.path.rsplit('/').zip(self.url.path().rsplit('/')) {
                // Both decoded and encoded: some servers repeat the URL in their messages.
                if part.contains('{') && !is_uuid(segment) {
                    decoded(segment).iter().for_each(|text| add_text(text, &mut add));
                    add(segment);
                }
            }
        }
        let encoded = self.url.query().into_iter().flat_map(|query| query.split('&'));
        let values = encoded.filter_map(|pair| Some(Cow::Borrowed(pair.split_once('=')?.1)));
        for value in values.chain(self.url.query_pairs().map(|(_, value)| value)) {
            add_text(&value, &mut add);
        }
        match self.body.map(serde_json::from_slice) {
            Some(Ok(Value::Object(fields))) => {
                for (name, value) in &fields {
                    let is_id = self.operation.id_fields.contains(&name.as_str());
                    if !(is_id && value.as_str().is_some_and(is_uuid)) {
                        add_values(value, &mut add);
                    }
                }
            }
            Some(Ok(value)) => add_values(&value, &mut add),
            Some(Err(_)) => {
                // A form has the syntax of a query.
                let form = self.body.filter(|_| self.headers.get(CONTENT_TYPE).is_some_and(|value| value == FORM));
                let url = form.and_then(|body| Url::parse(&format!("form:?{}", str::from_utf8(body).ok()?)).ok());
                for (_, value) in url.iter().flat_map(Url::query_pairs) {
                    add_text(&value, &mut add);
                }
            }
            None => {}
        }
        needles
    }
}

/// Adds the text of a parameter, and the items of a list and the values of JSON in it.
fn add_text(text: &str, add: &mut impl FnMut(&str)) {
    if text.parse::<bool>().is_ok() {
        return;
    }
    add(text);
    if let Ok(value @ (Value::Array(_) | Value::Object(_))) = serde_json::from_str(text) {
        add_values(&value, add);
    } else if text.contains(',') {
        text.split(',').for_each(add);
    }
}

fn is_uuid(text: &str) -> bool {
    uuid::Uuid::parse_str(text).is_ok()
}

/// Decodes a path segment, in which `+` is not a space as in a query.
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

/// Adds all strings and numbers. Keys are not private: the program chooses them.
fn add_values(value: &Value, add: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => add(text),
        Value::Number(number) => add(&number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| add_values(value, add)),
        Value::Object(object) => object.values().for_each(|value| add_values(value, add)),
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::raw::operations::UPDATE_TICKET_METADATA;

    static URL: LazyLock<Url> = LazyLock::new(|| "http://localhost".parse().unwrap());
    static KEY: HeaderValue = HeaderValue::from_static("the-key");
    static NO_HEADERS: LazyLock<HeaderMap> = LazyLock::new(HeaderMap::new);

    /// Creates the redactor of an update with this body and the key `the-key`.
    pub(crate) fn redactor_for_body(body: &str) -> Redactor<'_> {
        let (operation, url, headers) = (&UPDATE_TICKET_METADATA, &*URL, &*NO_HEADERS);
        Redactor { operation, url, headers, body: Some(body.as_bytes()), api_key: &KEY, needles: OnceCell::new() }
    }

    const ID: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
    const OTHER: &str = "00000000-e5f6-7890-abcd-ef1234567890";

    #[test]
    fn redacts_the_password_of_basic_in_every_form() {
        static BASIC: Operation = Operation { api_key: ApiKeyPlace::Basic, ..UPDATE_TICKET_METADATA };
        let key = HeaderValue::from_static("user:a-secret");
        let redactor = Redactor { operation: &BASIC, api_key: &key, ..redactor_for_body("") };
        let text = "no `user:a-secret`, a-secret or Basic dXNlcjphLXNlY3JldA==";
        assert_eq!(redactor.redact(text), "no `[redacted]`, [redacted] or Basic [redacted]==");
    }

    #[test]
    fn redacts_key_number_and_values() {
        let redactor = redactor_for_body(
            r#"{"contact_number": "+5691", "ticket_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "allow_closed_ticket": true,
                "metadata": {"priority": "high", "note": "higher", "empty": "", "vowel": "e"}}"#,
        );
        let cases = [
            ("no +5691 or 5691", "no [redacted] or [redacted]"),
            ("th-key the-key xthe-keyx THE-KEY", "th-key [redacted] x[redacted]x [redacted]"),
            ("higher than high", "[redacted] than [redacted]"),
            ("priority of a1b2c3d4-e5f6-7890-abcd-ef1234567890", "priority of a1b2c3d4-e5f6-7890-abcd-ef1234567890"),
            ("e, not the: true", "[redacted], not the: true"),
            ("ñandú 🦤", "ñandú 🦤"),
            ("", ""),
        ];
        for (message, expected) in cases {
            assert_eq!(redactor.redact(message), expected);
        }
    }

    #[test]
    fn shows_a_uuid_only_in_an_identifier_of_the_document() {
        let cases = [
            (format!(r#"{{"ticket_id": "{ID}", "metadata": {{"a": "{OTHER}"}}}}"#), true),
            (format!(r#"{{"ai_contact_id": "{ID}", "metadata": {{"a": "{OTHER}"}}}}"#), true),
            (format!(r#"{{"contact_number": "{ID}", "metadata": {{"a": "{OTHER}"}}}}"#), false),
            (format!(r#"{{"metadata": {{"ticket_id": "{ID}", "a": "{OTHER}"}}}}"#), false),
            // The same UUID is a value too.
            (format!(r#"{{"ticket_id": "{ID}", "metadata": {{"a": "{ID}", "b": "{OTHER}"}}}}"#), false),
        ];
        for (body, shown) in cases {
            let message = redactor_for_body(&body).redact(&format!("{ID} {OTHER}"));
            assert_eq!(message.contains(ID), shown, "{body}");
            assert!(!message.contains(OTHER), "{body}: {message}");
        }
    }

    #[test]
    fn redacts_parameters_decoded_and_encoded() {
        let url = format!("http://localhost/v1/contacts/%2B56%209/tags/{ID}?q=two%20words&all=true&id={OTHER}");
        let mut headers = HeaderMap::new();
        for (name, value) in [("x-trace", b"trace-1".as_slice()), ("x-name", b"Jos\xe9 Soto")] {
            let mut value = HeaderValue::from_bytes(value).unwrap();
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let operation = &Operation { path: "/contacts/{number}/tags/{id}", ..UPDATE_TICKET_METADATA };
        let url = &url.parse().unwrap();
        let redactor =
            Redactor { operation, url, headers: &headers, body: None, api_key: &KEY, needles: OnceCell::new() };
        let cases = [
            ("Cannot GET /v1/contacts/%2B56%209/tags", "Cannot GET /v1/contacts/%[redacted]/tags"),
            ("no +56 9 or two words, two%20words", "no [redacted] or [redacted], [redacted]"),
            (&format!("tags of {ID}: true"), &format!("tags of {ID}: true")),
            (&format!("no {OTHER}"), "no [redacted]"),
            ("trace-1 the-key Jos\u{fffd} Soto", "[redacted] [redacted] [redacted]"),
        ];
        for (message, expected) in cases {
            assert_eq!(redactor.redact(message), expected);
        }
    }

    #[test]
    fn redacts_the_items_of_lists_and_the_values_of_json_and_forms() {
        let url = &"http://localhost/a?where=%7B%22x%22%3A%22deep%20one%22%7D&ids=first,second".parse().unwrap();
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, FORM)]);
        let (operation, body) = (&UPDATE_TICKET_METADATA, Some(b"text=my%20words&all=true".as_slice()));
        let redactor = Redactor { operation, url, headers: &headers, body, api_key: &KEY, needles: OnceCell::new() };
        assert_eq!(
            redactor.redact("no deep one, second or my words: true"),
            "no [redacted], [redacted] or [redacted]: true"
        );
    }

    #[test]
    fn redacts_only_the_key_if_the_body_is_not_json() {
        assert_eq!(redactor_for_body("{").redact("a { b the-key"), "a { b [redacted]");
    }

    #[test]
    fn builds_no_patterns_before_the_first_text() {
        let redactor = redactor_for_body("{}");
        assert!(redactor.needles.get().is_none());
        redactor.redact("");
        assert!(redactor.needles.get().is_some());
    }
}

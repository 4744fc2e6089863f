//! Reads the body of an error response, tolerant of any form.

use std::fmt;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// The deepest nesting that is searched for a message.
const MAX_DEPTH: usize = 8;

/// The fields that hold messages, the most specific first: next to another one, `error` often holds the reason phrase.
const MESSAGE_FIELDS: [&str; 6] = ["message", "text", "errors", "detail", "error", "title"];

/// The message in the body of an error.
///
/// The published page shows `{"statusCode": 400, "message": "…"}`. The framework behind such a response also sends a list of
/// validation messages, other servers nest the message, and proxies send HTML, text or nothing. The generated
/// `types::ErrorResponse` would reject all but the documented form. Each field is read on its own, so that a number out of
/// range or a truncated body does not lose the other fields.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ErrorBody {
    /// The server's message, if there is one.
    pub(crate) message: Option<String>,
    /// True if the body has `statusCode` and `message`, as documented; the message may also be a list or an object.
    pub(crate) documented: bool,
}

impl ErrorBody {
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let content_type = ContentType::read(headers);
        let text = content_type.decode(body);
        // JSON forbids raw control characters, but an unescaped line break must not lose the message.
        let json = text.replace(|c: char| c.is_ascii_control(), " ");
        let json = json.trim();
        if json.starts_with('{') {
            let fields = Fields::read(json);
            let message = fields.get("message").and_then(|value| message_text(value, MAX_DEPTH));
            let documented = message.is_some() && fields.get("statusCode").is_some_and(is_status);
            return Self { message: message.or_else(|| fields.message_text(MAX_DEPTH)), documented };
        }
        let message = match serde_json::from_str(json) {
            Ok(value) => message_text(value, MAX_DEPTH),
            Err(_) => Some(text.trim()).filter(|text| content_type.is_text && !text.is_empty()).map(str::to_owned),
        };
        Self { message, documented: false }
    }
}

/// The readable fields of an object, up to its end or its first syntax error.
#[derive(Default)]
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Fields<'a> {
    fn read(text: &'a str) -> Self {
        let mut fields = Self::default();
        // Keep the fields before an error.
        let _ = (&mut fields).deserialize(&mut serde_json::Deserializer::from_str(text));
        fields
    }

    /// Returns the last value of a name, as other JSON parsers do.
    fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(found, _)| found == name).map(|(_, value)| *value)
    }

    fn message_text(&self, depth: usize) -> Option<String> {
        MESSAGE_FIELDS.iter().find_map(|name| message_text(self.get(name)?, depth))
    }
}

impl<'de> DeserializeSeed<'de> for &mut Fields<'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Fields<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((Text(name), value)) = map.next_entry()? {
            self.0.push((name, value));
        }
        Ok(())
    }
}

/// A string, which may have an invalid escape such as half of a surrogate pair.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
                Ok(Text(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// Returns a string, the message of an object, or the messages of a list.
fn message_text(value: &RawValue, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let text = value.get();
    let message = match text.as_bytes().first()? {
        b'"' => serde_json::from_str(text).map(|Text(text)| text.trim().to_owned()).ok(),
        b'{' => Fields::read(text).message_text(depth),
        b'[' => {
            let values: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            Some(values.into_iter().filter_map(|value| message_text(value, depth)).collect::<Vec<_>>().join("; "))
        }
        _ => None,
    };
    message.filter(|message| !message.is_empty())
}

/// Returns `true` for an HTTP status in any form that servers write: `404`, `404.0` or `"404"`.
fn is_status(value: &RawValue) -> bool {
    value.get().trim_matches('"').parse::<f64>().is_ok_and(|status| status.fract() == 0.0 && status >= 0.0)
}

/// The `Content-Type` header of the body.
struct ContentType {
    is_text: bool,
    charset: Option<String>,
}

impl ContentType {
    fn read(headers: &HeaderMap) -> Self {
        let header = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).to_lowercase());
        let header = header.unwrap_or_default();
        let charset = header.split(';').find_map(|parameter| parameter.trim().strip_prefix("charset="));
        let charset = charset.map(|charset| charset.trim_matches(['"', ' ']).to_owned());
        Self { is_text: header.starts_with("text/plain"), charset }
    }

    /// Returns the body as text, without a byte order mark.
    fn decode(&self, body: &[u8]) -> String {
        let is_latin = || match self.charset.as_deref() {
            Some("iso-8859-1" | "latin1" | "windows-1252") => true,
            Some("utf-8" | "utf8") => false,
            // Latin-1 text hardly ever contains a valid multi-byte sequence; damaged UTF-8 mostly does.
            _ => body.utf8_chunks().all(|chunk| chunk.valid().is_ascii()) && !body.is_ascii(),
        };
        let text = match std::str::from_utf8(body) {
            Ok(text) => text.to_owned(),
            Err(_) if is_latin() => body.iter().copied().map(char::from).collect(),
            Err(_) => String::from_utf8_lossy(body).into_owned(),
        };
        text.trim_start_matches('\u{feff}').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_is_read() {
        let cases = [
            (r#"{"statusCode": 400, "message": "no"}"#, Some("no"), true),
            (
                r#"{"statusCode": 400, "message": ["a must be a UUID", "b"], "error": "Bad Request"}"#,
                Some("a must be a UUID; b"),
                true,
            ),
            (r#"{"message": "no"}"#, Some("no"), false),
            (r#"{"statusCode": 400, "message": []}"#, None, false),
            (r#"{"statusCode": 400, "message": [1, null]}"#, None, false),
            (r#"{"statusCode": 500, "error": "Internal Server Error"}"#, Some("Internal Server Error"), false),
            (r#"{"statusCode": 400, "message": {"a": 1}}"#, None, false),
            (r#""just a string""#, Some("just a string"), false),
            (r#"{"statusCode": 400, "message": "cut o"#, None, false),
            (r#"{"statusCode": 404, "message": "no", "trace": "cut o"#, Some("no"), true),
            (r#"{"statusCode": 404, "message": "no"} x"#, Some("no"), true),
            (r#"{"statusCode": "404", "message": "no"}"#, Some("no"), true),
            (r#"{"statusCode": 404.0, "message": "no"}"#, Some("no"), true),
            (r#"{"statusCode": "none", "message": "no"}"#, Some("no"), false),
            (r#"{"statusCode": 1e999, "message": "no"}"#, Some("no"), false),
            (r#"{"took": 1e999, "statusCode": 404, "message": "no", "id": -99999999999999999999}"#, Some("no"), true),
            (r#"{"statusCode": 404, "message": 1e999, "error": "Not Found"}"#, Some("Not Found"), false),
            ("\u{feff}{\"statusCode\": 404, \"message\": \"no\"}", Some("no"), true),
            ("{\"statusCode\": 404, \"message\": \"two\nlines\"}", Some("two lines"), true),
            (
                r#"{"statusCode": 404, "message": "half \ud83e of a pair"}"#,
                Some("half \u{fffd}\u{fffd}\u{fffd} of a pair"),
                true,
            ),
            (r#"{"error": {"code": 7, "message": "no"}}"#, Some("no"), false),
            (r#"{"statusCode": 404, "message": {"text": "no"}}"#, Some("no"), true),
            (
                r#"{"error": "Bad Request", "errors": ["a", {"field": "b", "message": "b"}, {"detail": "c"}, 1]}"#,
                Some("a; b; c"),
                false,
            ),
            (r#"[{"message": "a"}, {"message": "b"}]"#, Some("a; b"), false),
            (r#"{"type": "about:blank", "title": "Forbidden", "detail": "no"}"#, Some("no"), false),
            ("<html><body>502</body></html>", None, false),
            ("", None, false),
            ("null", None, false),
        ];
        for (body, message, documented) in cases {
            let expected = ErrorBody { message: message.map(Into::into), documented };
            assert_eq!(ErrorBody::read(&HeaderMap::new(), body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn text_is_a_message_only_with_the_content_type_of_text() {
        let mut headers = HeaderMap::new();
        assert_eq!(ErrorBody::read(&headers, b"no healthy upstream").message, None);
        headers.insert(CONTENT_TYPE, "text/plain; charset=utf-8".parse().unwrap());
        assert_eq!(ErrorBody::read(&headers, b"no healthy upstream\n").message.as_deref(), Some("no healthy upstream"));
        assert_eq!(ErrorBody::read(&headers, b"\xff\xfe").message.as_deref(), Some("\u{fffd}\u{fffd}"));
        assert_eq!(ErrorBody::read(&headers, b"two\nlines").message.as_deref(), Some("two\nlines"));
    }

    #[test]
    fn a_message_in_another_encoding_is_read() {
        let utf8 = b"{\"statusCode\":404,\"message\":\"n\xc3\xbamero \xff\"}".as_slice();
        let latin = b"{\"statusCode\":404,\"message\":\"n\xfamero\"}".as_slice();
        let cases = [
            ("application/json", utf8, "n\u{fa}mero \u{fffd}"),
            ("application/json; charset=utf-8", latin, "n\u{fffd}mero"),
            ("application/json", latin, "n\u{fa}mero"),
            ("application/json; charset=\"ISO-8859-1\"", latin, "n\u{fa}mero"),
            ("application/json; charset=latin1", latin, "n\u{fa}mero"),
        ];
        for (content_type, body, message) in cases {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, content_type.parse().unwrap())]);
            let expected = ErrorBody { message: Some(message.to_owned()), documented: true };
            assert_eq!(ErrorBody::read(&headers, body), expected, "{content_type}");
        }
    }

    #[test]
    fn ignores_a_message_that_is_nested_too_deep() {
        let body = format!("{}\"no\"{}", "[".repeat(30_000), "]".repeat(30_000));
        assert_eq!(ErrorBody::read(&HeaderMap::new(), body.as_bytes()), ErrorBody::default());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(content_type in "text/plain|text/html|application/json|", body: Vec<u8>) {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, content_type.parse().unwrap())]);
            let read = ErrorBody::read(&headers, &body);
            assert!(read.message.is_none_or(|message| !message.trim().is_empty()));
        }

        #[test]
        fn a_message_is_read_back_alone_and_in_a_list(messages in proptest::collection::vec("[a-z ]{0,9}[a-z]", 1..5)) {
            let read = |message: serde_json::Value| {
                let body = serde_json::json!({ "statusCode": 400, "message": message }).to_string();
                ErrorBody::read(&HeaderMap::new(), body.as_bytes())
            };
            let trimmed: Vec<_> = messages.iter().map(|message| message.trim()).collect();
            let expected = |message: &str| ErrorBody { message: Some(message.to_owned()), documented: true };
            assert_eq!(read(messages[0].clone().into()), expected(trimmed[0]));
            assert_eq!(read(messages.clone().into()), expected(&trimmed.join("; ")));
        }
    }
}

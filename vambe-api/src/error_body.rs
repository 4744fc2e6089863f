//! The body of an error: what can be read of it, whatever it is.

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::Value;

/// What an error's body says.
///
/// The page shows `{"statusCode": 400, "message": "…"}`. The framework that such answers come from also sends a list of
/// messages from its validators, and proxies in between send HTML, text or nothing. So this reads what is there, where the
/// generated `types::ErrorResponse` would refuse all but the documented form.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ErrorBody {
    /// The server's words, if there are any.
    pub(crate) message: Option<String>,
    /// Whether it is the documented form, with a message that may also be a list.
    pub(crate) documented: bool,
}

impl ErrorBody {
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => {
                let message = object.get("message").and_then(words);
                let documented = message.is_some() && object.get("statusCode").is_some_and(Value::is_u64);
                // Where `message` is missing, `error` often holds the reason phrase.
                Self { message: message.or_else(|| object.get("error").and_then(words)), documented }
            }
            Ok(value) => Self { message: words(&value), documented: false },
            Err(_) => Self { message: plain_text(headers, body), documented: false },
        }
    }
}

/// A string, or the strings of a list.
fn words(value: &Value) -> Option<String> {
    let words = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Array(values) => values.iter().filter_map(words).collect::<Vec<_>>().join("; "),
        _ => return None,
    };
    Some(words).filter(|words| !words.is_empty())
}

fn plain_text(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let is_text = headers.get(CONTENT_TYPE)?.as_bytes().starts_with(b"text/plain");
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    (is_text && !text.is_empty()).then(|| text.to_owned())
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
    fn text_is_a_message_only_where_it_says_it_is_text() {
        let mut headers = HeaderMap::new();
        assert_eq!(ErrorBody::read(&headers, b"no healthy upstream").message, None);
        headers.insert(CONTENT_TYPE, "text/plain; charset=utf-8".parse().unwrap());
        assert_eq!(ErrorBody::read(&headers, b"no healthy upstream\n").message.as_deref(), Some("no healthy upstream"));
        assert_eq!(ErrorBody::read(&headers, b"\xff\xfe").message.as_deref(), Some("\u{fffd}\u{fffd}"));
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
            let read = |message: Value| {
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

//! The functions by which generated code writes a parameter into the path, the query or a header.
//!
//! They percent-encode everything but letters, digits and `-._~`, so that no value can end its segment or pair. They are not
//! taken from a crate: it would be one more for every consumer, and `progenitor-client` lets the segment `..` through, which
//! changes the path.

use std::{fmt, fmt::Write as _};

use reqwest::header::HeaderValue;
use serde::Serialize;
use serde_json::Value;

use crate::{Error, InvalidRequest};

/// Returns a value as one segment of a path; the items of a list are separated by commas.
///
/// # Errors
///
/// [`InvalidParameter::Path`] if the value is empty, `.` or `..`, which would change the path; [`InvalidParameter::NotPlain`]
/// if it is neither plain nor a list of plain values.
pub fn path(value: &impl Serialize) -> Result<String, Error> {
    match texts(&json(value)?)?.as_slice() {
        [] => Err(invalid(InvalidParameter::Path)),
        [text] if matches!(text.as_str(), "" | "." | "..") => Err(invalid(InvalidParameter::Path)),
        texts => Ok(encoded_list(texts, ",")),
    }
}

/// Appends a parameter to the query of a URL: nothing for `None`, one pair per item for a list, and one pair per field for an
/// object, without the parameter's name.
///
/// # Errors
///
/// [`InvalidParameter::NotPlain`] if the value, an item or a field is not plain.
pub fn query(url: &mut String, name: &str, value: &impl Serialize) -> Result<(), Error> {
    match json(value)? {
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| pairs(url, &encoded(name), value)),
        value => pairs(url, &encoded(name), &value),
    }
}

/// Appends a parameter to the query of a URL as one pair, in which `separator` is between the items of a list, and between the
/// names and values of an object.
///
/// # Errors
///
/// [`InvalidParameter::NotPlain`] if the value, an item or a field is not plain.
pub fn query_joined(url: &mut String, name: &str, value: &impl Serialize, separator: &str) -> Result<(), Error> {
    let texts = match json(value)? {
        Value::Object(fields) => {
            let mut texts = Vec::new();
            for (name, value) in &fields {
                if let Some(text) = plain(value)? {
                    texts.extend([name.clone(), text]);
                }
            }
            texts
        }
        value => texts(&value)?,
    };
    if !texts.is_empty() {
        pair(url, &encoded(name), &encoded_list(&texts, separator));
    }
    Ok(())
}

/// Appends an object to the query of a URL, with one pair per field: `name[field]=value`.
///
/// # Errors
///
/// [`InvalidParameter::NotPlain`] if a list has items that are not plain.
pub fn query_deep(url: &mut String, name: &str, value: &impl Serialize) -> Result<(), Error> {
    fn append(url: &mut String, name: &str, value: &Value) -> Result<(), Error> {
        match value {
            Value::Object(fields) => fields
                .iter()
                .try_for_each(|(field, value)| append(url, &format!("{name}%5B{}%5D", encoded(field)), value)),
            value => pairs(url, name, value),
        }
    }

    append(url, &encoded(name), &json(value)?)
}

/// Appends a parameter to the query of a URL as JSON; nothing for `None`.
///
/// # Errors
///
/// [`InvalidParameter::NotPlain`] if the value cannot be serialized as JSON.
pub fn query_json(url: &mut String, name: &str, value: &impl Serialize) -> Result<(), Error> {
    let value = json(value)?;
    if !value.is_null() {
        pair(url, &encoded(name), &encoded(&value.to_string()));
    }
    Ok(())
}

/// Returns a value as the body of a form: one pair per field, and one per item of a list.
///
/// # Errors
///
/// [`InvalidParameter::NotPlain`] if the value is not an object of plain values and lists of them.
pub(crate) fn form(value: &impl Serialize) -> Result<String, Error> {
    let Value::Object(fields) = json(value)? else { return Err(invalid(InvalidParameter::NotPlain)) };
    let mut query = String::new();
    fields.iter().try_for_each(|(name, value)| pairs(&mut query, &encoded(name), value))?;
    Ok(query.trim_start_matches('?').to_owned())
}

/// Returns a value as the text of the header `name`, marked as sensitive so that no `Debug` shows it. The items of a list are
/// separated by commas.
///
/// # Errors
///
/// [`InvalidParameter::Header`] if the text has characters that a header cannot hold; [`InvalidParameter::NotPlain`] if the value
/// is neither plain nor a list of plain values.
pub fn header(name: &'static str, value: &impl Serialize) -> Result<HeaderValue, Error> {
    let text = texts(&json(value)?)?.join(",");
    let mut value = HeaderValue::from_str(&text).map_err(|_| invalid(InvalidParameter::Header { name }))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The error of a parameter that cannot be written into a request. It shows no value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidParameter {
    /// A path parameter is empty, `.` or `..`, which would change the path.
    Path,
    /// A header parameter has characters that a header cannot hold.
    Header {
        /// The name of the header.
        name: &'static str,
    },
    /// The parameter is neither a string, a number or a boolean nor a list of them.
    NotPlain,
}

impl fmt::Display for InvalidParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path => {
                f.write_str("a path parameter is empty, `.` or `..`, which would change the path: use another value")
            }
            Self::Header { name } => {
                write!(f, "the value of the header `{name}` has invalid characters: remove control characters")
            }
            Self::NotPlain => {
                f.write_str("a parameter is not a plain value: use a string, a number, a boolean, or a list of them")
            }
        }
    }
}

impl std::error::Error for InvalidParameter {}

fn invalid(error: InvalidParameter) -> Error {
    InvalidRequest::Parameter(error).into()
}

/// Converts a value to JSON by way of its text, in which an `f32` keeps the digits that it was written with.
fn json(value: &impl Serialize) -> Result<Value, Error> {
    let text = serde_json::to_string(value).map_err(|_| invalid(InvalidParameter::NotPlain))?;
    serde_json::from_str(&text).map_err(|_| invalid(InvalidParameter::NotPlain))
}

/// Appends a pair, or one for each item of a list; the name is encoded already.
fn pairs(url: &mut String, name: &str, value: &Value) -> Result<(), Error> {
    texts(value)?.iter().for_each(|text| pair(url, name, &encoded(text)));
    Ok(())
}

fn pair(url: &mut String, name: &str, value: &str) {
    url.push(if url.contains('?') { '&' } else { '?' });
    // Writing to a `String` does not fail.
    let _ = write!(url, "{name}={value}");
}

/// The text of a plain value, or of each item of a list; none for `null`.
fn texts(value: &Value) -> Result<Vec<String>, Error> {
    match value {
        Value::Array(values) => values.iter().filter_map(|value| plain(value).transpose()).collect(),
        one => Ok(plain(one)?.into_iter().collect()),
    }
}

fn encoded_list(texts: &[String], separator: &str) -> String {
    let separator = if separator == "," { separator.to_owned() } else { encoded(separator) };
    texts.iter().map(|text| encoded(text)).collect::<Vec<_>>().join(&separator)
}

fn plain(value: &Value) -> Result<Option<String>, Error> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(value) => Ok(Some(value.to_string())),
        Value::Number(value) => Ok(Some(value.to_string())),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Array(_) | Value::Object(_) => Err(invalid(InvalidParameter::NotPlain)),
    }
}

fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_segment_is_encoded_unless_it_would_change_the_path() {
        for (value, expected) in
            [("a b/c?d#e", "a%20b%2Fc%3Fd%23e"), ("+56 9", "%2B56%209"), ("ñ", "%C3%B1"), ("%2e", "%252e")]
        {
            assert_eq!(path(&value).unwrap(), expected);
        }
        assert_eq!(path(&uuid::Uuid::nil()).unwrap(), uuid::Uuid::nil().to_string());
        for value in ["", ".", ".."] {
            let Err(Error::InvalidRequest(InvalidRequest::Parameter(error))) = path(&value) else { panic!("{value}") };
            assert_eq!(error, InvalidParameter::Path);
        }
    }

    #[test]
    fn a_query_has_a_pair_for_each_value_and_none_for_none() {
        let mut url = "http://localhost/a".to_owned();
        query(&mut url, "a", &None::<&str>).unwrap();
        query(&mut url, "b c", &Some("x&y=z")).unwrap();
        query(&mut url, "d", &vec![1, 2]).unwrap();
        query(&mut url, "e", &true).unwrap();
        query(&mut url, "f", &0.1_f32).unwrap();
        assert_eq!(url, "http://localhost/a?b%20c=x%26y%3Dz&d=1&d=2&e=true&f=0.1");
        assert!(query(&mut url, "g", &vec![vec![1]]).is_err());
    }

    #[test]
    fn lists_and_objects_are_written_in_the_style_of_the_document() {
        let object = json!({ "b": "x y", "c": [1, 2], "d": null });
        let list = ["a,b", "c"];
        type Written = fn(&mut String, &Value) -> Result<(), Error>;
        let cases: [(Written, Value, &str); 8] = [
            (|url, value| query(url, "a", value), object.clone(), "?b=x%20y&c=1&c=2"),
            (|url, value| query_joined(url, "a", value, ","), json!(list), "?a=a%2Cb,c"),
            (|url, value| query_joined(url, "a", value, "|"), json!(list), "?a=a%2Cb%7Cc"),
            (|url, value| query_joined(url, "a", value, ","), json!({ "b": 1, "c": null, "d": true }), "?a=b,1,d,true"),
            (|url, value| query_joined(url, "a", value, ","), json!([]), ""),
            (
                |url, value| query_deep(url, "a", value),
                json!({ "b": { "c": 1 }, "d": [2, 3] }),
                "?a%5Bb%5D%5Bc%5D=1&a%5Bd%5D=2&a%5Bd%5D=3",
            ),
            (|url, value| query_json(url, "a", value), json!({ "b": [1] }), "?a=%7B%22b%22%3A%5B1%5D%7D"),
            (|url, value| query_json(url, "a", value), Value::Null, ""),
        ];
        for (written, value, expected) in cases {
            let mut url = String::new();
            written(&mut url, &value).unwrap();
            assert_eq!(url, expected);
        }
        assert_eq!(path(&list).unwrap(), "a%2Cb,c");
        assert_eq!(header("x-a", &list).unwrap(), "a,b,c");
        assert_eq!(form(&object).unwrap(), "b=x%20y&c=1&c=2");
        assert!(form(&json!({ "a": { "b": 1 } })).is_err() && form(&1).is_err() && path(&json!([])).is_err());
    }

    #[test]
    fn a_header_is_sensitive_and_holds_no_line_break() {
        assert!(header("x-a", &"b").unwrap().is_sensitive());
        let message = std::error::Error::source(&header("x-a", &"private\r\nx-b: c").unwrap_err()).unwrap().to_string();
        assert!(!message.contains("private"), "{message}");
    }

    proptest::proptest! {
        /// Invariant: no parameter value leads to another path.
        #[test]
        fn any_text_comes_back_from_the_url_that_it_was_written_into(text in ".{1,20}") {
            if let Ok(segment) = path(&text) {
                let mut url = format!("http://localhost/{segment}");
                query(&mut url, "q", &text).unwrap();
                let url = reqwest::Url::parse(&url).unwrap();
                assert_eq!(url.path(), format!("/{segment}"));
                assert_eq!(url.query_pairs().next().unwrap().1, text.as_str());
            }
        }
    }
}

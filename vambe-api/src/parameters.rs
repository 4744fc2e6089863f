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

/// Returns a value as one segment of a path.
///
/// # Errors
///
/// [`InvalidParameter::Path`] if the value is empty, `.` or `..`, which would change the path; [`InvalidParameter::NotPlain`]
/// if it is not a single plain value.
pub fn path(value: &impl Serialize) -> Result<String, Error> {
    match plain(&json(value)?)?.as_deref() {
        None | Some("" | "." | "..") => Err(invalid(InvalidParameter::Path)),
        Some(text) => Ok(encoded(text)),
    }
}

/// Appends a parameter to the query of a URL: nothing for `None`, one pair per item for a list.
///
/// # Errors
///
/// [`InvalidParameter::NotPlain`] if the value is neither plain nor a list of plain values.
pub fn query(url: &mut String, name: &str, value: &impl Serialize) -> Result<(), Error> {
    let value = json(value)?;
    let values = match &value {
        Value::Array(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    for value in values {
        if let Some(text) = plain(value)? {
            url.push(if url.contains('?') { '&' } else { '?' });
            // Writing to a `String` does not fail.
            let _ = write!(url, "{}={}", encoded(name), encoded(&text));
        }
    }
    Ok(())
}

/// Returns a value as the text of the header `name`, marked as sensitive so that no `Debug` shows it.
///
/// # Errors
///
/// [`InvalidParameter::Header`] if the text has characters that a header cannot hold; [`InvalidParameter::NotPlain`] if the value
/// is not a single plain value.
pub fn header(name: &'static str, value: &impl Serialize) -> Result<HeaderValue, Error> {
    let text = plain(&json(value)?)?.unwrap_or_default();
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
    /// The parameter is not a single string, number or boolean.
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
            Self::NotPlain => f.write_str("a parameter is not a single value: use a string, a number or a boolean"),
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
    fn a_header_is_sensitive_and_holds_no_line_break() {
        assert!(header("x-a", &"b").unwrap().is_sensitive());
        let message = std::error::Error::source(&header("x-a", &"private\r\nx-b: c").unwrap_err()).unwrap().to_string();
        assert!(!message.contains("private"), "{message}");
    }

    proptest::proptest! {
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

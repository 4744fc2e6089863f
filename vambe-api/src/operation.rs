//! The facts about an operation that the spec has, except its types.

use reqwest::StatusCode;

use crate::Method;

/// One operation of the API, as the spec describes it.
///
/// The generated constants are in [`raw::operations`](crate::raw::operations).
///
/// # Example
///
/// ```
/// use vambe_api::{StatusCode, raw::operations::UPDATE_TICKET_METADATA};
///
/// assert_eq!(UPDATE_TICKET_METADATA.path, "/api/public/ticket/metadata");
/// assert!(UPDATE_TICKET_METADATA.idempotent);
/// assert!(UPDATE_TICKET_METADATA.documents(StatusCode::NOT_FOUND));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// Not `#[non_exhaustive]`: code generated into another crate, such as a test's, has to be able to write one.
#[allow(clippy::exhaustive_structs)]
pub struct Operation {
    /// The `operationId` in snake_case, which is also the name of the method.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, below the base URL.
    pub path: &'static str,
    /// `true` if the spec marks it `x-idempotent`: sent twice, it leaves the server as sent once.
    pub idempotent: bool,
    /// The statuses that the spec documents, as it writes them: `200`, `4XX`, `default`.
    pub statuses: &'static [&'static str],
    /// Those of them whose body is the schema `ErrorResponse`.
    pub error_statuses: &'static [&'static str],
    /// The fields of the JSON request body, at its top level, that the spec declares as UUIDs. They identify something and may be
    /// shown where the server repeats them.
    pub id_fields: &'static [&'static str],
    /// The place of the API key in its requests.
    pub api_key: ApiKeyPlace,
}

/// The place of the API key in the requests of an operation, as the document's security schemes say.
///
/// # Example
///
/// ```
/// use vambe_api::{ApiKeyPlace, raw::operations::UPDATE_TICKET_METADATA};
///
/// assert_eq!(UPDATE_TICKET_METADATA.api_key, ApiKeyPlace::Header("x-api-key"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiKeyPlace {
    /// The operation asks for no key, and none is sent.
    None,
    /// The value of a header, whose name is in lower case.
    Header(&'static str),
    /// `Authorization: Bearer`, followed by the key.
    Bearer,
    /// `Authorization: Basic`, followed by the key in Base64; the key is `user:password`.
    Basic,
}

impl Operation {
    /// Returns `true` if the spec documents a response with this status.
    pub fn documents(&self, status: StatusCode) -> bool {
        covers(self.statuses, status)
    }

    /// Returns `true` if the spec documents the body of a response with this status as an `ErrorResponse`.
    pub(crate) fn documents_error(&self, status: StatusCode) -> bool {
        // `default` is for the statuses that are not named themselves.
        if self.statuses.contains(&status.as_str()) {
            self.error_statuses.contains(&status.as_str())
        } else {
            covers(self.error_statuses, status)
        }
    }
}

fn covers(statuses: &[&str], status: StatusCode) -> bool {
    let class = status.as_u16() / 100;
    statuses.iter().any(|documented| {
        *documented == status.as_str()
            || *documented == "default"
            || documented.strip_suffix("XX").is_some_and(|documented| documented.parse() == Ok(class))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::operations::UPDATE_TICKET_METADATA;

    #[test]
    fn a_status_is_documented_by_itself_by_its_class_or_by_default() {
        let operation = |statuses| Operation { statuses, error_statuses: &[], ..UPDATE_TICKET_METADATA };
        let cases: [(&[&str], u16, bool); 7] = [
            (&["200", "404"], 404, true),
            (&["200", "404"], 400, false),
            (&["4XX"], 418, true),
            (&["4XX"], 500, false),
            (&["default"], 500, true),
            (&["XX", "x"], 200, false),
            (&[], 200, false),
        ];
        for (statuses, status, expected) in cases {
            assert_eq!(operation(statuses).documents(StatusCode::from_u16(status).unwrap()), expected, "{statuses:?}");
        }
    }

    #[test]
    fn an_error_with_a_schema_of_its_own_is_not_taken_for_the_usual_one() {
        let operation = Operation {
            statuses: &["200", "404", "409", "default"],
            error_statuses: &["404", "default"],
            ..UPDATE_TICKET_METADATA
        };
        for (status, expected) in [(404, true), (409, false), (500, true), (200, false)] {
            assert_eq!(operation.documents_error(StatusCode::from_u16(status).unwrap()), expected, "{status}");
        }
    }
}

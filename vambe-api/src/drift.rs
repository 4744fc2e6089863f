//! Differences between the server's responses and the OpenAPI document.

use std::{cell::RefCell, fmt};

use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use crate::{Operation, body::Body, raw::types::ErrorResponse, redact::Redactor};

/// A difference between a response and the OpenAPI document. It does not change the result of the call; it is a hint for the
/// maintainer of the document.
///
/// Each drift is reported once for all clones of a client, to [`ClientBuilder::on_drift`](crate::ClientBuilder::on_drift) and
/// as a `tracing` event: at most 16 per response and 256 per client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Drift {
    /// The status is not documented for the operation.
    ///
    /// The statuses that any HTTP server, proxy or firewall may send are not reported: 401, 403, 407, 408, 413, 414, 429, 431,
    /// 451 and 5xx.
    UndocumentedStatus {
        /// The `operationId`.
        operation: &'static str,
        /// The status.
        status: StatusCode,
    },
    /// The body does not have the documented form.
    UndocumentedBody {
        /// The `operationId`.
        operation: &'static str,
        /// The status of the response.
        status: StatusCode,
    },
    /// The body has an undocumented field.
    UnknownField {
        /// The `operationId`.
        operation: &'static str,
        /// The status of the response.
        status: StatusCode,
        /// The path of the field from the root of the body: `ticket.id`.
        field: String,
    },
}

impl Drift {
    /// Redacts the private texts that a server may have put into the names of fields.
    pub(crate) fn redact(self, redactor: &Redactor<'_>) -> Self {
        match self {
            Self::UnknownField { operation, status, field } => {
                Self::UnknownField { operation, status, field: redactor.redact(&field) }
            }
            other => other,
        }
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UndocumentedStatus { operation, status } => {
                write!(f, "{operation} returned the undocumented status {}", status.as_u16())
            }
            Self::UndocumentedBody { operation, status } => {
                write!(f, "{operation} returned {} with an undocumented body", status.as_u16())
            }
            Self::UnknownField { operation, status, field } => {
                write!(f, "{operation} returned {} with the undocumented field `{field}`", status.as_u16())
            }
        }
    }
}

/// Upper bound on the drifts reported per response, for a body with thousands of unknown fields.
const MAX_DRIFTS: usize = 16;

/// Reads the body of a success and reports everything that is undocumented.
pub(crate) fn read_success<T: DeserializeOwned + 'static>(
    operation: &Operation,
    status: StatusCode,
    body: &Body,
    report: &dyn Fn(Drift),
) -> Option<T> {
    let body = &*body.bytes;
    let left = MAX_DRIFTS - report_status(operation, status, report);
    // The type of an operation without a documented body is `()`, which is `null` in JSON.
    if body.is_empty() && std::any::TypeId::of::<T>() == std::any::TypeId::of::<()>() {
        return serde_json::from_slice(b"null").ok();
    }
    read(operation, status, body, left, report)
}

/// Reads the body of a success as text, and reports one that is not text.
pub(crate) fn read_text(
    operation: &Operation,
    status: StatusCode,
    body: &Body,
    report: &dyn Fn(Drift),
) -> Option<String> {
    let text = read_bytes(operation, status, body, report).map(String::from_utf8)?;
    text.inspect_err(|_| report(Drift::UndocumentedBody { operation: operation.id, status })).ok()
}

/// Reads the body of a success as it is, and reports an incomplete one.
pub(crate) fn read_bytes(
    operation: &Operation,
    status: StatusCode,
    body: &Body,
    report: &dyn Fn(Drift),
) -> Option<Vec<u8>> {
    report_status(operation, status, report);
    if body.cut {
        report(Drift::UndocumentedBody { operation: operation.id, status });
        return None;
    }
    Some(body.bytes.to_vec())
}

/// Reports everything in an error response that is undocumented.
pub(crate) fn check_error(operation: &Operation, status: StatusCode, body: &[u8], report: &dyn Fn(Drift)) {
    report_status(operation, status, report);
    if operation.documents_error(status) {
        let _: Option<ErrorResponse> = read(operation, status, body, MAX_DRIFTS, report);
    }
}

/// Reports an undocumented status. Returns the number of reports.
fn report_status(operation: &Operation, status: StatusCode, report: &dyn Fn(Drift)) -> usize {
    let is_drift = !operation.documents(status) && !is_generic(status);
    if is_drift {
        report(Drift::UndocumentedStatus { operation: operation.id, status });
    }
    usize::from(is_drift)
}

/// Returns `true` for a status that is not specific to an operation: it rejects the credentials or the access (401, 403, 407,
/// 451), the size (413, 414, 431) or the rate (408, 429), often before the request reaches the API; or the server fails (5xx).
///
/// A status about the path, the method or the media type (404, 405, 406, 415) is specific, since those are documented.
fn is_generic(status: StatusCode) -> bool {
    matches!(status.as_u16(), 401 | 403 | 407 | 408 | 413 | 414 | 429 | 431 | 451 | 500..=599)
}

fn read<T: DeserializeOwned>(
    operation: &Operation,
    status: StatusCode,
    body: &[u8],
    max_fields: usize,
    report: &dyn Fn(Drift),
) -> Option<T> {
    let unknown = RefCell::new(Vec::new());
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = serde_ignored::deserialize(&mut json, |path| {
        let mut unknown = unknown.borrow_mut();
        if unknown.len() < max_fields {
            unknown.push(path.to_string());
        }
    });
    match read.and_then(|read| json.end().map(|()| read)) {
        Ok(read) => {
            for field in unknown.take() {
                report(Drift::UnknownField { operation: operation.id, status, field });
            }
            Some(read)
        }
        Err(_) => {
            report(Drift::UndocumentedBody { operation: operation.id, status });
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::raw::{operations::UPDATE_TICKET_METADATA as OPERATION, types::UpdateTicketMetadataResponse};

    fn whole(body: &[u8]) -> Body {
        Body { bytes: body.to_vec().into(), cut: false }
    }

    fn reported(status: u16, body: &str) -> Vec<String> {
        let reported = RefCell::new(Vec::new());
        let report = |drift: Drift| reported.borrow_mut().push(drift.to_string());
        let status = StatusCode::from_u16(status).unwrap();
        if status.is_success() {
            read_success::<UpdateTicketMetadataResponse>(&OPERATION, status, &whole(body.as_bytes()), &report);
        } else {
            check_error(&OPERATION, status, body.as_bytes(), &report);
        }
        reported.into_inner()
    }

    #[test]
    fn reports_everything_that_is_undocumented() {
        let status = |status| format!("update_ticket_metadata returned the undocumented status {status}");
        let body = |status| format!("update_ticket_metadata returned {status} with an undocumented body");
        let field =
            |status, field| format!("update_ticket_metadata returned {status} with the undocumented field `{field}`");
        let cases = [
            (200, r#"{"status": "ok"}"#, vec![]),
            (200, r#"{"status": "ok", "id": {"a": 1}, "b": 2}"#, vec![field(200, "id"), field(200, "b")]),
            (200, r#"{"status": 1}"#, vec![body(200)]),
            (200, r#"{"status": "ok"} x"#, vec![body(200)]),
            (200, "", vec![body(200)]),
            (201, r#"{"status": "ok"}"#, vec![status(201)]),
            (204, "", vec![status(204), body(204)]),
            (404, r#"{"statusCode": 404, "message": "no"}"#, vec![]),
            (400, r#"{"statusCode": 400, "message": "no", "error": "Bad Request"}"#, vec![field(400, "error")]),
            (400, r#"{"statusCode": 400, "message": ["no"]}"#, vec![body(400)]),
            (400, "<html>", vec![body(400)]),
            (422, "<html>", vec![status(422)]),
            (401, r#"{"statusCode": 401, "message": "Unauthorized"}"#, vec![]),
            (401, "<html>", vec![body(401)]),
            (404, "<html>", vec![body(404)]),
        ];
        for (status, body, expected) in cases {
            assert_eq!(reported(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn statuses_of_any_http_server_are_no_drift_unless_documented() {
        for status in [403, 407, 408, 413, 414, 429, 431, 451, 500, 501, 502, 503, 504, 599] {
            assert!(reported(status, "<html>").is_empty(), "{status}");
            let documented = Operation { statuses: &["default"], error_statuses: &["default"], ..OPERATION };
            let count = Cell::new(0);
            let status = StatusCode::from_u16(status).unwrap();
            check_error(&documented, status, b"<html>", &|_| count.set(count.get() + 1));
            assert_eq!(count.get(), 1, "a documented {status} has a documented body");
        }
        for status in [301, 402, 405, 406, 409, 410, 415, 418, 422, 600] {
            assert_eq!(reported(status, "").len(), 1, "{status}");
        }
    }

    #[test]
    fn at_most_sixteen_drifts_of_an_answer_are_reported() {
        let fields: String = (0..6_000).map(|index| format!(r#", "field-{index}": 1"#)).collect();
        let (success, error) = (r#""status": "ok" "#, r#""statusCode": 400, "message": "no" "#);
        for (status, body) in [(200, success), (201, success), (400, error)] {
            assert_eq!(reported(status, &format!("{{{body}{fields}}}")).len(), 16, "{status}");
        }
    }

    #[test]
    fn an_operation_without_a_documented_body_may_have_none() {
        let reported = RefCell::new(Vec::new());
        let read =
            read_success::<()>(&OPERATION, StatusCode::OK, &whole(b""), &|drift| reported.borrow_mut().push(drift));
        assert_eq!((read, reported.into_inner()), (Some(()), vec![]));
    }

    #[test]
    fn text_and_bytes_are_read_only_if_they_are_whole() {
        let status = StatusCode::OK;
        let body = |bytes: &[u8], cut| Body { bytes: bytes.to_vec().into(), cut };
        let cases = [
            (body(b"\xff", false), None, Some(&b"\xff"[..]), 1),
            (body(b"a", false), Some("a"), Some(b"a"), 0),
            (body(b"", false), Some(""), Some(b""), 0),
            (body(b"a", true), None, None, 2),
        ];
        for (body, text, bytes, drifts) in cases {
            let reported = Cell::new(0);
            let report = |_| reported.set(reported.get() + 1);
            assert_eq!(read_text(&OPERATION, status, &body, &report).as_deref(), text);
            assert_eq!(read_bytes(&OPERATION, status, &body, &report).as_deref(), bytes);
            assert_eq!(reported.get(), drifts);
        }
    }
}

//! Where the server's answers leave the contract that the client was generated from.

use std::{cell::RefCell, fmt};

use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use crate::{Operation, raw::types::ErrorResponse, redact::Redactor};

/// A difference between an answer and the spec. It does not change the result of the call; it is for the maintainer of the spec.
///
/// Reported to [`ClientBuilder::on_drift`](crate::ClientBuilder::on_drift) and as an event of `tracing`: each drift once for all
/// clones of a client, at most 16 for one answer, and at most 256 different ones for a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Drift {
    /// The status is not one that the spec documents for the operation.
    ///
    /// Not reported for the statuses by which any HTTP server, or a proxy or firewall before it, refuses or fails: 401, 403, 407,
    /// 408, 413, 414, 429, 431, 451 and those from 500.
    UndocumentedStatus {
        /// The `operationId`.
        operation: &'static str,
        /// The status.
        status: StatusCode,
    },
    /// The body is not of the form that the spec documents.
    UndocumentedBody {
        /// The `operationId`.
        operation: &'static str,
        /// The status of the answer.
        status: StatusCode,
    },
    /// The body has a field that the spec does not know.
    UnknownField {
        /// The `operationId`.
        operation: &'static str,
        /// The status of the answer.
        status: StatusCode,
        /// Which field, as its path from the root of the body: `ticket.id`.
        field: String,
    },
}

impl Drift {
    /// Hides the private texts that a server may have put into the names of fields.
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
                write!(f, "{operation} answered {}, which the spec does not document", status.as_u16())
            }
            Self::UndocumentedBody { operation, status } => {
                write!(f, "{operation} answered {} with a body that is not as the spec documents", status.as_u16())
            }
            Self::UnknownField { operation, status, field } => write!(
                f,
                "{operation} answered {} with the field `{field}`, which the spec does not know",
                status.as_u16()
            ),
        }
    }
}

/// How many drifts of one answer are reported: a body of thousands of unknown fields is no news thousands of times.
const MAX_DRIFTS: usize = 16;

/// Reads the body of a success; tells of everything in the answer that is not as documented.
pub(crate) fn read_success<T: DeserializeOwned + 'static>(
    operation: &Operation,
    status: StatusCode,
    body: &[u8],
    report: &dyn Fn(Drift),
) -> Option<T> {
    let left = MAX_DRIFTS - report_status(operation, status, report);
    // An operation that documents no body has `()` for it, which no JSON but `null` is.
    if body.is_empty() && std::any::TypeId::of::<T>() == std::any::TypeId::of::<()>() {
        return serde_json::from_slice(b"null").ok();
    }
    read(operation, status, body, left, report)
}

/// Tells of everything in an error answer that is not as documented.
pub(crate) fn check_error(operation: &Operation, status: StatusCode, body: &[u8], report: &dyn Fn(Drift)) {
    report_status(operation, status, report);
    if operation.documents_error(status) {
        let _: Option<ErrorResponse> = read(operation, status, body, MAX_DRIFTS, report);
    }
}

/// Reports a status that is not documented; gives the number of reports.
fn report_status(operation: &Operation, status: StatusCode, report: &dyn Fn(Drift)) -> usize {
    let is_drift = !operation.documents(status) && !is_http_s_own(status);
    if is_drift {
        report(Drift::UndocumentedStatus { operation: operation.id, status });
    }
    usize::from(is_drift)
}

/// Whether a status says nothing of the operation: it refuses the credentials or the access (401, 403, 407, 451), the size
/// (413, 414, 431) or the rate (408, 429), often before the API itself is reached; or the server fails (5xx).
///
/// Not among them are statuses that question the path, the method or the media type (404, 405, 406, 415): those are the contract.
fn is_http_s_own(status: StatusCode) -> bool {
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

    fn reported(status: u16, body: &str) -> Vec<String> {
        let reported = RefCell::new(Vec::new());
        let report = |drift: Drift| reported.borrow_mut().push(drift.to_string());
        let status = StatusCode::from_u16(status).unwrap();
        if status.is_success() {
            read_success::<UpdateTicketMetadataResponse>(&OPERATION, status, body.as_bytes(), &report);
        } else {
            check_error(&OPERATION, status, body.as_bytes(), &report);
        }
        reported.into_inner()
    }

    #[test]
    fn what_is_not_as_documented_is_told() {
        let status = |status| format!("update_ticket_metadata answered {status}, which the spec does not document");
        let body =
            |status| format!("update_ticket_metadata answered {status} with a body that is not as the spec documents");
        let field = |status, field| {
            format!("update_ticket_metadata answered {status} with the field `{field}`, which the spec does not know")
        };
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
            (404, "<html>", vec![body(404)]),
        ];
        for (status, body, expected) in cases {
            assert_eq!(reported(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn statuses_of_any_http_server_are_no_drift_unless_documented() {
        for status in [401, 403, 407, 408, 413, 414, 429, 431, 451, 500, 501, 502, 503, 504, 599] {
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
        let read = read_success::<()>(&OPERATION, StatusCode::OK, b"", &|drift| reported.borrow_mut().push(drift));
        assert_eq!((read, reported.into_inner()), (Some(()), vec![]));
    }
}

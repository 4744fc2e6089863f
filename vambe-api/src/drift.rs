//! Where the server's answers leave the contract that the client was generated from.

use std::{cell::RefCell, fmt};

use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use crate::{Operation, private::Private, raw::types::ErrorResponse};

/// An answer is not as the spec says. The call goes on all the same: this is for whoever keeps the spec.
///
/// Told to [`ClientBuilder::on_drift`](crate::ClientBuilder::on_drift) and as an event of `tracing`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Drift {
    /// The status is not one that the spec documents for the operation.
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
    /// Without the private texts that a server may have put into the names of fields.
    pub(crate) fn hide(self, private: &Private) -> Self {
        match self {
            Self::UnknownField { operation, status, field } => {
                Self::UnknownField { operation, status, field: private.hide(&field) }
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

/// Reads the body of a success; tells of everything in the answer that is not as documented.
pub(crate) fn read_success<T: DeserializeOwned + 'static>(
    operation: &Operation,
    status: StatusCode,
    body: &[u8],
    tell: &dyn Fn(Drift),
) -> Option<T> {
    tell_status(operation, status, tell);
    // An operation that documents no body has `()` for it, which no JSON but `null` is.
    if body.is_empty() && std::any::TypeId::of::<T>() == std::any::TypeId::of::<()>() {
        return serde_json::from_slice(b"null").ok();
    }
    read(operation, status, body, tell)
}

/// Tells of everything in an error answer that is not as documented.
pub(crate) fn check_error(operation: &Operation, status: StatusCode, body: &[u8], tell: &dyn Fn(Drift)) {
    if tell_status(operation, status, tell) && operation.documents_error(status) {
        let _: Option<ErrorResponse> = read(operation, status, body, tell);
    }
}

fn tell_status(operation: &Operation, status: StatusCode, tell: &dyn Fn(Drift)) -> bool {
    let documented = operation.documents(status);
    if !documented {
        tell(Drift::UndocumentedStatus { operation: operation.id, status });
    }
    documented
}

fn read<T: DeserializeOwned>(
    operation: &Operation,
    status: StatusCode,
    body: &[u8],
    tell: &dyn Fn(Drift),
) -> Option<T> {
    let unknown = RefCell::new(Vec::new());
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = serde_ignored::deserialize(&mut json, |path| unknown.borrow_mut().push(path.to_string()));
    match read.and_then(|read| json.end().map(|()| read)) {
        Ok(read) => {
            for field in unknown.take() {
                tell(Drift::UnknownField { operation: operation.id, status, field });
            }
            Some(read)
        }
        Err(_) => {
            tell(Drift::UndocumentedBody { operation: operation.id, status });
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::{operations::UPDATE_TICKET_METADATA as OPERATION, types::UpdateTicketMetadataResponse};

    fn told(status: u16, body: &str) -> Vec<String> {
        let told = RefCell::new(Vec::new());
        let tell = |drift: Drift| told.borrow_mut().push(drift.to_string());
        let status = StatusCode::from_u16(status).unwrap();
        if status.is_success() {
            read_success::<UpdateTicketMetadataResponse>(&OPERATION, status, body.as_bytes(), &tell);
        } else {
            check_error(&OPERATION, status, body.as_bytes(), &tell);
        }
        told.into_inner()
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
            (500, "<html>", vec![status(500)]),
        ];
        for (status, body, expected) in cases {
            assert_eq!(told(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn an_operation_without_a_documented_body_may_have_none() {
        let told = RefCell::new(Vec::new());
        let read = read_success::<()>(&OPERATION, StatusCode::OK, b"", &|drift| told.borrow_mut().push(drift));
        assert_eq!((read, told.into_inner()), (Some(()), vec![]));
    }
}

//! The answers of the service's own API to failures: which of the client's errors the caller can do something about.

use std::time::Duration;

use axum::{
    Json,
    http::{StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde_json::json;
use vambe_api::{Delivery, Error};

/// A request that failed.
#[derive(Debug)]
pub(crate) enum Failure {
    NoAccount,
    Vambe(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Vambe(error)
    }
}

impl Failure {
    /// Returns the status and the code of the answer.
    pub(crate) fn answer(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NoAccount => (StatusCode::NOT_FOUND, "no_account"),
            Self::Vambe(error) if error.is_ticket_not_found() => (StatusCode::NOT_FOUND, "no_ticket"),
            Self::Vambe(Error::InvalidRequest(_)) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            // The caller can try again: the update was not applied, or applying it twice is the same as once.
            Self::Vambe(Error::NoSlot(_)) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Vambe(error) if error.is_rate_limited() => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Vambe(error) if error.is_timeout() => (StatusCode::GATEWAY_TIMEOUT, "late"),
            Self::Vambe(error) if error.delivery() != Delivery::Rejected => (StatusCode::BAD_GATEWAY, "unavailable"),
            // A refused API key or an undocumented answer: only the people who run this service can help.
            Self::Vambe(_) => (StatusCode::INTERNAL_SERVER_ERROR, "refused"),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Vambe(error) => error.retry_after(),
            Self::NoAccount => None,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, code) = self.answer();
        let wait = self.retry_after().map(|wait| [(RETRY_AFTER, wait.as_secs().to_string())]);
        (status, wait, Json(json!({ "error": code }))).into_response()
    }
}

//! The answers of the service's own API to failures. Nothing was stored or enqueued then.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tokio_postgres::error::SqlState;
use vambe_queue::InvalidUpdate;

/// A request that failed.
#[derive(Debug)]
pub(crate) enum Failure {
    Update(InvalidUpdate),
    Database(tokio_postgres::Error),
}

impl From<InvalidUpdate> for Failure {
    fn from(error: InvalidUpdate) -> Self {
        Self::Update(error)
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error)
    }
}

impl Failure {
    fn status(&self) -> StatusCode {
        const AGAIN: [SqlState; 3] = [
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::T_R_SERIALIZATION_FAILURE,
            // The ticket has 1,000 pending updates.
            SqlState::PROGRAM_LIMIT_EXCEEDED,
        ];
        match self {
            Self::Update(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Database(error) => match error.code() {
                Some(code) if *code == SqlState::FOREIGN_KEY_VIOLATION => StatusCode::UNPROCESSABLE_ENTITY,
                // The caller can repeat its request.
                Some(code) if AGAIN.contains(code) => StatusCode::SERVICE_UNAVAILABLE,
                Some(_) => StatusCode::INTERNAL_SERVER_ERROR,
                None => StatusCode::SERVICE_UNAVAILABLE,
            },
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match &self {
            Self::Update(error) => tracing::warn!(%error, "order not stored"),
            // Not the error: the database's details have values.
            Self::Database(error) => tracing::warn!(code = error.code().map(SqlState::code), "order not stored"),
        }
        self.status().into_response()
    }
}

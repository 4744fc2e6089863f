//! Conversions of the errors of single parts into the one error of a call.

use std::convert::Infallible;

use super::Error;
use crate::{ConfigError, EmptyMetadata, InvalidContactNumber, InvalidRequest, InvalidTicketRef};

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<InvalidRequest> for Error {
    fn from(error: InvalidRequest) -> Self {
        Self::InvalidRequest(error)
    }
}

impl From<InvalidTicketRef> for Error {
    fn from(error: InvalidTicketRef) -> Self {
        Self::InvalidRequest(InvalidRequest::TicketRef(error))
    }
}

impl From<InvalidContactNumber> for Error {
    fn from(error: InvalidContactNumber) -> Self {
        InvalidTicketRef::from(error).into()
    }
}

impl From<EmptyMetadata> for Error {
    fn from(error: EmptyMetadata) -> Self {
        Self::InvalidRequest(error.into())
    }
}

impl From<Infallible> for Error {
    fn from(error: Infallible) -> Self {
        match error {}
    }
}

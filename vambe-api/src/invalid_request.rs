//! Why a request was refused before it was sent.

use std::{convert::Infallible, fmt};

use crate::{EmptyMetadata, InvalidTicketRef, TransportError, parameters::InvalidParameter};

/// Why a request was refused before it was sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// It does not name one ticket.
    TicketRef(InvalidTicketRef),
    /// It has no metadata to set.
    Metadata(EmptyMetadata),
    /// A parameter cannot be written into the path, the query or a header.
    Parameter(InvalidParameter),
    /// Its body has no form in JSON.
    Body,
    /// It cannot be written as an HTTP request.
    Http(TransportError),
    /// A blocking call was made from async code, whose other tasks would stand still.
    BlockingInAsync,
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TicketRef(_) => f.write_str("it does not name one ticket"),
            Self::Metadata(_) => f.write_str("it has no metadata to set"),
            Self::Parameter(_) => f.write_str("a parameter cannot be written into it"),
            Self::Body => f.write_str("its body has no form in JSON: give maps keys that are texts"),
            Self::Http(_) => f.write_str("it cannot be written as an HTTP request"),
            Self::BlockingInAsync => f.write_str(
                "a blocking call cannot be made from async code: use `vambe_api::Client`, or make it within \
                 `tokio::task::spawn_blocking`",
            ),
        }
    }
}

impl std::error::Error for InvalidRequest {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TicketRef(error) => Some(error),
            Self::Metadata(error) => Some(error),
            Self::Parameter(error) => Some(error),
            Self::Http(error) => Some(error),
            Self::Body | Self::BlockingInAsync => None,
        }
    }
}

impl From<EmptyMetadata> for InvalidRequest {
    fn from(error: EmptyMetadata) -> Self {
        Self::Metadata(error)
    }
}

/// For metadata that cannot be invalid.
impl From<Infallible> for InvalidRequest {
    fn from(error: Infallible) -> Self {
        match error {}
    }
}

//! The error of a request that is rejected before it is sent.

use std::{convert::Infallible, fmt};

use crate::{EmptyMetadata, InvalidHeader, InvalidTicketRef, TransportError, parameters::InvalidParameter};

/// The error of a request that is rejected before it is sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// The ticket reference is invalid.
    TicketRef(InvalidTicketRef),
    /// The metadata is empty.
    Metadata(EmptyMetadata),
    /// A parameter cannot be written into the path, the query or a header.
    Parameter(InvalidParameter),
    /// A header that was added to the call is invalid.
    Header(InvalidHeader),
    /// The body cannot be serialized as JSON.
    Body,
    /// The HTTP request cannot be built.
    Http(TransportError),
    /// A blocking call was made in async code, where it would block other tasks.
    BlockingInAsync,
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TicketRef(_) => f.write_str("invalid ticket reference"),
            Self::Metadata(_) => f.write_str("invalid metadata"),
            Self::Parameter(_) => f.write_str("invalid parameter"),
            Self::Header(_) => f.write_str("invalid header"),
            Self::Body => f.write_str("the body cannot be serialized as JSON: use strings as the keys of maps"),
            Self::Http(_) => f.write_str("could not build the HTTP request"),
            Self::BlockingInAsync => f.write_str(
                "a blocking call was made in async code: use `vambe_api::Client`, or call it within \
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
            Self::Header(error) => Some(error),
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

impl From<InvalidHeader> for InvalidRequest {
    fn from(error: InvalidHeader) -> Self {
        Self::Header(error)
    }
}

/// Satisfies the bound on conversions that cannot fail.
impl From<Infallible> for InvalidRequest {
    fn from(error: Infallible) -> Self {
        match error {}
    }
}

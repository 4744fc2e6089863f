//! Why a call failed: one variant for each stage in a request's life.

use std::{convert::Infallible, fmt};

use reqwest::StatusCode;

use crate::{ConfigError, EmptyMetadata, InvalidContactNumber, InvalidTicketRef, StatusError};

/// Why a call failed, in the order of a request's life.
///
/// `Display` tells of this level only; the cause is in [`source`](std::error::Error::source). Neither it nor `Debug` shows
/// the API key, a contact number or a metadata value, also where the server repeats one in its message.
///
/// # Example
///
/// ```
/// # use vambe_api::{Client, Error, Metadata, TicketRef};
/// # async fn example(client: Client, ticket: TicketRef, metadata: Metadata) -> Result<(), Error> {
/// match client.update_ticket_metadata(ticket, metadata).await {
///     Ok(_) => {}
///     Err(error) if error.is_ticket_not_found() => println!("no such ticket: {:?}", error.message()),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The client could not be built. Nothing was sent.
    Config(ConfigError),
    /// The request is not one that can be sent. Nothing was sent.
    InvalidRequest(InvalidRequest),
    /// No connection to the server came to be. Nothing was sent.
    Connect(TransportError),
    /// The time for the request ran out. It MAY have been sent, and the update may have been applied.
    Timeout(TransportError),
    /// The exchange broke off before an answer came. The request MAY have been sent, and the update may have been applied.
    Interrupted(TransportError),
    /// The server answered with another status than a success.
    Status(Box<StatusError>),
}

impl Error {
    /// The HTTP status, if the server answered.
    pub fn status(&self) -> Option<StatusCode> {
        self.status_error().map(StatusError::status)
    }

    /// The server's own words, if it answered with any. They may repeat what was sent, so mind where they are written to.
    pub fn message(&self) -> Option<&str> {
        self.status_error()?.message()
    }

    /// The whole answer, if the server gave one.
    pub fn status_error(&self) -> Option<&StatusError> {
        match self {
            Self::Status(error) => Some(error),
            _ => None,
        }
    }

    /// Whether the server answered 400: it found no identifier, or the request invalid.
    pub fn is_bad_request(&self) -> bool {
        self.status() == Some(StatusCode::BAD_REQUEST)
    }

    /// Whether the server answered 401: it does not take the API key.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// Whether the server answered 404 in the documented form: the contact or the ticket cannot be found, or the contact
    /// has no active ticket.
    ///
    /// A 404 in another form, such as a web server's HTML page for a wrong base URL, is none.
    pub fn is_ticket_not_found(&self) -> bool {
        self.status_error().is_some_and(|error| error.status() == StatusCode::NOT_FOUND && error.is_documented())
    }

    /// Whether the time for the request ran out.
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Timeout(_) => true,
            Self::Connect(error) => error.0.is_timeout(),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(_) => f.write_str("the client could not be built"),
            Self::InvalidRequest(_) => f.write_str("the request was not sent, since it is not valid"),
            Self::Connect(_) => f.write_str(
                "no connection to the server came to be: check the base URL, the network and the proxy settings",
            ),
            Self::Timeout(_) => f.write_str(
                "the time for the request ran out: the update may have been applied, and sending it again does no harm",
            ),
            Self::Interrupted(_) => f.write_str(
                "the exchange with the server broke off: the update may have been applied, and sending it again does no harm",
            ),
            Self::Status(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Config(error) => Some(error),
            Self::InvalidRequest(error) => Some(error),
            Self::Connect(error) | Self::Timeout(error) | Self::Interrupted(error) => Some(error),
            // Its own words are this level's.
            Self::Status(_) => None,
        }
    }
}

/// Why a request was refused before it was sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// It does not name one ticket.
    TicketRef(InvalidTicketRef),
    /// It has no metadata to set.
    Metadata(EmptyMetadata),
    /// It cannot be written as an HTTP request.
    Http(TransportError),
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TicketRef(_) => f.write_str("it does not name one ticket"),
            Self::Metadata(_) => f.write_str("it has no metadata to set"),
            Self::Http(_) => f.write_str("it cannot be written as an HTTP request"),
        }
    }
}

impl std::error::Error for InvalidRequest {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TicketRef(error) => Some(error),
            Self::Metadata(error) => Some(error),
            Self::Http(error) => Some(error),
        }
    }
}

/// What the HTTP library says of a failure. The URL, which it would tell, is taken out.
///
/// A type of ours, so that the library is not part of this crate's promises.
pub struct TransportError(reqwest::Error);

impl TransportError {
    pub(crate) fn new(error: reqwest::Error) -> Self {
        Self(error.without_url())
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TransportError").field(&self.0).finish()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

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

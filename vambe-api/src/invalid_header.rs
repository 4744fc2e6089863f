//! The error of a header that cannot be added to a call.

use std::fmt;

use reqwest::header::HeaderName;

/// The error of a header that cannot be added to a call: see [`Call::header`](crate::Call::header). It never has the value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidHeader {
    /// The name has a character that names cannot have, or is empty.
    Name,
    /// The value has a control character.
    Value {
        /// The name of the header.
        name: HeaderName,
    },
    /// The client sets the header itself.
    Reserved {
        /// The name of the header.
        name: HeaderName,
    },
}

impl fmt::Display for InvalidHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("the name of a header is invalid: use letters, digits and hyphens"),
            Self::Value { name } => {
                write!(f, "the value of the header `{name}` has invalid characters: remove control characters")
            }
            Self::Reserved { name } => write!(f, "the client sets the header `{name}` itself: leave it out"),
        }
    }
}

impl std::error::Error for InvalidHeader {}

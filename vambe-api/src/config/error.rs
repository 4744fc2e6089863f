//! The error of a client that could not be built.

use std::{borrow::Cow, fmt};

use super::base_url;
use crate::TransportError;

/// The error of a client that could not be built. Nothing was sent.
///
/// It shows neither the API key nor the base URL, which may contain a password.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConfigError {
    /// An environment variable is not valid Unicode.
    Environment {
        /// The name of the variable.
        variable: Cow<'static, str>,
    },
    /// No API key is set.
    MissingApiKey {
        /// The name of the environment variable that [`Client::from_env`](crate::Client::from_env) reads, with the prefix if there is
        /// one.
        variable: Cow<'static, str>,
    },
    /// The API key is empty or only white space.
    EmptyApiKey,
    /// The API key has a character that cannot be sent: white space, a control character, or a non-ASCII character.
    InvalidApiKey {
        /// The position of the character in the key, from 1.
        position: usize,
    },
    /// The base URL is invalid.
    InvalidBaseUrl {
        /// The reason.
        reason: &'static str,
    },
    /// The base URL uses plain HTTP to a host other than localhost, which would expose the API key.
    PlainHttp,
    /// The app name is empty, or has a character other than visible ASCII and spaces.
    InvalidAppName,
    /// A root certificate is not valid PEM.
    RootCertificate(TransportError),
    /// The HTTP client could not be set up.
    HttpClient(TransportError),
    /// The thread for blocking calls could not be started.
    Thread(std::io::Error),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment { variable } => {
                write!(f, "the environment variable {variable} is not valid Unicode: set it again")
            }
            Self::MissingApiKey { variable } => {
                write!(f, "there is no API key: set {variable}, or call `ClientBuilder::api_key`")
            }
            Self::EmptyApiKey => f.write_str(
                "the API key is empty: check VAMBE_API_KEY, or the variable that you read it from, or the argument of \
                 `ClientBuilder::api_key`",
            ),
            Self::InvalidApiKey { position } => write!(
                f,
                "the API key has a character that cannot be sent, at position {position}: remove line breaks, spaces \
                 and non-ASCII characters"
            ),
            Self::InvalidBaseUrl { reason } => {
                write!(f, "the base URL cannot be used ({reason}): write it as in {}", base_url::DEFAULT)
            }
            Self::PlainHttp => f.write_str(
                "the base URL uses plain HTTP, which would expose the API key: use https, or call \
                 `ClientBuilder::allow_plain_http`",
            ),
            Self::InvalidAppName => {
                f.write_str("the app name cannot be sent: write it in visible ASCII, as in orders-service/1.4")
            }
            Self::RootCertificate(_) => f.write_str("could not read a root certificate: provide it as PEM"),
            Self::HttpClient(_) => {
                f.write_str("could not set up the HTTP client: check the system's root certificates and proxy settings")
            }
            Self::Thread(_) => f.write_str("could not start the thread for blocking calls: check the system's limits"),
        }
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::RootCertificate(source) | Self::HttpClient(source) => Some(source),
            Self::Thread(source) => Some(source),
            _ => None,
        }
    }
}

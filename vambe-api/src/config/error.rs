//! Why a client could not be built.

use std::fmt;

use super::{base_url, builder};
use crate::TransportError;

/// Why a client could not be built. Nothing was sent.
///
/// It shows neither the key nor the base URL, which may hold a password.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConfigError {
    /// A variable of the environment is not Unicode.
    Environment {
        /// The name of the variable.
        variable: &'static str,
    },
    /// No API key was given.
    MissingApiKey,
    /// The API key is empty, or nothing but white space.
    EmptyApiKey,
    /// The API key has a character that cannot be sent: white space, a control character, or one outside ASCII.
    InvalidApiKey {
        /// Which character of the key, from 1.
        position: usize,
    },
    /// The base URL cannot be used.
    InvalidBaseUrl {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The base URL is http, and its host is not this one: the key would travel in the clear.
    PlainHttp,
    /// A root certificate is not PEM.
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
                write!(f, "the environment variable {variable} is not valid Unicode: set it anew")
            }
            Self::MissingApiKey => {
                write!(f, "there is no API key: set {}, or call `ClientBuilder::api_key`", builder::API_KEY_VARIABLE)
            }
            Self::EmptyApiKey => write!(
                f,
                "the API key is empty: check {}, or what is given to `ClientBuilder::api_key`",
                builder::API_KEY_VARIABLE
            ),
            Self::InvalidApiKey { position } => write!(
                f,
                "the API key has a character that cannot be sent, at position {position}: check it for line breaks, \
                 spaces and characters outside ASCII"
            ),
            Self::InvalidBaseUrl { reason } => {
                write!(f, "the base URL cannot be used, since {reason}: write it as in {}", base_url::DEFAULT)
            }
            Self::PlainHttp => f.write_str(
                "the base URL is http, which would show the key to the network: write https, or call \
                 `ClientBuilder::allow_plain_http`",
            ),
            Self::RootCertificate(_) => f.write_str("a root certificate cannot be read: give it as PEM"),
            Self::HttpClient(_) => f.write_str(
                "the HTTP client could not be set up: check the system's root certificates and proxy settings",
            ),
            Self::Thread(_) => {
                f.write_str("the thread for blocking calls could not be started: check the system's limits")
            }
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

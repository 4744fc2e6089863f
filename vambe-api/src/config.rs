//! Building a client: what can be set, and why it may be refused.

use std::{env, fmt};

use reqwest::{Url, header::HeaderValue};

use crate::{Client, Redacted, Transport, TransportError};

/// Where Vambe's API is, by the published page.
const DEFAULT_BASE_URL: &str = "https://api.vambe.me";
const API_KEY_VARIABLE: &str = "VAMBE_API_KEY";
const BASE_URL_VARIABLE: &str = "VAMBE_BASE_URL";

/// Sets up a [`Client`].
///
/// # Example
///
/// ```
/// use vambe_api::Client;
///
/// let client = Client::builder().api_key("your_api_key_here").base_url("http://127.0.0.1:8080").build()?;
/// # Ok::<(), vambe_api::ConfigError>(())
/// ```
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    api_key: Option<String>,
    base_url: Option<String>,
}

impl ClientBuilder {
    /// Takes what the environment gives: `VAMBE_API_KEY`, and `VAMBE_BASE_URL` if it is set and not empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Environment`] if a variable is not Unicode. A missing key is reported by [`build`](Self::build).
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            api_key: variable(API_KEY_VARIABLE)?,
            base_url: variable(BASE_URL_VARIABLE)?.filter(|url| !url.is_empty()),
        })
    }

    /// Sets the API key, as it is sent in the `x-api-key` header. There is no default.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// Sets the base URL; the default is `https://api.vambe.me`.
    ///
    /// It may have a path, under which the API's paths are then looked for, and a slash at its end makes no difference.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the key is missing or cannot be sent, or the base URL is not one.
    pub fn build(self) -> Result<Client, ConfigError> {
        let api_key = parse_api_key(self.api_key.as_deref().ok_or(ConfigError::MissingApiKey)?)?;
        let base_url = parse_base_url(self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL))?;
        Ok(Client::new(Transport::new(base_url, api_key)?))
    }
}

/// Hides the key.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of the base URL too: what is not parsed yet may hold a password.
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key.as_ref().map(|_| Redacted))
            .field("base_url", &self.base_url.as_ref().map(|_| Redacted))
            .finish()
    }
}

fn variable(name: &'static str) -> Result<Option<String>, ConfigError> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(ConfigError::Environment { variable: name }),
    }
}

fn parse_api_key(key: &str) -> Result<HeaderValue, ConfigError> {
    if key.trim().is_empty() {
        return Err(ConfigError::EmptyApiKey);
    }
    let invalid = |index| ConfigError::InvalidApiKey { position: index + 1 };
    if let Some(index) = key.chars().position(|c| !c.is_ascii_graphic()) {
        return Err(invalid(index));
    }
    let mut value = HeaderValue::from_str(key).map_err(|_| invalid(0))?;
    value.set_sensitive(true);
    Ok(value)
}

fn parse_base_url(text: &str) -> Result<String, ConfigError> {
    let invalid = |reason| ConfigError::InvalidBaseUrl { reason };
    let url = Url::parse(text).map_err(|_| invalid("it is not an absolute URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid("its scheme is neither https nor http"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("it holds a user name or a password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("it has a query or a fragment"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Why a client could not be built.
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
    /// The HTTP client could not be set up.
    HttpClient(TransportError),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment { variable } => {
                write!(f, "the environment variable {variable} is not valid Unicode: set it anew")
            }
            Self::MissingApiKey => {
                write!(f, "there is no API key: set {API_KEY_VARIABLE}, or call `ClientBuilder::api_key`")
            }
            Self::EmptyApiKey => write!(
                f,
                "the API key is empty: check {API_KEY_VARIABLE}, or what is given to `ClientBuilder::api_key`"
            ),
            Self::InvalidApiKey { position } => write!(
                f,
                "the API key has a character that cannot be sent, at position {position}: check it for line breaks, spaces and \
                 characters outside ASCII"
            ),
            Self::InvalidBaseUrl { reason } => {
                write!(f, "the base URL cannot be used, since {reason}: write it as in {DEFAULT_BASE_URL}")
            }
            Self::HttpClient(_) => f.write_str(
                "the HTTP client could not be set up: check the system's root certificates and proxy settings",
            ),
        }
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::HttpClient(source) => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_cannot_be_sent_is_an_error_that_does_not_show_it() {
        let cases = [
            ("", "the API key is empty"),
            (" \n", "the API key is empty"),
            ("secret\n", "at position 7"),
            ("sécret", "at position 2"),
            ("se cret", "at position 3"),
            ("s\u{0}", "at position 2"),
        ];
        for (key, expected) in cases {
            let error = Client::builder().api_key(key).build().unwrap_err();
            assert!(error.to_string().contains(expected), "{key:?}: {error}");
            assert!(!format!("{error} {error:?}").contains("cret"), "{error:?}");
        }
        assert!(matches!(Client::builder().build(), Err(ConfigError::MissingApiKey)));
    }

    #[test]
    fn a_base_url_may_have_a_path_and_a_slash_at_its_end() {
        let cases = [
            ("https://api.vambe.me", "https://api.vambe.me"),
            ("https://api.vambe.me/", "https://api.vambe.me"),
            ("http://127.0.0.1:8080/proxy/vambe//", "http://127.0.0.1:8080/proxy/vambe"),
            ("HTTPS://API.VAMBE.ME:443/a%20b", "https://api.vambe.me/a%20b"),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_base_url(text).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_no_base_url_is_an_error_that_does_not_show_it() {
        for text in [
            "",
            "api.vambe.me",
            "/path",
            "https://",
            "ftp://api.vambe.me",
            "https://user:hunter2@api.vambe.me",
            "https://api.vambe.me?key=hunter2",
            "https://api.vambe.me/#hunter2",
            "https://exa mple.com",
            "http://[::1",
        ] {
            let error = Client::builder().api_key("k").base_url(text).build().unwrap_err();
            assert!(matches!(error, ConfigError::InvalidBaseUrl { .. }), "{text}: {error:?}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }
}

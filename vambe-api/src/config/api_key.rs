//! The API key: parsed once, kept once in memory, and wiped with the last client that uses it.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD as STANDARD};
use bytes::Bytes;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use super::ConfigError;

/// The API key as a header value.
///
/// The header values of all requests share the memory of one secret, which is wiped when the last of them is dropped. Copies in
/// the connection buffers of the HTTP library are not wiped.
#[derive(Clone)]
pub(crate) struct ApiKey(HeaderValue);

impl ApiKey {
    pub(crate) fn parse(key: Zeroizing<String>) -> Result<Self, ConfigError> {
        if key.trim().is_empty() {
            return Err(ConfigError::EmptyApiKey);
        }
        if let Some(index) = key.chars().position(|c| !c.is_ascii_graphic()) {
            return Err(ConfigError::InvalidApiKey { position: index + 1 });
        }
        let shared = Bytes::from_owner(Owner(key));
        let mut value =
            HeaderValue::from_maybe_shared(shared).map_err(|_| ConfigError::InvalidApiKey { position: 1 })?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// Returns the value of `Authorization` with the key as a bearer token; its memory is wiped, too.
    pub(crate) fn bearer(&self) -> Option<HeaderValue> {
        authorization(format!("Bearer {}", self.0.to_str().ok()?))
    }

    /// Returns the value of `Authorization` with the key as user and password; its memory is wiped, too.
    pub(crate) fn basic(&self) -> Option<HeaderValue> {
        // With room for all of it: a move to other memory would leave a copy that is not wiped.
        let mut text = String::with_capacity(6 + self.0.len().div_ceil(3) * 4);
        text.push_str("Basic ");
        STANDARD.encode_string(&self.0, &mut text);
        authorization(text)
    }

    /// Returns the key, for the search that redacts it.
    pub(crate) fn as_header(&self) -> &HeaderValue {
        &self.0
    }
}

fn authorization(text: String) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(Owner(text.into()))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ApiKey").field(&crate::Redacted).finish()
    }
}

struct Owner(Zeroizing<String>);

impl AsRef<[u8]> for Owner {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_a_key_that_cannot_be_sent_with_the_position() {
        let cases = [
            ("", "the API key is empty"),
            (" \n", "the API key is empty"),
            ("secret\n", "at position 7"),
            ("sécret", "at position 2"),
            ("se cret", "at position 3"),
            ("s\u{0}", "at position 2"),
        ];
        for (key, expected) in cases {
            let error = ApiKey::parse(key.to_owned().into()).unwrap_err();
            assert!(error.to_string().contains(expected), "{key:?}: {error}");
            assert!(!format!("{error} {error:?}").contains("cret"), "{error:?}");
        }
    }

    #[test]
    fn the_header_is_sensitive_and_shares_the_memory_of_the_key() {
        let key = ApiKey::parse("secret".to_owned().into()).unwrap();
        let (one, another) = (key.header(), key.header());
        assert!(one.is_sensitive());
        assert_eq!(one.as_bytes().as_ptr(), another.as_bytes().as_ptr());
        assert!(!format!("{key:?} {one:?}").contains("secret"));
    }
}

//! The headers and the account of a single call, in addition to those of its client.

use std::sync::Arc;

use reqwest::header::{
    ACCEPT, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
    USER_AGENT,
};

use super::credentials::API_KEY;
use crate::InvalidHeader;

/// The headers that the client or the HTTP library sets.
const RESERVED: [HeaderName; 8] =
    [ACCEPT, API_KEY, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING, USER_AGENT];

/// The headers and the account of a call.
#[derive(Clone, Default)]
pub(super) struct Extra {
    pub(super) headers: HeaderMap,
    pub(super) account: Option<Arc<str>>,
}

impl Extra {
    /// Sets a header. Its value is marked as sensitive, so that it is redacted like the key.
    pub(super) fn set_header<K, V>(&mut self, name: K, value: V) -> Result<(), InvalidHeader>
    where
        HeaderName: TryFrom<K>,
        HeaderValue: TryFrom<V>,
    {
        let name = HeaderName::try_from(name).map_err(|_| InvalidHeader::Name)?;
        if RESERVED.contains(&name) {
            return Err(InvalidHeader::Reserved { name });
        }
        let Ok(mut value) = HeaderValue::try_from(value) else { return Err(InvalidHeader::Value { name }) };
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(())
    }
}

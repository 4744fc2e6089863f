//! The request of an operation, from which the HTTP request of each attempt is built.

use std::{borrow::Cow, cell::OnceCell, fmt};

use bytes::Bytes;
use reqwest::{
    Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use serde::Serialize;

use super::{credentials::Credentials, handover::Handover};
use crate::{Error, InvalidRequest, Operation, config::ApiKey, parameters, redact::Redactor};

pub(crate) const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// A request of an operation, for [`Transport::send`](crate::Transport::send).
///
/// Each attempt builds its HTTP request from it, since sending consumes an HTTP request.
///
/// `Debug` shows only the operation.
///
/// # Example
///
/// Generated code creates requests; by hand, this sends a body that the generator does not support:
///
/// ```
/// use vambe_api::{Client, Error, Response};
/// use vambe_api::raw::{operations, types::UpdateTicketMetadataResponse};
///
/// # async fn example(client: Client) -> Result<(), Error> {
/// let transport = client.raw().transport();
/// let body = r#"{"ticket_id": "…", "metadata": {}}"#;
/// let request = transport.request(&operations::UPDATE_TICKET_METADATA)?.body(body);
/// let response: Response<UpdateTicketMetadataResponse> = transport.send(request).await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until the request is passed to `Transport::send`"]
pub struct Request<'a> {
    pub(super) operation: &'a Operation,
    url: Cow<'a, Url>,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl<'a> Request<'a> {
    pub(super) fn new(operation: &'a Operation, url: Cow<'a, Url>) -> Self {
        Self { operation, url, headers: HeaderMap::new(), body: None }
    }

    /// Sets headers in addition to the client's own. The values of sensitive headers are redacted in texts of the server.
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.headers.extend(headers);
        self
    }

    /// Asks for a response of another media type than JSON. A text that cannot be in a header changes nothing.
    pub fn accept(mut self, media_type: &str) -> Self {
        if let Ok(media_type) = HeaderValue::from_str(media_type) {
            self.headers.insert(ACCEPT, media_type);
        }
        self
    }

    /// Sets the body to a value as JSON.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest::Body`] if the value cannot be serialized as JSON, such as a map whose keys are not strings.
    pub fn json(self, value: &impl Serialize) -> Result<Self, Error> {
        Ok(self.body(serde_json::to_vec(value).map_err(|_| InvalidRequest::Body)?))
    }

    /// Sets the body to a value as an HTML form: one pair per field, and one per item of a list.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest::Parameter`] if the value is not an object of plain values and lists of them.
    pub fn form(mut self, value: &impl Serialize) -> Result<Self, Error> {
        let body = parameters::form(value)?;
        self.headers.insert(CONTENT_TYPE, FORM);
        Ok(self.body(body))
    }

    /// Sets the body. If it is neither JSON nor a form, set its `Content-Type` with [`headers`](Self::headers); its values are then not
    /// redacted in texts of the server.
    pub fn body(mut self, bytes: impl Into<Bytes>) -> Self {
        self.body = Some(bytes.into());
        self
    }

    /// Adds the headers of a call, which are sensitive.
    pub(super) fn add_headers(&mut self, headers: &HeaderMap) {
        self.headers.extend(headers.clone());
    }

    /// Builds the HTTP request of an attempt. Its body shares the memory of this one, and reports to `handover` if there is one.
    pub(super) fn to_http(&self, credentials: &Credentials, handover: Option<&Handover>) -> reqwest::Request {
        let mut request = reqwest::Request::new(self.operation.method.into(), Url::clone(&self.url));
        let mut headers = credentials.headers_of(self.operation);
        if self.body.is_none() {
            headers.remove(CONTENT_TYPE);
        }
        *request.body_mut() = match handover {
            Some(handover) => Some(handover.body(self.body.clone())),
            None => self.body.clone().map(reqwest::Body::from),
        };
        if !self.headers.is_empty() {
            headers.extend(self.headers.clone());
        }
        *request.headers_mut() = headers;
        request
    }

    /// Returns the redactor of the private texts in this request.
    pub(super) fn redactor<'s>(&'s self, api_key: &'s ApiKey) -> Redactor<'s> {
        let Self { operation, url, headers, body } = self;
        let (body, api_key, needles) = (body.as_deref(), api_key.as_header(), OnceCell::new());
        Redactor { operation, url, headers, body, api_key, needles }
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use reqwest::header::HeaderValue;

    use super::{
        super::{credentials::API_KEY, http::user_agent},
        *,
    };
    use crate::{ApiKeyPlace, Client, Transport, raw::operations::UPDATE_TICKET_METADATA as OPERATION};

    fn transport(base_url: &str) -> Transport {
        Client::builder().api_key("the-key").base_url(base_url).build().unwrap().raw().transport().clone()
    }

    fn http(transport: &Transport, request: &Request<'_>) -> reqwest::Request {
        request.to_http(&transport.shared.credentials.get(), None)
    }

    #[test]
    fn every_attempt_has_the_same_request() {
        let transport = transport("http://127.0.0.1:8080/proxy");
        let request = transport.request(&OPERATION).unwrap().json(&"a").unwrap();
        for _ in 0..2 {
            let http = http(&transport, &request);
            assert_eq!(
                (http.method(), http.url().path()),
                (&reqwest::Method::POST, "/proxy/api/public/ticket/metadata")
            );
            assert_eq!(http.body().unwrap().as_bytes(), Some(b"\"a\"".as_slice()));
            let user_agent = user_agent();
            let expected = BTreeMap::from([
                ("accept", "application/json"),
                ("content-type", "application/json"),
                ("host", "127.0.0.1:8080"),
                ("user-agent", user_agent),
                ("x-api-key", "the-key"),
            ]);
            let sent = http.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
            assert_eq!(sent.collect::<BTreeMap<_, _>>(), expected);
            assert!(http.headers()[API_KEY].is_sensitive());
        }
    }

    #[test]
    fn the_key_is_where_the_operation_has_it_and_nowhere_else() {
        let transport = transport("http://127.0.0.1");
        let cases = [
            (ApiKeyPlace::Header("x-api-key"), Some(("x-api-key", "the-key"))),
            (ApiKeyPlace::Header("x-other"), Some(("x-other", "the-key"))),
            (ApiKeyPlace::Bearer, Some(("authorization", "Bearer the-key"))),
            (ApiKeyPlace::Basic, Some(("authorization", "Basic dGhlLWtleQ=="))),
            (ApiKeyPlace::None, None),
        ];
        for (api_key, expected) in cases {
            let operation = Operation { api_key, ..OPERATION };
            let sent = http(&transport, &transport.request(&operation).unwrap());
            let keys = sent.headers().iter().map(|(name, value)| (name.as_str(), value));
            let keys: Vec<_> =
                keys.filter(|(name, _)| ["x-api-key", "x-other", "authorization"].contains(name)).collect();
            assert!(keys.iter().all(|(_, value)| value.is_sensitive()), "{api_key:?}");
            let keys: Vec<_> = keys.iter().map(|(name, value)| (*name, value.to_str().unwrap())).collect();
            assert_eq!(keys, Vec::from_iter(expected), "{api_key:?}");
        }
    }

    #[test]
    fn without_a_body_there_is_no_content_type() {
        let transport = transport("http://127.0.0.1");
        assert!(!http(&transport, &transport.request(&OPERATION).unwrap()).headers().contains_key(CONTENT_TYPE));
    }

    #[test]
    fn a_header_of_the_request_replaces_the_common_one() {
        let transport = transport("http://127.0.0.1");
        let text = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("text/plain"))]);
        let sent = http(&transport, &transport.request(&OPERATION).unwrap().body("a").headers(text));
        assert_eq!(sent.headers().get_all(CONTENT_TYPE).iter().collect::<Vec<_>>(), ["text/plain"]);
    }

    #[test]
    fn no_path_leads_to_another_host() {
        let transport = transport("http://127.0.0.1");
        for path in ["/a", "a", "", "//b.example.com", ".example.com/", "@example.com", ":1@example.com", "\\\\c\\d"] {
            let request = transport.request_at(&OPERATION, path).unwrap();
            assert_eq!(request.url.authority(), "127.0.0.1", "{path}");
        }
    }

    #[test]
    fn rejects_a_body_that_cannot_be_serialized() {
        let transport = transport("http://127.0.0.1");
        let error = transport.request(&OPERATION).unwrap().json(&BTreeMap::from([(vec![1], 2)])).unwrap_err();
        assert!(matches!(error, Error::InvalidRequest(InvalidRequest::Body)), "{error:?}");
    }
}

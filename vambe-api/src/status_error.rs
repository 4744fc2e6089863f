//! A response other than a success, with everything the server sent.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use reqwest::{
    StatusCode, Url,
    header::{HeaderMap, LOCATION},
};

use crate::{
    body::Body, call::Attempts, error_body::ErrorBody, redact::Redactor, response::request_id,
    retry_after::retry_after, transport::Answer,
};

/// A response with a status other than 2xx, with everything the server sent.
///
/// It keeps an undocumented body too: HTML, an empty one, a list of messages, or a truncated one.
pub struct StatusError {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    message: Option<String>,
    documented: bool,
    /// The redacted message.
    shown: Option<String>,
    /// The redacted origin of a redirect.
    shown_origin: Option<String>,
    /// The way in which the contact number of an unknown ticket was read.
    read_as: Option<String>,
    retry_after: Option<Duration>,
    attempts: Attempts,
}

impl StatusError {
    pub(crate) fn new(answer: Answer, attempts: Attempts, redactor: &Redactor<'_>) -> Self {
        let Answer { status, headers, body } = answer;
        let ErrorBody { message, documented } = ErrorBody::read(&headers, &body.bytes);
        let shown = message.as_deref().map(|message| redactor.redact(message));
        let shown_origin = redirect_origin(status, &headers).map(|origin| redactor.redact(&origin));
        let retry_after = retry_after(&headers, SystemTime::now());
        let read_as = (documented && status == StatusCode::NOT_FOUND).then(|| read_as(redactor)).flatten();
        Self { status, headers, body, message, documented, shown, shown_origin, read_as, retry_after, attempts }
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the id that the server or a proxy gave the request, for a support ticket.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// Returns the wait that the server asks for before the next request, if any. It has no upper bound.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Returns the target of a redirect, without path and query: `https://other.example.com`.
    ///
    /// Returns `None` if the response is not a redirect, or redirects to another path of the same server. The text comes from the
    /// server and may repeat private values of the request; `Display` redacts them.
    pub fn redirect_origin(&self) -> Option<String> {
        redirect_origin(self.status, &self.headers)
    }

    /// Returns the body as it was received, up to the client's limit (64 KiB by default): see
    /// [`is_body_cut`](Self::is_body_cut).
    pub fn body(&self) -> &[u8] {
        &self.body.bytes
    }

    /// Returns `true` if the body is incomplete: it was longer than the limit, or the connection was lost.
    pub fn is_body_cut(&self) -> bool {
        self.body.cut
    }

    /// Returns the server's message; several messages are joined with `; `. It may repeat private values of the request; to log
    /// it, use [`redacted_message`](Self::redacted_message).
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the message with the API key, contact numbers and metadata values redacted, on one line of at most 500
    /// characters. It is safe to log.
    pub fn redacted_message(&self) -> Option<&str> {
        self.shown.as_deref()
    }

    /// Returns `true` if the body has the documented form, with `statusCode` and `message`.
    pub(crate) fn is_documented(&self) -> bool {
        self.documented
    }

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.attempts
    }

    fn advice(&self) -> Option<&'static str> {
        match self.status.as_u16() {
            300..=399 => Some("redirects are not followed; check the base URL"),
            401 | 403 => Some("check the API key"),
            404 if !self.documented => Some("check the base URL"),
            429 => Some("send fewer requests"),
            500..=599 => Some(self.attempts.delivery_text()),
            _ => None,
        }
    }
}

/// Describes the country that the contact number of a request was read as one of. The number itself is private.
fn read_as(redactor: &Redactor<'_>) -> Option<String> {
    let number = redactor.contact_number()?;
    Some(match number.calling_code() {
        Some(code) => format!("the contact number was read as one of {code}"),
        None => "no country has the country code of the contact number".to_owned(),
    })
}

fn redirect_origin(status: StatusCode, headers: &HeaderMap) -> Option<String> {
    let location = headers.get(LOCATION)?.to_str().ok()?;
    let url = status.is_redirection().then(|| Url::parse(location).ok())??;
    Some(url.origin().ascii_serialization())
}

impl fmt::Display for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server answered {}", self.status.as_u16())?;
        if let Some(reason) = self.status.canonical_reason() {
            write!(f, " {reason}")?;
        }
        match &self.shown {
            Some(message) => write!(f, ": {message}")?,
            None if self.body.bytes.is_empty() => f.write_str(" with an empty body")?,
            None => write!(f, " with an undocumented body of {} B", self.body.bytes.len())?,
        }
        let mut notes: Vec<String> = Vec::new();
        notes.extend(self.shown_origin.as_ref().map(|origin| format!("redirects to {origin}")));
        notes.extend(self.read_as.clone());
        notes.extend(self.body.cut.then(|| "the body is incomplete".to_owned()));
        notes.extend((self.attempts.count() > 1).then(|| format!("{} attempts", self.attempts.count())));
        notes.extend(self.retry_after.map(|wait| format!("retry after {} s", wait.as_secs())));
        notes.extend(self.advice().map(str::to_owned));
        if notes.is_empty() { Ok(()) } else { write!(f, " ({})", notes.join("; ")) }
    }
}

/// Shows the number of headers, the length of the body and the redacted message.
impl fmt::Debug for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusError")
            .field("status", &self.status)
            // Header names come from the server too and may repeat private values.
            .field("headers", &self.headers.len())
            .field("body_len", &self.body.bytes.len())
            .field("body_cut", &self.body.cut)
            .field("message", &self.shown)
            .field("retry_after", &self.retry_after)
            .field("attempts", &self.attempts)
            .finish()
    }
}

impl std::error::Error for StatusError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::redactor_for_body;

    fn error(status: u16, body: &str, redactor: &Redactor<'_>) -> StatusError {
        let (status, body) =
            (StatusCode::from_u16(status).unwrap(), Body { bytes: body.to_owned().into(), cut: false });
        StatusError::new(Answer { status, headers: HeaderMap::new(), body }, Attempts::new(true), redactor)
    }

    #[test]
    fn redacts_what_the_server_repeats_of_the_request() {
        let redactor = redactor_for_body(r#"{"contact_number": "+56912345678"}"#);
        let error = error(400, r#"{"message": "unknown number 56912345678"}"#, &redactor);
        assert_eq!(error.message(), Some("unknown number 56912345678"));
        for shown in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
            assert!(shown.contains("unknown number [redacted]"), "{shown}");
        }
    }

    #[test]
    fn an_unknown_contact_is_shown_with_its_country_only() {
        let documented = r#"{"statusCode": 404, "message": "Contact not found"}"#;
        let ticket = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
        for (status, body, request, note) in [
            (
                404,
                documented,
                r#"{"contact_number": "+912345678"}"#,
                " (the contact number was read as one of India (+91))",
            ),
            (
                404,
                documented,
                r#"{"contact_number": "+99912345678"}"#,
                " (no country has the country code of the contact number)",
            ),
            (404, documented, &format!(r#"{{"ticket_id": "{ticket}"}}"#), ""),
            (
                404,
                r#"{"message": "Contact not found"}"#,
                r#"{"contact_number": "+912345678"}"#,
                " (check the base URL)",
            ),
        ] {
            let shown = error(status, body, &redactor_for_body(request)).to_string();
            assert_eq!(shown, format!("the server answered 404 Not Found: Contact not found{note}"));
        }
    }

    #[test]
    fn shows_a_long_message_shortened_and_on_one_line() {
        let error =
            error(400, &format!(r#"{{"message": "a\n\u001b[2J{}"}}"#, "x".repeat(1000)), &redactor_for_body(""));
        let shown = error.to_string();
        assert!(shown.ends_with('…'), "{shown}");
        assert_eq!(error.redacted_message().unwrap().chars().count(), 500);
        assert!(!shown.contains(char::is_control), "{shown}");
        assert_eq!(error.message().unwrap().chars().count(), 1006);
    }
}

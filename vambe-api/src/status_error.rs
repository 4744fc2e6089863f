//! An answer that is not a success, with all that the server said.

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

/// An answer with another status than a success, with all that the server said.
///
/// Nothing is lost where the body is not the documented one: HTML, empty, a list of messages, or cut off.
pub struct StatusError {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    message: Option<String>,
    documented: bool,
    /// The message as it may be shown.
    shown: Option<String>,
    /// The origin of a redirect as it may be shown.
    shown_origin: Option<String>,
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
        Self { status, headers, body, message, documented, shown, shown_origin, retry_after, attempts }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id that the server or a proxy before it has given the request, to be told to its support.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// How long the server asks to wait before the next request, if it does. It may be any time, also years.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Where a redirect leads to, without path and query: `https://other.example.com`.
    ///
    /// `None` if the answer is no redirect, or one to another path of the same server. It is what the server sent, and may hold
    /// what the request carried; `Display` redacts that.
    pub fn redirect_origin(&self) -> Option<String> {
        redirect_origin(self.status, &self.headers)
    }

    /// The body as it came, up to the client's limit (64 KiB by default); [`is_body_cut`](Self::is_body_cut) tells whether that is all of it.
    pub fn body(&self) -> &[u8] {
        &self.body.bytes
    }

    /// Whether the body had more than could be read: it was too long, or broke off.
    pub fn is_body_cut(&self) -> bool {
        self.body.cut
    }

    /// The server's own words; several are joined with `; `. They may repeat what was sent, so mind where they are
    /// written to; in `Display` such repetitions are hidden.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the message without what the request carried: API key, contact number, metadata values. On one line and at
    /// most 500 characters long, so that it can be logged.
    pub fn redacted_message(&self) -> Option<&str> {
        self.shown.as_deref()
    }

    /// Whether the body is the documented one, with `statusCode` and `message`.
    pub(crate) fn is_documented(&self) -> bool {
        self.documented
    }

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.attempts
    }

    fn advice(&self) -> Option<&'static str> {
        match self.status.as_u16() {
            300..=399 => Some("redirects are not followed, check the base URL"),
            401 | 403 => Some("check the API key"),
            404 if !self.documented => Some("check the base URL"),
            429 => Some("send fewer requests"),
            500..=599 => Some(self.attempts.advice()),
            _ => None,
        }
    }
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
        if let Some(origin) = &self.shown_origin {
            write!(f, " to {origin}")?;
        }
        match &self.shown {
            Some(message) => write!(f, ": {message}")?,
            None if self.body.bytes.is_empty() => f.write_str(" with an empty body")?,
            None => write!(f, " with {} bytes that are not the documented JSON", self.body.bytes.len())?,
        }
        if self.body.cut {
            f.write_str(" (the body was cut)")?;
        }
        if self.attempts.count() > 1 {
            write!(f, " at the last of {} attempts", self.attempts.count())?;
        }
        if let Some(wait) = self.retry_after {
            write!(f, ", and asks to wait for {} s", wait.as_secs())?;
        }
        if let Some(advice) = self.advice() {
            write!(f, " ({advice})")?;
        }
        Ok(())
    }
}

/// Shows the number of the headers and the length of the body; the message as in `Display`.
impl fmt::Debug for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusError")
            .field("status", &self.status)
            // Their names are the server's too, and may repeat what was sent.
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
        let (status, body) = (StatusCode::from_u16(status).unwrap(), Body { bytes: body.into(), cut: false });
        StatusError::new(Answer { status, headers: HeaderMap::new(), body }, Attempts::new(true), redactor)
    }

    #[test]
    fn display_tells_status_message_and_advice() {
        let cases = [
            (
                404,
                r#"{"statusCode": 404, "message": "Active ticket not found for contact"}"#,
                "the server answered 404 Not Found: Active ticket not found for contact",
            ),
            (404, "", "the server answered 404 Not Found with an empty body (check the base URL)"),
            (
                401,
                r#"{"message": "Unauthorized"}"#,
                "the server answered 401 Unauthorized: Unauthorized (check the API key)",
            ),
            (400, "<html>", "the server answered 400 Bad Request with 6 bytes that are not the documented JSON"),
            (799, "", "the server answered 799 with an empty body"),
        ];
        for (status, body, expected) in cases {
            assert_eq!(error(status, body, &redactor_for_body("")).to_string(), expected);
        }
    }

    #[test]
    fn what_was_sent_is_hidden_where_the_server_repeats_it() {
        let redactor = redactor_for_body(r#"{"contact_number": "+56912345678"}"#);
        let error = error(400, r#"{"message": "unknown number 56912345678"}"#, &redactor);
        assert_eq!(error.message(), Some("unknown number 56912345678"));
        for shown in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
            assert!(shown.contains("unknown number [redacted]"), "{shown}");
        }
    }

    #[test]
    fn a_long_message_with_line_breaks_is_shown_short_and_on_one_line() {
        let error =
            error(400, &format!(r#"{{"message": "a\n\u001b[2J{}"}}"#, "x".repeat(1000)), &redactor_for_body(""));
        let shown = error.to_string();
        assert!(shown.ends_with('…'), "{shown}");
        assert_eq!(error.redacted_message().unwrap().chars().count(), 500);
        assert!(!shown.contains(char::is_control), "{shown}");
        assert_eq!(error.message().unwrap().chars().count(), 1006);
    }
}

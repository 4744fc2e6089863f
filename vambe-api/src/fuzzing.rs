//! Entry points into the decoders for the targets in `fuzz/`, compiled only for them.

use std::{cell::OnceCell, time::SystemTime};

use reqwest::{
    StatusCode, Url,
    header::{CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER},
};

use crate::{
    CallOptions, Error,
    body::Body,
    call::{Attempts, CallFailure, TimeLimits},
    drift,
    raw::{operations::UPDATE_TICKET_METADATA, types::UpdateTicketMetadataResponse},
    redact::Redactor,
    transport::{Answer, AttemptError},
};

/// Reads a response as a call does, and formats the error.
pub fn answer(status: u16, content_type: &[u8], body: &[u8], sent: &[u8]) {
    let Ok(status) = StatusCode::from_u16(status) else { return };
    let operation = &UPDATE_TICKET_METADATA;
    let whole = Body { bytes: body.to_vec().into(), cut: false };
    drift::read_success::<UpdateTicketMetadataResponse>(operation, status, &whole, &|_| {});
    drift::check_error(operation, status, body, &|_| {});
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(content_type) {
        headers.insert(CONTENT_TYPE, value.clone());
        headers.insert(reqwest::header::LOCATION, value);
    }
    let answer = Answer { status, headers, body: Body { bytes: body.to_vec().into(), cut: false } };
    let failure = CallFailure::Attempt(AttemptError::Answer(answer));
    let Ok(url) = Url::parse("http://localhost") else { return };
    let (key, no_headers) = (HeaderValue::from_static("the-key"), HeaderMap::new());
    let (body, api_key, needles) = (Some(sent), &key, OnceCell::new());
    let redactor = Redactor { operation, url: &url, headers: &no_headers, body, api_key, needles };
    let error = Error::from_call(failure, Attempts::new(true), TimeLimits::for_call(CallOptions::default()), &redactor);
    let _ = format!("{error} {error:?} {:?}", error.message());
}

/// Reads `Retry-After` and `Date`.
pub fn retry_after(value: &[u8], date: &[u8]) {
    let mut headers = HeaderMap::new();
    for (name, value) in [(RETRY_AFTER, value), (DATE, date)] {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name, value);
        }
    }
    let _ = crate::retry_after::retry_after(&headers, SystemTime::UNIX_EPOCH);
}

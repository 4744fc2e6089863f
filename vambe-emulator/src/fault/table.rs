//! The table of all faults, from which the docs, `--list-faults` and the parser are made.

use http::StatusCode;

use super::{Fault, FaultKind, text::DRIP};

const OK: StatusCode = StatusCode::OK;

/// The words in upper case of the forms.
pub(super) const VALUE_NAMES: &[(&str, &str)] = &[
    ("STATUS", "a status of 200 or above; 200 if omitted, unless the fault has its own default"),
    ("WRITE", "`after-write` applies the update before the response, `before-write` does not apply it"),
    ("WHEN", "seconds (`7`), an HTTP date relative to now (`date+7s`, `date-7s`), `absurd` (86400000), or `malformed`"),
    ("DURATION", "a whole number with `h`, `min`, `s`, `ms`, `us` or `ns`"),
    ("LOCATION", "a URL in visible ASCII, with commas percent-encoded"),
    ("FAULT", "any other fault of this table"),
];

/// The rows, in the order of the docs.
pub(super) const ALL: &[&FaultKind] = &[
    &NONE,
    &LATENCY,
    &OUTAGE,
    &RESET_BEFORE_READING,
    &RESET_BEFORE_WRITE,
    &RESET_AFTER_WRITE,
    &CLOSE_BEFORE_WRITE,
    &CLOSE_AFTER_WRITE,
    &LATE_WRITE,
    &REVOKED_KEY,
    &STATUS,
    &MESSAGE_LIST,
    &REDIRECT,
    &HTML_200,
    &EMPTY_200,
    &WRONG_JSON_200,
    &UNKNOWN_FIELD_200,
    &BODY_CUT,
    &CONTENT_LENGTH_TOO_LONG,
    &BODY_ENDLESS,
    &BODY_SLOW_DRIP,
    &BODY_LATE,
    &BODY_LARGE,
];

pub(super) static NONE: FaultKind = FaultKind {
    form: "none",
    applied: "as usual",
    about: "the usual response",
    examples: &["none"],
    build: |_| Ok(Fault::none()),
};

pub(super) static LATENCY: FaultKind = FaultKind {
    form: "latency:DURATION[:FAULT]",
    applied: "as usual",
    about: "the usual response, or the effect of FAULT, after this delay",
    examples: &["latency:250ms"],
    // The parser reads the delay before it looks for a name.
    build: |parts| Err(parts.mismatch()),
};

pub(super) static OUTAGE: FaultKind = FaultKind {
    form: "outage:DURATION[:FAULT]",
    applied: "as FAULT",
    about: "FAULT, by default 503, for every update during this time, which begins with the first one",
    examples: &["outage:1h", "outage:10min:reset-before-write"],
    // As for `latency`.
    build: |parts| Err(parts.mismatch()),
};

pub(super) static RESET_BEFORE_READING: FaultKind = FaultKind {
    form: "reset-before-reading",
    applied: "no",
    about: "a reset (RST) once the head has arrived; the body is not read and the request is not listed",
    examples: &["reset-before-reading"],
    build: |_| Ok(Fault::reset_before_reading()),
};

pub(super) static RESET_BEFORE_WRITE: FaultKind = FaultKind {
    form: "reset-before-write",
    applied: "no",
    about: "a reset after the request was read",
    examples: &["reset-before-write"],
    build: |_| Ok(Fault::reset_before_write()),
};

pub(super) static RESET_AFTER_WRITE: FaultKind = FaultKind {
    form: "reset-after-write",
    applied: "yes",
    about: "a reset after the update, before any byte of the response",
    examples: &["reset-after-write"],
    build: |_| Ok(Fault::reset_after_write()),
};

pub(super) static CLOSE_BEFORE_WRITE: FaultKind = FaultKind {
    form: "close-before-write",
    applied: "no",
    about: "a clean close (FIN) after the request was read",
    examples: &["close-before-write"],
    build: |_| Ok(Fault::close_before_write()),
};

pub(super) static CLOSE_AFTER_WRITE: FaultKind = FaultKind {
    form: "close-after-write",
    applied: "yes",
    about: "a clean close (FIN) after the update, without a response",
    examples: &["close-after-write"],
    build: |_| Ok(Fault::close_after_write()),
};

pub(super) static LATE_WRITE: FaultKind = FaultKind {
    form: "late-write:DURATION",
    applied: "yes",
    about: "the update is applied only after this delay, even if the client has left; then the usual response",
    examples: &["late-write:5s"],
    build: |parts| Ok(Fault::late_write(parts.duration()?)),
};

pub(super) static REVOKED_KEY: FaultKind = FaultKind {
    form: "revoked-key",
    applied: "no",
    about: "401 for this and every later request with the same API key, until a reset or until all faults are removed",
    examples: &["revoked-key"],
    build: |_| Ok(Fault::revoked_key()),
};

/// The name is optional: `503` is the same as `status:503`.
pub(super) static STATUS: FaultKind = FaultKind {
    form: "status:STATUS[:WRITE][:retry-after=WHEN]",
    applied: "for 2xx",
    about: "this status; the usual body for 2xx, none for 204 and 304, HTML for 502, else the page's error body",
    examples: &["status:503", "status:503:after-write", "429:retry-after=7", "status:201", "status:204"],
    build: |parts| {
        let status = parts.status()?;
        Ok(match parts.retry_after.take() {
            Some(retry_after) => Fault::retry_after(status, retry_after),
            None => Fault::status(status),
        })
    },
};

pub(super) static MESSAGE_LIST: FaultKind = FaultKind {
    form: "message-list[:STATUS][:WRITE]",
    applied: "for 2xx",
    about: "an error whose `message` is a list; 400 by default",
    examples: &["message-list", "message-list:422"],
    build: |parts| Ok(Fault::message_list(parts.status_or(StatusCode::BAD_REQUEST))),
};

pub(super) static REDIRECT: FaultKind = FaultKind {
    form: "redirect:STATUS[:WRITE]:LOCATION",
    applied: "no",
    about: "a 3xx with this `Location`",
    examples: &["redirect:307:http://127.0.0.1:9/x"],
    build: |parts| Fault::redirect(parts.status()?, parts.location()?),
};

pub(super) static HTML_200: FaultKind = FaultKind {
    form: "html-200[:WRITE]",
    applied: "yes",
    about: "200 with an HTML page",
    examples: &["html-200", "html-200:before-write"],
    build: |_| Ok(Fault::html_200()),
};

pub(super) static EMPTY_200: FaultKind = FaultKind {
    form: "empty-200[:WRITE]",
    applied: "yes",
    about: "200 with an empty body",
    examples: &["empty-200"],
    build: |_| Ok(Fault::empty_200()),
};

pub(super) static WRONG_JSON_200: FaultKind = FaultKind {
    form: "wrong-json-200[:WRITE]",
    applied: "yes",
    about: "200 with JSON of an undocumented shape",
    examples: &["wrong-json-200"],
    build: |_| Ok(Fault::wrong_json_200()),
};

pub(super) static UNKNOWN_FIELD_200: FaultKind = FaultKind {
    form: "unknown-field-200[:WRITE]",
    applied: "yes",
    about: "200 with the usual body plus an undocumented field",
    examples: &["unknown-field-200"],
    build: |_| Ok(Fault::unknown_field_200()),
};

pub(super) static BODY_CUT: FaultKind = FaultKind {
    form: "body-cut[:STATUS][:WRITE]",
    applied: "for 2xx",
    about: "half of the body, then a clean close",
    examples: &["body-cut", "body-cut:503"],
    build: |parts| Ok(Fault::body_cut(parts.status_or(OK))),
};

pub(super) static CONTENT_LENGTH_TOO_LONG: FaultKind = FaultKind {
    form: "content-length-too-long[:STATUS][:WRITE]",
    applied: "for 2xx",
    about: "the whole body with a `Content-Length` above its size, on a connection that stays open: the client waits",
    examples: &["content-length-too-long", "content-length-too-long:503"],
    build: |parts| Ok(Fault::content_length_too_long(parts.status_or(OK))),
};

pub(super) static BODY_ENDLESS: FaultKind = FaultKind {
    form: "body-endless[:STATUS][:WRITE]",
    applied: "for 2xx",
    about: "a chunked body that never ends: the usual body, then 16 KiB of spaces every 10 ms",
    examples: &["body-endless", "body-endless:500:after-write"],
    build: |parts| Ok(Fault::body_endless(parts.status_or(OK))),
};

pub(super) static BODY_SLOW_DRIP: FaultKind = FaultKind {
    form: "body-slow-drip[:STATUS][:WRITE][:every=DURATION]",
    applied: "for 2xx",
    about: "the body byte by byte, one every 50 ms by default",
    examples: &["body-slow-drip", "body-slow-drip:503:every=1ms"],
    build: |parts| Ok(Fault::body_slow_drip(parts.status_or(OK), parts.every.take().unwrap_or(DRIP))),
};

pub(super) static BODY_LATE: FaultKind = FaultKind {
    form: "body-late:DURATION[:STATUS][:WRITE]",
    applied: "for 2xx",
    about: "the head at once, the first byte of the body after this delay",
    examples: &["body-late:3s", "body-late:3s:503"],
    build: |parts| Ok(Fault::body_late(parts.status_or(OK), parts.duration()?)),
};

pub(super) static BODY_LARGE: FaultKind = FaultKind {
    form: "body-large[:STATUS][:WRITE]",
    applied: "for 2xx",
    about: "10 MB: the usual body, then spaces",
    examples: &["body-large", "body-large:503"],
    build: |parts| Ok(Fault::body_large(parts.status_or(OK))),
};

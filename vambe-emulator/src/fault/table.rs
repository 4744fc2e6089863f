//! The table of all faults: what the docs, the command line and the parser are made of.

use http::StatusCode;

use super::kind::{Act, Applied, Content, FaultKind, Part, Shape};

const OK: StatusCode = StatusCode::OK;
const WRITE: &[Part] = &[Part::Write];
const BODY: &[Part] = &[Part::OtherStatus, Part::Write];

/// What the words in upper case stand for in the forms.
pub(super) const WORDS: &[(&str, &str)] = &[
    ("STATUS", "a status from 200 on; 200 if it is left out and nothing else is said"),
    ("WRITE", "`after-write` applies the update before the answer, `before-write` does not apply it"),
    ("WHEN", "seconds (`7`), an HTTP-date from now (`date+7s`, `date-7s`), `absurd` (86400000), or `malformed`"),
    ("DURATION", "a whole number with `s`, `ms`, `us` or `ns`"),
    ("LOCATION", "a URL in visible ASCII, with its commas percent-encoded"),
    ("FAULT", "any other fault of this table"),
];

/// The rows, in the order of the docs.
pub(super) const ALL: &[&FaultKind] = &[
    &NONE,
    &LATENCY,
    &RESET_BEFORE_READING,
    &RESET_BEFORE_WRITE,
    &RESET_AFTER_WRITE,
    &CLOSE_BEFORE_WRITE,
    &CLOSE_AFTER_WRITE,
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
    &BODY_LARGE,
];

pub(super) static NONE: FaultKind = FaultKind {
    name: "none",
    parts: &[],
    applied: Applied::AsEver,
    about: "the usual answer",
    examples: &["none"],
    act: Act::AsEver,
    status: OK,
};

pub(super) static LATENCY: FaultKind = FaultKind {
    name: "latency",
    parts: &[Part::Duration, Part::Fault],
    about: "the usual answer, or what the fault does, after this time",
    examples: &["latency:250ms"],
    ..NONE
};

pub(super) static RESET_BEFORE_READING: FaultKind = FaultKind {
    name: "reset-before-reading",
    applied: Applied::No,
    about: "a reset (RST) once the head has come; the body is not read, the request not listed",
    examples: &["reset-before-reading"],
    act: Act::ResetUnread,
    ..NONE
};

pub(super) static RESET_BEFORE_WRITE: FaultKind = FaultKind {
    name: "reset-before-write",
    about: "a reset after the request was read",
    examples: &["reset-before-write"],
    act: Act::Reset,
    ..RESET_BEFORE_READING
};

pub(super) static RESET_AFTER_WRITE: FaultKind = FaultKind {
    name: "reset-after-write",
    applied: Applied::Yes,
    about: "a reset after the update, before any byte of the answer",
    examples: &["reset-after-write"],
    ..RESET_BEFORE_WRITE
};

pub(super) static CLOSE_BEFORE_WRITE: FaultKind = FaultKind {
    name: "close-before-write",
    about: "the connection is closed in good order after the request was read",
    examples: &["close-before-write"],
    act: Act::Close,
    ..RESET_BEFORE_WRITE
};

pub(super) static CLOSE_AFTER_WRITE: FaultKind = FaultKind {
    name: "close-after-write",
    applied: Applied::Yes,
    about: "the connection is closed in good order after the update, without an answer",
    examples: &["close-after-write"],
    ..CLOSE_BEFORE_WRITE
};

/// Its name can be left out: `503` is the same as `status:503`.
pub(super) static STATUS: FaultKind = FaultKind {
    name: "status",
    parts: &[Part::Status, Part::Write, Part::RetryAfter],
    applied: Applied::IfSuccess,
    about: "this status; the usual body for 2xx, none for 204 and 304, HTML for 502, else the page's error body",
    examples: &["status:503", "status:503:after-write", "429:retry-after=7", "status:201", "status:204"],
    act: Act::Answer(Content::Usual, Shape::Whole),
    status: StatusCode::INTERNAL_SERVER_ERROR,
};

pub(super) static MESSAGE_LIST: FaultKind = FaultKind {
    name: "message-list",
    parts: BODY,
    about: "an error whose `message` is a list; 400 unless told otherwise",
    examples: &["message-list", "message-list:422"],
    act: Act::Answer(Content::MessageList, Shape::Whole),
    status: StatusCode::BAD_REQUEST,
    ..STATUS
};

pub(super) static REDIRECT: FaultKind = FaultKind {
    name: "redirect",
    parts: &[Part::Status, Part::Write, Part::Location],
    applied: Applied::No,
    about: "a 3xx with this `Location`",
    examples: &["redirect:307:http://127.0.0.1:9/x"],
    status: StatusCode::TEMPORARY_REDIRECT,
    ..STATUS
};

pub(super) static HTML_200: FaultKind = FaultKind {
    name: "html-200",
    parts: WRITE,
    applied: Applied::Yes,
    about: "200 with an HTML page",
    examples: &["html-200", "html-200:before-write"],
    act: Act::Answer(Content::Html, Shape::Whole),
    status: OK,
};

pub(super) static EMPTY_200: FaultKind = FaultKind {
    name: "empty-200",
    about: "200 with an empty body",
    examples: &["empty-200"],
    act: Act::Answer(Content::Empty, Shape::Whole),
    ..HTML_200
};

pub(super) static WRONG_JSON_200: FaultKind = FaultKind {
    name: "wrong-json-200",
    about: "200 with JSON of another shape",
    examples: &["wrong-json-200"],
    act: Act::Answer(Content::OtherJson, Shape::Whole),
    ..HTML_200
};

pub(super) static UNKNOWN_FIELD_200: FaultKind = FaultKind {
    name: "unknown-field-200",
    about: "200 with a further field in the usual body",
    examples: &["unknown-field-200"],
    act: Act::Answer(Content::UnknownField, Shape::Whole),
    ..HTML_200
};

pub(super) static BODY_CUT: FaultKind = FaultKind {
    name: "body-cut",
    parts: BODY,
    applied: Applied::IfSuccess,
    about: "half of the body, then the connection is closed",
    examples: &["body-cut", "body-cut:503"],
    act: Act::Answer(Content::Usual, Shape::Cut),
    ..HTML_200
};

pub(super) static CONTENT_LENGTH_TOO_LONG: FaultKind = FaultKind {
    name: "content-length-too-long",
    about: "the whole body, a `Content-Length` above its size, and nothing more: the client waits",
    examples: &["content-length-too-long", "content-length-too-long:503"],
    act: Act::Answer(Content::Usual, Shape::TooLong),
    ..BODY_CUT
};

pub(super) static BODY_ENDLESS: FaultKind = FaultKind {
    name: "body-endless",
    about: "a chunked body that never ends: the usual one, then 16 KiB of spaces each 10 ms",
    examples: &["body-endless", "body-endless:500:after-write"],
    act: Act::Answer(Content::Usual, Shape::Endless),
    ..BODY_CUT
};

pub(super) static BODY_SLOW_DRIP: FaultKind = FaultKind {
    name: "body-slow-drip",
    parts: &[Part::OtherStatus, Part::Write, Part::Every],
    about: "the body byte by byte, one each 50 ms unless told otherwise",
    examples: &["body-slow-drip", "body-slow-drip:503:every=1ms"],
    act: Act::Answer(Content::Usual, Shape::Drip),
    ..BODY_CUT
};

pub(super) static BODY_LARGE: FaultKind = FaultKind {
    name: "body-large",
    about: "10 MB: the usual body, then spaces",
    examples: &["body-large", "body-large:503"],
    act: Act::Answer(Content::Usual, Shape::Large),
    ..BODY_CUT
};

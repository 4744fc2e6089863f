//! The effect of a fault on a request. Every value has a text form.

use std::time::Duration;

use http::{HeaderValue, StatusCode};

use super::{FaultKind, RetryAfter, table};

/// The effect of a fault on one request.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The request gets its usual response.
    Normal,
    /// The connection is reset as soon as the head of the request has arrived.
    ResetBeforeReading,
    /// The connection ends without a response once the request has been read.
    Disconnect { how: Disconnect, applied: bool },
    /// The request gets its usual response after this delay, and only then has its effect.
    LateWrite { delay: Duration },
    /// The API key of the request is revoked.
    RevokedKey,
    /// The response does not depend on the request.
    Respond { response: CannedResponse, applied: bool },
}

/// The end of a connection without a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disconnect {
    /// A reset (RST).
    Reset,
    /// A clean close (FIN).
    Close,
}

/// A response that does not depend on the request.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum CannedResponse {
    Status {
        status: FinalStatus,
        retry_after: Option<RetryAfter>,
    },
    MessageList {
        status: FinalStatus,
    },
    /// A 3xx.
    Redirect {
        status: StatusCode,
        location: HeaderValue,
    },
    /// A 200 with an undocumented body.
    Ok(OkBody),
    /// The usual body for the status, sent in an unusual way.
    BrokenBody {
        status: FinalStatus,
        transfer: Transfer,
    },
}

/// An undocumented body of a 200.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OkBody {
    Html,
    Empty,
    WrongJson,
    UnknownField,
}

/// The way a body is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transfer {
    Cut,
    ContentLengthTooLong,
    Endless,
    SlowDrip { every: Duration },
    Late { delay: Duration },
    Large,
}

/// A status of 200 or above; an interim status ends no request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct FinalStatus(StatusCode);

impl From<StatusCode> for FinalStatus {
    fn from(status: StatusCode) -> Self {
        Self(if status.is_informational() { StatusCode::INTERNAL_SERVER_ERROR } else { status })
    }
}

impl Effect {
    pub(super) fn applies_update(&self) -> bool {
        match self {
            Self::Normal | Self::LateWrite { .. } => true,
            Self::ResetBeforeReading | Self::RevokedKey => false,
            Self::Disconnect { applied, .. } | Self::Respond { applied, .. } => *applied,
        }
    }

    pub(super) fn kind(&self) -> &'static FaultKind {
        match self {
            Self::Normal => &table::NONE,
            Self::ResetBeforeReading => &table::RESET_BEFORE_READING,
            Self::Disconnect { how: Disconnect::Reset, applied: false } => &table::RESET_BEFORE_WRITE,
            Self::Disconnect { how: Disconnect::Reset, applied: true } => &table::RESET_AFTER_WRITE,
            Self::Disconnect { how: Disconnect::Close, applied: false } => &table::CLOSE_BEFORE_WRITE,
            Self::Disconnect { how: Disconnect::Close, applied: true } => &table::CLOSE_AFTER_WRITE,
            Self::LateWrite { .. } => &table::LATE_WRITE,
            Self::RevokedKey => &table::REVOKED_KEY,
            Self::Respond { response, .. } => match response {
                CannedResponse::Status { .. } => &table::STATUS,
                CannedResponse::MessageList { .. } => &table::MESSAGE_LIST,
                CannedResponse::Redirect { .. } => &table::REDIRECT,
                CannedResponse::Ok(OkBody::Html) => &table::HTML_200,
                CannedResponse::Ok(OkBody::Empty) => &table::EMPTY_200,
                CannedResponse::Ok(OkBody::WrongJson) => &table::WRONG_JSON_200,
                CannedResponse::Ok(OkBody::UnknownField) => &table::UNKNOWN_FIELD_200,
                CannedResponse::BrokenBody { transfer, .. } => match transfer {
                    Transfer::Cut => &table::BODY_CUT,
                    Transfer::ContentLengthTooLong => &table::CONTENT_LENGTH_TOO_LONG,
                    Transfer::Endless => &table::BODY_ENDLESS,
                    Transfer::SlowDrip { .. } => &table::BODY_SLOW_DRIP,
                    Transfer::Late { .. } => &table::BODY_LATE,
                    Transfer::Large => &table::BODY_LARGE,
                },
            },
        }
    }
}

impl CannedResponse {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Status { status, .. } | Self::MessageList { status } | Self::BrokenBody { status, .. } => status.0,
            Self::Redirect { status, .. } => *status,
            Self::Ok(_) => StatusCode::OK,
        }
    }
}

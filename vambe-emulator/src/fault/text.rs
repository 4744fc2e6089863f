//! The text form of a fault: parsing it and writing it.

use std::{fmt, str::FromStr, time::Duration};

use http::StatusCode;

use super::{CannedResponse, Effect, Fault, FaultError, FaultKind, RetryAfter, Transfer, error::nearest, table};
use crate::duration;

/// The default pause of `body-slow-drip`.
pub(super) const DRIP: Duration = Duration::from_millis(50);

const AFTER_WRITE: &str = "after-write";
const BEFORE_WRITE: &str = "before-write";
const RETRY_AFTER: &str = "retry-after=";
const EVERY: &str = "every=";

/// Parses the text form; a status alone, such as `503`, is short for `status:503`.
impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let Some(timed) = text.strip_prefix("outage:") else { return parse_delayed(text) };
        let (lasting, fault) = timed.split_once(':').unwrap_or((timed, "503"));
        let lasting = duration::parse(lasting).filter(|lasting| !lasting.is_zero());
        let lasting = lasting.ok_or_else(|| mismatch(text, &table::OUTAGE))?;
        Ok(parse_delayed(fault)?.lasting(lasting))
    }
}

/// Parses a fault that lasts for one request.
fn parse_delayed(text: &str) -> Result<Fault, FaultError> {
    let Some(timed) = text.strip_prefix("latency:") else { return parse(text) };
    let (latency, fault) = timed.split_once(':').unwrap_or((timed, "none"));
    let latency = duration::parse(latency).ok_or_else(|| mismatch(text, &table::LATENCY))?;
    Ok(parse(fault)?.after(latency))
}

/// Parses a fault without a latency.
fn parse(text: &str) -> Result<Fault, FaultError> {
    let (name, rest) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
    let (kind, rest) = match table::ALL.iter().copied().find(|kind| kind.name() == name) {
        Some(kind) => (kind, rest),
        None if parse_status(name).is_some() => (&table::STATUS, Some(text)),
        None => {
            let nearest = nearest(name, table::ALL.iter().map(|kind| kind.name()));
            return Err(FaultError::Unknown { name: name.to_owned(), nearest });
        }
    };

    let mut parts = Parts::parse(text, kind, rest);
    let mut fault = (kind.build)(&mut parts)?;
    if let (Some(write), Effect::Respond { applied, .. }) = (parts.write, &mut fault.effect) {
        *applied = write;
        parts.write = None;
    }
    if parts.is_empty() { Ok(fault) } else { Err(parts.mismatch()) }
}

fn mismatch(text: &str, kind: &FaultKind) -> FaultError {
    FaultError::Form { text: text.to_owned(), form: kind.form() }
}

/// Parses a status that can end a request.
fn parse_status(text: &str) -> Option<StatusCode> {
    let status: StatusCode = text.parse().ok()?;
    (!status.is_informational()).then_some(status)
}

/// The parts after the name. A kind takes those that it knows; a part that is left is an error.
pub(super) struct Parts<'a> {
    text: &'a str,
    kind: &'static FaultKind,
    status: Option<StatusCode>,
    write: Option<bool>,
    pub(super) retry_after: Option<RetryAfter>,
    pub(super) every: Option<Duration>,
    duration: Option<Duration>,
    /// Everything from the first part that is none of the others; a location has colons of its own.
    location: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn parse(text: &'a str, kind: &'static FaultKind, mut rest: Option<&'a str>) -> Self {
        let mut parts = Self {
            text,
            kind,
            status: None,
            write: None,
            retry_after: None,
            every: None,
            duration: None,
            location: None,
        };
        // Elsewhere it would hide the location of a redirect.
        let takes_duration = kind.form().contains(":DURATION");
        while let Some(unread) = rest {
            let (part, others) = unread.split_once(':').map_or((unread, None), |(part, others)| (part, Some(others)));
            rest = others;
            if let Some(status) = parse_status(part) {
                parts.status = Some(status);
            } else if part == AFTER_WRITE || part == BEFORE_WRITE {
                parts.write = Some(part == AFTER_WRITE);
            } else if let Some(when) = part.strip_prefix(RETRY_AFTER).and_then(RetryAfter::parse) {
                parts.retry_after = Some(when);
            } else if let Some(every) = part.strip_prefix(EVERY).and_then(duration::parse) {
                parts.every = Some(every);
            } else if let (true, Some(duration)) = (takes_duration, duration::parse(part)) {
                parts.duration = Some(duration);
            } else {
                parts.location = Some(unread);
                break;
            }
        }
        parts
    }

    pub(super) fn status(&mut self) -> Result<StatusCode, FaultError> {
        self.status.take().ok_or_else(|| self.mismatch())
    }

    pub(super) fn status_or(&mut self, default: StatusCode) -> StatusCode {
        self.status.take().unwrap_or(default)
    }

    pub(super) fn duration(&mut self) -> Result<Duration, FaultError> {
        self.duration.take().ok_or_else(|| self.mismatch())
    }

    pub(super) fn location(&mut self) -> Result<&'a str, FaultError> {
        self.location.take().ok_or_else(|| self.mismatch())
    }

    pub(super) fn mismatch(&self) -> FaultError {
        mismatch(self.text, self.kind)
    }

    fn is_empty(&self) -> bool {
        self.status.is_none()
            && self.write.is_none()
            && self.retry_after.is_none()
            && self.every.is_none()
            && self.duration.is_none()
            && self.location.is_none()
    }
}

/// Writes the text form, without the parts that have their default value.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.lasting.is_zero() {
            write!(f, "outage:{}", duration::format(self.lasting))?;
            let fault = self.clone().lasting(Duration::ZERO);
            return if fault == Self::status(StatusCode::SERVICE_UNAVAILABLE) { Ok(()) } else { write!(f, ":{fault}") };
        }
        if !self.latency.is_zero() {
            write!(f, "latency:{}", duration::format(self.latency))?;
            if self.effect == Effect::Normal {
                return Ok(());
            }
            f.write_str(":")?;
        }
        f.write_str(self.effect.kind().name())?;
        if let Effect::LateWrite { delay } = &self.effect {
            write!(f, ":{}", duration::format(*delay))?;
        }
        let Effect::Respond { response, applied } = &self.effect else { return Ok(()) };
        if let CannedResponse::BrokenBody { transfer: Transfer::Late { delay }, .. } = response {
            write!(f, ":{}", duration::format(*delay))?;
        }
        let status = response.status();
        let default = match response {
            CannedResponse::Status { .. } | CannedResponse::Redirect { .. } => None,
            CannedResponse::MessageList { .. } => Some(StatusCode::BAD_REQUEST),
            CannedResponse::Ok(_) | CannedResponse::BrokenBody { .. } => Some(StatusCode::OK),
        };
        if default != Some(status) {
            write!(f, ":{}", status.as_u16())?;
        }
        if *applied != status.is_success() {
            write!(f, ":{}", if *applied { AFTER_WRITE } else { BEFORE_WRITE })?;
        }
        match response {
            CannedResponse::Status { retry_after: Some(when), .. } => write!(f, ":{RETRY_AFTER}{when}"),
            CannedResponse::Redirect { location, .. } => write!(f, ":{}", location.to_str().unwrap_or_default()),
            CannedResponse::BrokenBody { transfer: Transfer::SlowDrip { every }, .. } if *every != DRIP => {
                write!(f, ":{EVERY}{}", duration::format(*every))
            }
            _ => Ok(()),
        }
    }
}

//! The text form of a fault, read and written along the rows of the table.

use std::{fmt, str::FromStr, time::Duration};

use http::StatusCode;

use super::{DRIP, Fault, FaultError, FaultKind, RetryAfter, error::nearest, kind::Part, table, time};

const AFTER_WRITE: &str = "after-write";
const BEFORE_WRITE: &str = "before-write";
const RETRY_AFTER: &str = "retry-after=";
const EVERY: &str = "every=";

/// Reads the text form; `503` alone is short for `status:503`.
impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let Some(timed) = text.strip_prefix("latency:") else { return parse(text) };
        let (latency, fault) = timed.split_once(':').unwrap_or((timed, "none"));
        let latency = time::from_text(latency).ok_or_else(|| misfit(text, &table::LATENCY))?;
        Ok(parse(fault)?.after(latency))
    }
}

/// Reads a fault without a latency.
fn parse(text: &str) -> Result<Fault, FaultError> {
    let (name, rest) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
    let (kind, mut rest) = match table::ALL.iter().copied().find(|kind| kind.name() == name) {
        Some(kind) => (kind, rest),
        None if status(name).is_some() => (&table::STATUS, Some(text)),
        None => {
            let nearest = nearest(name, table::ALL.iter().map(|kind| kind.name()));
            return Err(FaultError::Unknown { name: name.to_owned(), nearest });
        }
    };

    let mut found = Found::default();
    while let Some(parts) = rest {
        let (part, others) = parts.split_once(':').map_or((parts, None), |(part, others)| (part, Some(others)));
        if found.set(kind, part).is_some() {
            rest = others;
        } else if kind.takes(Part::Location) {
            // A location has colons of its own, so it comes last.
            found.location = Some(parts);
            break;
        } else {
            return Err(misfit(text, kind));
        }
    }
    found.into_fault(kind)?.ok_or_else(|| misfit(text, kind))
}

fn misfit(text: &str, kind: &FaultKind) -> FaultError {
    FaultError::Form { text: text.to_owned(), form: kind.form() }
}

/// A status that can end a request.
fn status(text: &str) -> Option<StatusCode> {
    let status: StatusCode = text.parse().ok()?;
    (!status.is_informational()).then_some(status)
}

/// What followed the name.
#[derive(Default)]
struct Found<'a> {
    status: Option<StatusCode>,
    write: Option<bool>,
    retry_after: Option<RetryAfter>,
    every: Option<Duration>,
    location: Option<&'a str>,
}

impl Found<'_> {
    /// Takes one part, if it is one and the kind has it.
    fn set(&mut self, kind: &FaultKind, text: &str) -> Option<()> {
        let part = if let Some(status) = status(text) {
            self.status = Some(status);
            if kind.takes(Part::Status) { Part::Status } else { Part::OtherStatus }
        } else if text == AFTER_WRITE || text == BEFORE_WRITE {
            self.write = Some(text == AFTER_WRITE);
            Part::Write
        } else if let Some(when) = text.strip_prefix(RETRY_AFTER) {
            self.retry_after = Some(RetryAfter::from_text(when)?);
            Part::RetryAfter
        } else {
            self.every = Some(time::from_text(text.strip_prefix(EVERY)?)?);
            Part::Every
        };
        kind.takes(part).then_some(())
    }

    /// `None` if something is missing.
    fn into_fault(self, kind: &'static FaultKind) -> Result<Option<Fault>, FaultError> {
        if kind == &table::LATENCY || (kind.takes(Part::Status) && self.status.is_none()) {
            return Ok(None);
        }
        let status = self.status.unwrap_or(kind.status);
        let mut fault = match self.location {
            Some(location) => Fault::redirect(status, location)?,
            None if kind.takes(Part::Location) => return Ok(None),
            None => Fault::of(kind).with_status(status),
        };
        fault.applied = self.write.unwrap_or(fault.applied);
        fault.retry_after = self.retry_after;
        fault.every = self.every.unwrap_or(DRIP);
        Ok(Some(fault))
    }
}

/// Writes the text form, without what goes without saying.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.latency.is_zero() {
            write!(f, "{}:{}", table::LATENCY.name(), time::to_text(self.latency))?;
            if self.kind == &table::NONE {
                return Ok(());
            }
            f.write_str(":")?;
        }
        f.write_str(self.kind.name())?;
        for part in self.kind.parts {
            match part {
                Part::Status => write!(f, ":{}", self.status.as_u16())?,
                Part::OtherStatus if self.status != self.kind.status => write!(f, ":{}", self.status.as_u16())?,
                Part::Write if self.applied != self.kind.applies(self.status) => {
                    write!(f, ":{}", if self.applied { AFTER_WRITE } else { BEFORE_WRITE })?;
                }
                Part::RetryAfter => {
                    if let Some(retry_after) = self.retry_after {
                        write!(f, ":{RETRY_AFTER}{retry_after}")?;
                    }
                }
                Part::Every if self.every != DRIP => write!(f, ":{EVERY}{}", time::to_text(self.every))?,
                Part::Location => write!(f, ":{}", self.location.as_deref().unwrap_or_default())?,
                // What goes without saying; the parts of `latency` are written above.
                Part::OtherStatus | Part::Write | Part::Every | Part::Duration | Part::Fault => {}
            }
        }
        Ok(())
    }
}

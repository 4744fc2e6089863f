//! From the outcome of a row to its record in the journal.

use std::{collections::BTreeSet, time::SystemTime};

use jiff::Timestamp;
use vambe_api::{
    Delivery, Error, TicketRef,
    bulk::{self, Cause, OutcomeKind},
};

use super::{
    feed::Pending,
    input::Faults,
    journal::{Outcome, Record},
};

/// What a run came to for a row; the row's memory is given up once the second part is dropped.
pub(super) fn of_outcome(outcome: bulk::Outcome<Pending>) -> (Record, Pending) {
    let bulk::Outcome { row: mut pending, kind, attempts, last_request, cause, .. } = outcome;
    let outcome = match kind {
        OutcomeKind::Applied => Outcome::Applied,
        OutcomeKind::Rejected => Outcome::Rejected,
        OutcomeKind::NotSent => Outcome::NotSent,
        OutcomeKind::Unknown => Outcome::Unknown,
    };
    let status = cause.as_ref().and_then(Cause::error).and_then(Error::status).map(|status| status.as_u16());
    let is_rejected = outcome == Outcome::Rejected;
    let line = is_rejected.then_some(pending.line);
    let input = is_rejected.then(|| std::mem::take(&mut pending.raw));
    let reason = cause.as_ref().map(|cause| reason(cause, kind));
    let last_request_ms = last_request.and_then(|time| Some(Timestamp::try_from(time).ok()?.as_millisecond()));
    (Record { row: pending.number, outcome, attempts, last_request_ms, status, reason, line, input }, pending)
}

/// The rows of one request, which come one after the other: it counts in a rate limit once, with the first of them.
#[derive(Debug, Default)]
pub(super) struct JoinedRows(Option<(TicketRef, SystemTime)>);

impl JoinedRows {
    /// Takes the time from an outcome if the one before was of the same request.
    pub(super) fn count_once<R>(&mut self, mut outcome: bulk::Outcome<R>) -> bulk::Outcome<R> {
        let request = outcome.last_request.map(|time| (outcome.ticket.clone(), time));
        if request.is_some() && self.0 == request {
            outcome.last_request = None;
        }
        self.0 = request;
        outcome
    }
}

/// A row that is no update was not sent, and never will be.
pub(super) fn of_faults(mut pending: Pending, faults: &Faults) -> (Record, Pending) {
    let record = Record {
        row: pending.number,
        outcome: Outcome::Rejected,
        attempts: 0,
        last_request_ms: None,
        status: None,
        reason: Some(reason_of(faults)),
        line: Some(pending.line),
        input: Some(std::mem::take(&mut pending.raw)),
    };
    (record, pending)
}

/// Without the places, which are another for each row: rows are counted by it.
pub(super) fn reason_of(faults: &Faults) -> String {
    let reasons: BTreeSet<_> = faults.iter().map(|fault| fault.reason.as_str()).collect();
    reasons.into_iter().collect::<Vec<_>>().join("; ")
}

/// The server's own words if there are any: the status stands beside them.
fn reason(cause: &Cause, kind: OutcomeKind) -> String {
    let Some((error, message)) = cause.error().and_then(|error| Some((error, error.message()?))) else {
        return cause.to_string();
    };
    // Else it would look as if a refusal left a doubt.
    let is_earlier = kind == OutcomeKind::Unknown && error.delivery() != Delivery::Unknown;
    let doubt = if is_earlier { "; an earlier attempt may have been applied" } else { "" };
    format!("{message}{doubt}")
}

//! From the outcome of a row to its record in the journal.

use std::{collections::BTreeSet, fmt::Write as _, time::SystemTime};

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

/// Why the rows that a run did not reach were not sent.
pub(super) const NOT_REACHED: &str = "the run ended before it was sent: send it again";

/// Why a row is unknown that only earlier runs have sent.
pub(super) const EARLIER: &str = "an earlier run may have applied it";

/// The outcome of a row as a record; the row's memory is given up once the second part is dropped.
///
/// A row that an earlier run may have applied stays unknown if this one does not send it.
pub(super) fn of_outcome(outcome: bulk::Outcome<Pending>, was_unknown: impl Fn(u64) -> bool) -> (Record, Pending) {
    let bulk::Outcome { row: mut pending, kind, attempts, last_request, cause, .. } = outcome;
    let outcome = match kind {
        OutcomeKind::Applied => Outcome::Applied,
        OutcomeKind::Rejected => Outcome::Rejected,
        OutcomeKind::NotSent if was_unknown(pending.number) => Outcome::Unknown,
        OutcomeKind::NotSent => Outcome::NotSent,
        OutcomeKind::Unknown => Outcome::Unknown,
    };
    let status = cause.as_ref().and_then(Cause::error).and_then(Error::status).map(|status| status.as_u16());
    // Few rows are either: both are written out at the end.
    let is_kept = matches!(outcome, Outcome::Rejected | Outcome::Unknown);
    let line = is_kept.then_some(pending.line);
    let input = is_kept.then(|| std::mem::take(&mut pending.raw));
    let reason = match (outcome, kind) {
        (Outcome::Unknown, OutcomeKind::NotSent) => Some(EARLIER.to_owned()),
        _ => cause.as_ref().map(|cause| reason(cause, kind, attempts)),
    };
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

/// A row of which nothing is left to send.
pub(super) fn superseded(pending: Pending) -> (Record, Pending) {
    let record = Record {
        row: pending.number,
        outcome: Outcome::Superseded,
        attempts: 0,
        last_request_ms: None,
        status: None,
        reason: Some("later rows of the same ticket have set all its keys".to_owned()),
        line: Some(pending.line),
        input: None,
    };
    (record, pending)
}

/// Without the places, which are another for each row: rows are counted by it.
pub(super) fn reason_of(faults: &Faults) -> String {
    let reasons: BTreeSet<_> = faults.iter().map(|fault| fault.reason.as_str()).collect();
    reasons.into_iter().collect::<Vec<_>>().join("; ")
}

/// The reason in the server's words if it gave any: the status is shown next to them. Redacted, since the reason goes into
/// the journal, the failed file and the report, and so that rows have one reason although the server names another number for each.
fn reason(cause: &Cause, kind: OutcomeKind, attempts: u32) -> String {
    if let Cause::Ended = cause {
        return NOT_REACHED.to_owned();
    }
    let error = cause.error();
    let mut reason = match error.and_then(Error::redacted_message) {
        Some(message) => message.to_owned(),
        None => cause.to_string(),
    };
    if kind == OutcomeKind::Unknown {
        // Else it would look as if a refusal left a doubt.
        if error.is_some_and(|error| error.status().is_some() && error.delivery() != Delivery::Unknown) {
            reason.push_str("; an earlier attempt may have been applied");
        }
        if attempts > 1 {
            // Writing to a `String` cannot fail.
            let _ = write!(reason, "; after {attempts} attempts");
        }
    }
    reason
}

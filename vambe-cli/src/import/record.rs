//! From the outcome of a row to its record in the journal.

use std::collections::BTreeSet;

use vambe_api::{
    Delivery, Error,
    bulk::{self, Cause, OutcomeKind},
};

use super::{
    feed::Pending,
    input::Faults,
    journal::{Outcome, Record},
};

/// What a run came to for a row; the row's memory is given up once the second part is dropped.
pub(super) fn of_outcome(outcome: bulk::Outcome<Pending>) -> (Record, Pending) {
    let bulk::Outcome { row: mut pending, kind, attempts, cause, .. } = outcome;
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
    (Record { row: pending.number, outcome, attempts, status, reason, line, input }, pending)
}

/// A row that is no update was not sent, and never will be.
pub(super) fn of_faults(mut pending: Pending, faults: &Faults) -> (Record, Pending) {
    let record = Record {
        row: pending.number,
        outcome: Outcome::Rejected,
        attempts: 0,
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

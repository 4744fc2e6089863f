//! From the outcome of a row to its record in the journal.

use std::{collections::BTreeSet, fmt::Write as _};

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
    let reason = cause.as_ref().map(|cause| reason(cause, kind, attempts));
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

/// The reason in the server's words if it gave any: the status is shown next to them. Redacted, since the reason goes into
/// the journal, the failed file and the report, and so that rows are counted by one reason whatever number the server names.
fn reason(cause: &Cause, kind: OutcomeKind, attempts: u32) -> String {
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

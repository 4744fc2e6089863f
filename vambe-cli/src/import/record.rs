//! Turns the outcome of a row into its record in the journal.

use std::{collections::BTreeSet, fmt::Write as _, time::SystemTime};

use jiff::Timestamp;
use vambe_api::{
    Delivery, Error, TicketRef,
    bulk::{self, Cause, OutcomeKind},
};

use super::{
    input::Faults,
    journal::{Outcome, Record},
    row_stream::{InFlightRow, SkipReason},
};

/// The reason of rows that a run did not reach.
pub(super) const NOT_REACHED: &str = "the run ended before it was sent: send it again";

/// The reason of rows that are unknown because of earlier runs.
pub(super) const EARLIER: &str = "an earlier run may have applied it";

/// Creates the record of an outcome. Dropping the returned row frees its memory.
///
/// A row that an earlier run may have applied stays unknown if this run does not send it. `joined` has seen the previous outcome.
pub(super) fn of_outcome(
    outcome: bulk::Outcome<InFlightRow>,
    joined: &mut JoinedRows,
    was_unknown: impl Fn(u64) -> bool,
) -> (Record, InFlightRow) {
    let bulk::Outcome { mut row, ticket, kind, attempts, last_request, cause, .. } = outcome;
    let last_request = joined.count_once(ticket, last_request);
    let outcome = match kind {
        OutcomeKind::Applied => Outcome::Applied,
        OutcomeKind::Rejected => Outcome::Rejected,
        OutcomeKind::NotSent if was_unknown(row.number) => Outcome::Unknown,
        OutcomeKind::NotSent => Outcome::NotSent,
        OutcomeKind::Unknown => Outcome::Unknown,
    };
    let status = cause.as_ref().and_then(Cause::error).and_then(Error::status).map(|status| status.as_u16());
    // Both kinds are rare, and written to files at the end.
    let is_kept = matches!(outcome, Outcome::Rejected | Outcome::Unknown);
    let line = is_kept.then_some(row.line);
    let input = is_kept.then(|| std::mem::take(&mut row.raw));
    let reason = match (outcome, kind) {
        (Outcome::Unknown, OutcomeKind::NotSent) => Some(EARLIER.to_owned()),
        _ => cause.as_ref().map(|cause| reason(cause, kind, attempts)),
    };
    let last_request_ms = last_request.and_then(|time| Some(Timestamp::try_from(time).ok()?.as_millisecond()));
    (Record { row: row.number, outcome, attempts, last_request_ms, status, reason, line, input }, row)
}

/// Makes the rows of a joined request, which arrive one after the other, count once in a rate limit.
#[derive(Debug, Default)]
pub(super) struct JoinedRows(Option<(TicketRef, SystemTime)>);

impl JoinedRows {
    /// Returns the time of a row's request, unless the previous row had the same one.
    fn count_once(&mut self, ticket: TicketRef, time: Option<SystemTime>) -> Option<SystemTime> {
        let request = time.map(|time| (ticket, time));
        let is_same = self.0 == request;
        self.0 = request;
        time.filter(|_| !is_same)
    }
}

/// Creates the record of a row that is not sent.
pub(super) fn of_skipped(mut row: InFlightRow, reason: &SkipReason) -> (Record, InFlightRow) {
    let line = Some(row.line);
    let record = match reason {
        SkipReason::Invalid(faults) => {
            let input = Some(std::mem::take(&mut row.raw));
            Record { reason: Some(reason_of(faults)), line, input, ..Record::new(row.number, Outcome::Rejected) }
        }
        SkipReason::Superseded => {
            let reason = Some("later rows of the same ticket have set all its keys".to_owned());
            Record { reason, line, ..Record::new(row.number, Outcome::Superseded) }
        }
    };
    (record, row)
}

/// Joins the faults without their positions: rows are counted by reason, and positions differ from row to row.
pub(super) fn reason_of(faults: &Faults) -> String {
    let reasons: BTreeSet<_> = faults.iter().map(|fault| fault.reason.as_str()).collect();
    reasons.into_iter().collect::<Vec<_>>().join("; ")
}

/// Returns the server's message, or else the client's; the status is shown next to it.
///
/// The message is redacted: the reason goes into the journal, the row files and the report, and rows must share one reason
/// although the server names a different number in each.
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
        // Otherwise a rejection would look like the reason for the doubt.
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

//! Counts rows by outcome and reason.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Outcome, Record};

/// Upper bounds on the number and length of reasons: the memory must not grow with the rows.
const MAX_REASONS: usize = 64;
const MAX_REASON_LENGTH: usize = 256;

/// The reason for all rows beyond these bounds.
pub(super) const OTHER: &str = "other";

/// Outcome, status and reason of rows that were not applied.
pub(crate) type Reason = (Outcome, Option<u16>, String);

/// The numbers of rows by outcome and reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    pub(crate) applied: u64,
    pub(crate) rejected: u64,
    pub(crate) not_sent: u64,
    pub(crate) unknown: u64,
    pub(crate) settled: u64,
    pub(crate) superseded: u64,
    #[serde(skip)]
    reasons: BTreeMap<Reason, u64>,
}

impl Tally {
    /// Adds a row.
    pub(crate) fn add(&mut self, record: &Record) {
        let count = match record.outcome {
            Outcome::Applied => &mut self.applied,
            Outcome::Rejected => &mut self.rejected,
            Outcome::NotSent => &mut self.not_sent,
            Outcome::Unknown => &mut self.unknown,
            Outcome::Settled => &mut self.settled,
            Outcome::Superseded => &mut self.superseded,
        };
        *count = count.saturating_add(1);
        if matches!(record.outcome, Outcome::Rejected | Outcome::NotSent | Outcome::Unknown) {
            let reason = self.reason(record);
            let count = self.reasons.entry(reason).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// Returns the number of rows with an outcome.
    pub(crate) fn rows(&self) -> u64 {
        [self.finished(), self.not_sent, self.unknown].into_iter().fold(0, u64::saturating_add)
    }

    /// Returns the number of final rows.
    pub(crate) fn finished(&self) -> u64 {
        let Self { applied, rejected, settled, superseded, .. } = *self;
        [applied, rejected, settled, superseded].into_iter().fold(0, u64::saturating_add)
    }

    /// Adds unknown or unsent rows that have no record, all with the same reason.
    pub(crate) fn add_rows(&mut self, rows: u64, outcome: Outcome, reason: &str) {
        let (count, key) = match outcome {
            Outcome::Unknown => (&mut self.unknown, Outcome::Unknown),
            _ => (&mut self.not_sent, Outcome::NotSent),
        };
        *count = count.saturating_add(rows);
        if rows > 0 {
            let count = self.reasons.entry((key, None, reason.to_owned())).or_default();
            *count = count.saturating_add(rows);
        }
    }

    /// Removes the `rows` rows that the server has rejected.
    pub(super) fn reopen(&mut self, rows: u64) {
        self.rejected = self.rejected.saturating_sub(rows);
        let mut rest = rows;
        self.reasons.retain(|(outcome, status, _), count| {
            let is_refusal = *outcome == Outcome::Rejected && status.is_some();
            if is_refusal {
                rest = rest.saturating_sub(*count);
            }
            !is_refusal
        });
        // Those that are counted as `OTHER`.
        let other = (Outcome::Rejected, None, OTHER.to_owned());
        if let Some(count) = self.reasons.get_mut(&other) {
            *count = count.saturating_sub(rest);
            if *count == 0 {
                self.reasons.remove(&other);
            }
        }
    }

    /// Returns the numbers of rows that were not applied, by reason.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = (&Reason, u64)> {
        self.reasons.iter().map(|(reason, &count)| (reason, count))
    }

    /// Returns the reason as which a record is counted.
    pub(super) fn reason(&self, record: &Record) -> Reason {
        let reason = record.reason.as_deref().unwrap_or(OTHER);
        if reason.len() <= MAX_REASON_LENGTH {
            let reason = (record.outcome, record.status, reason.to_owned());
            if self.reasons.len() < MAX_REASONS || self.reasons.contains_key(&reason) {
                return reason;
            }
        }
        (record.outcome, None, OTHER.to_owned())
    }
}

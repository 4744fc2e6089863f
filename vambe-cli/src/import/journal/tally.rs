//! How many rows became what, and why.

use std::collections::BTreeMap;

use super::{Outcome, Record};

/// So many reasons are told apart, and only if they are not longer than that: the memory must not grow with the rows.
const MAX_REASONS: usize = 64;
const MAX_REASON_LENGTH: usize = 256;

/// The reason under which the others are counted.
const OTHER: &str = "other";

/// Why rows were not applied: outcome, status and reason.
pub(crate) type Why = (Outcome, Option<u16>, String);

/// How many rows became what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) applied: u64,
    pub(crate) rejected: u64,
    pub(crate) not_sent: u64,
    pub(crate) unknown: u64,
    pub(crate) settled: u64,
    pub(crate) superseded: u64,
    reasons: BTreeMap<Why, u64>,
}

impl Tally {
    /// Counts a row.
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
            let why = self.why(record);
            let count = self.reasons.entry(why).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// How many rows became anything at all.
    pub(crate) fn rows(&self) -> u64 {
        [self.finished(), self.not_sent, self.unknown].into_iter().fold(0, u64::saturating_add)
    }

    /// How many rows are final.
    pub(crate) fn finished(&self) -> u64 {
        let Self { applied, rejected, settled, superseded, .. } = *self;
        [applied, rejected, settled, superseded].into_iter().fold(0, u64::saturating_add)
    }

    /// Counts rows that have no record, all for the same reason.
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

    /// Takes back all rows that the server has rejected: `rows` of them.
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
        // Those whose reason is not kept apart.
        let other = (Outcome::Rejected, None, OTHER.to_owned());
        if let Some(count) = self.reasons.get_mut(&other) {
            *count = count.saturating_sub(rest);
            if *count == 0 {
                self.reasons.remove(&other);
            }
        }
    }

    /// How many rows were not applied, and why; by outcome, status and reason.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = (&Why, u64)> {
        self.reasons.iter().map(|(why, &count)| (why, count))
    }

    fn why(&self, record: &Record) -> Why {
        let reason = record.reason.as_deref().unwrap_or(OTHER);
        if reason.len() <= MAX_REASON_LENGTH {
            let why = (record.outcome, record.status, reason.to_owned());
            if self.reasons.len() < MAX_REASONS || self.reasons.contains_key(&why) {
                return why;
            }
        }
        (record.outcome, None, OTHER.to_owned())
    }
}

//! What is known of all rows of a journal, in a few bits each.

use fixedbitset::FixedBitSet;

use super::{Outcome, Record};

/// Rows by what is known of them; each set is as long as its last row.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowSets {
    /// Not to be sent again.
    pub(super) finished: FixedBitSet,
    /// Finished, since they were rejected.
    pub(super) rejected: FixedBitSet,
    /// Rejected by the server, rather than as no update.
    pub(super) refused: FixedBitSet,
    /// Not finished, and may have been applied.
    pub(super) unknown: FixedBitSet,
    /// Not finished, since they were rejected and then opened again.
    pub(super) reopened: FixedBitSet,
}

impl RowSets {
    /// Whether a row was applied, or is taken as applied.
    pub(crate) fn is_done(&self, row: u64) -> bool {
        contains(&self.finished, row) && !contains(&self.rejected, row)
    }

    /// Whether a row is one that the journal keeps as it is in the input: rejected, or unknown.
    pub(crate) fn is_kept(&self, row: u64) -> bool {
        contains(&self.rejected, row) || contains(&self.unknown, row)
    }

    /// A row that has no done row after it.
    pub(crate) fn last_done(&self) -> u64 {
        let last = self.finished.difference(&self.rejected).next_back();
        last.and_then(|row| u64::try_from(row).ok()).unwrap_or_default()
    }

    /// Takes a record into account that is final or unknown, of a row that is not finished.
    pub(super) fn add(&mut self, index: usize, record: &Record) {
        if record.outcome == Outcome::Unknown {
            return self.unknown.grow_and_insert(index);
        }
        self.finished.grow_and_insert(index);
        for open in [&mut self.unknown, &mut self.reopened] {
            if index < open.len() {
                open.remove(index);
            }
        }
        if record.outcome == Outcome::Rejected {
            self.rejected.grow_and_insert(index);
            if record.status.is_some() {
                self.refused.grow_and_insert(index);
            }
        }
    }

    /// Opens the rows again that the server has rejected; returns how many they are.
    pub(super) fn reopen(&mut self) -> u64 {
        let refused = std::mem::take(&mut self.refused);
        self.finished.difference_with(&refused);
        self.rejected.difference_with(&refused);
        self.reopened.union_with(&refused);
        count(&refused)
    }
}

pub(super) fn contains(rows: &FixedBitSet, row: u64) -> bool {
    usize::try_from(row).is_ok_and(|row| rows.contains(row))
}

pub(super) fn count(rows: &FixedBitSet) -> u64 {
    u64::try_from(rows.count_ones(..)).unwrap_or(u64::MAX)
}

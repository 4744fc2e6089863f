//! The retry budget that all calls of a client share.

use std::sync::atomic::{AtomicU64, Ordering};

/// The cost of a retry.
const COST: u64 = 10;
/// The refund of a success: in the long run, at most one retry per five successes.
const REFUND: u64 = 2;

/// The retries that are left, shared by the clones of a client.
///
/// While the server works, the budget is full and every call may retry. When it is down, the budget is soon used up; then each
/// call makes a single attempt until calls succeed again, so that a recovering server does not get a multiple of its load.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicU64,
    full: u64,
}

impl Budget {
    pub(crate) const DEFAULT_RETRIES: u32 = 100;

    /// Creates a full budget of `retries`.
    pub(crate) fn new(retries: u32) -> Self {
        let full = u64::from(retries) * COST;
        Self { left: AtomicU64::new(full), full }
    }

    /// Takes one retry. Returns `false` if none is left.
    pub(crate) fn withdraw(&self) -> bool {
        // Relaxed is enough, since no other memory depends on the number.
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(COST)).is_ok()
    }

    /// Returns the number of retries that are left.
    pub(crate) fn left(&self) -> u32 {
        u32::try_from(self.left.load(Ordering::Relaxed) / COST).unwrap_or(u32::MAX)
    }

    /// Refunds a part of a retry for a success.
    pub(crate) fn deposit(&self) {
        // Skip the write for a full budget, the usual case.
        if self.left.load(Ordering::Relaxed) < self.full {
            let _ = self
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some((left + REFUND).min(self.full)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_out_and_refills_with_successes_up_to_full() {
        let budget = Budget::new(2);
        assert_eq!(budget.left(), 2);
        assert_eq!([budget.withdraw(), budget.withdraw(), budget.withdraw()], [true, true, false]);
        assert_eq!(budget.left(), 0);
        (0..4).for_each(|_| budget.deposit());
        assert!(!budget.withdraw());
        budget.deposit();
        assert_eq!([budget.withdraw(), budget.withdraw()], [true, false]);
        (0..1000).for_each(|_| budget.deposit());
        assert_eq!([budget.withdraw(), budget.withdraw(), budget.withdraw()], [true, true, false]);
    }

    #[test]
    fn an_empty_budget_allows_no_retry() {
        let budget = Budget::new(0);
        budget.deposit();
        assert!(!budget.withdraw());
    }
}

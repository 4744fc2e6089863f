//! How many attempts beyond the first all calls of a client may make.

use std::sync::atomic::{AtomicU64, Ordering};

/// A second attempt takes one of these parts, and a success gives [`REFUND`] back.
const PART: u64 = 10;
/// So that in the long run there is at most one retry for five successes.
const REFUND: u64 = 2;

/// The retries that are left, shared by the clones of a client.
///
/// While the server works, the budget is full and every call may retry. When it is dead, the budget is soon used up, and
/// then each call makes one attempt until others succeed again: a server that comes back is not met by a multiple of its load.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicU64,
    full: u64,
}

impl Budget {
    pub(crate) const DEFAULT_RETRIES: u32 = 100;

    /// A full budget for this many retries.
    pub(crate) fn new(retries: u32) -> Self {
        let full = u64::from(retries) * PART;
        Self { left: AtomicU64::new(full), full }
    }

    /// Takes one retry; `false` if none is left.
    pub(crate) fn withdraw(&self) -> bool {
        // Nothing else is published along with the number, so that the weakest order does.
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(PART)).is_ok()
    }

    /// Gives a part of a retry back for a success.
    pub(crate) fn deposit(&self) {
        // Most successes meet a full budget and then need not write.
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
    fn it_runs_out_and_comes_back_with_successes_but_never_beyond_full() {
        let budget = Budget::new(2);
        assert_eq!([budget.withdraw(), budget.withdraw(), budget.withdraw()], [true, true, false]);
        (0..4).for_each(|_| budget.deposit());
        assert!(!budget.withdraw());
        budget.deposit();
        assert_eq!([budget.withdraw(), budget.withdraw()], [true, false]);
        (0..1000).for_each(|_| budget.deposit());
        assert_eq!([budget.withdraw(), budget.withdraw(), budget.withdraw()], [true, true, false]);
    }

    #[test]
    fn none_at_all_allows_no_retry() {
        let budget = Budget::new(0);
        budget.deposit();
        assert!(!budget.withdraw());
    }
}

//! The wait before another attempt: exponential back-off with full jitter.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

/// The bounds of the back-off.
///
/// The wait before attempt `n + 1` is a random time between zero and `base · 2ⁿ⁻¹`, at most `cap`. Jitter over the whole range
/// best spreads clients that failed together. Existing crates sleep themselves, or add jitter to a part of the range only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Backoff {
    pub(crate) base: Duration,
    pub(crate) cap: Duration,
}

impl Backoff {
    pub(crate) const DEFAULT: Self = Self { base: Duration::from_millis(250), cap: Duration::from_secs(8) };

    /// Returns the wait after `failed` attempts, at least one; `random` is from 0 to 1.
    pub(crate) fn wait(&self, failed: u32, random: f64) -> Duration {
        let factor = 1_u32.checked_shl(failed.saturating_sub(1)).unwrap_or(u32::MAX);
        self.base.saturating_mul(factor).min(self.cap).mul_f64(random.clamp(0.0, 1.0))
    }
}

/// Returns a random number from 0 to 1.
///
/// The standard library seeds its hash maps randomly, which is enough for jitter: it has to differ between clients, not to be secret.
pub(crate) fn random() -> f64 {
    let bits = RandomState::new().hash_one(());
    bits as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_numbers_differ_and_fill_the_range() {
        let mut numbers: Vec<f64> = (0..1_000).map(|_| random()).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        assert_eq!(numbers.len(), 1_000);
        // A gap of 0.05 has a probability below 1e-19.
        let gaps = numbers.windows(2).map(|pair| pair[1] - pair[0]);
        let ends = [numbers[0], 1.0 - numbers[999]];
        assert!(gaps.chain(ends).all(|gap| (0.0..0.05).contains(&gap)));
    }

    #[test]
    fn the_range_doubles_up_to_the_cap() {
        let ms = Duration::from_millis;
        let cases = [
            (1, 1.0, ms(250)),
            (2, 1.0, ms(500)),
            (3, 1.0, ms(1000)),
            (6, 1.0, ms(8000)),
            (7, 1.0, ms(8000)),
            (32, 1.0, ms(8000)),
            (33, 1.0, ms(8000)),
            (u32::MAX, 1.0, ms(8000)),
            (1, 0.0, ms(0)),
            (2, 0.5, ms(250)),
            (2, 7.0, ms(500)),
        ];
        for (failed, random, expected) in cases {
            assert_eq!(Backoff::DEFAULT.wait(failed, random), expected, "after {failed}, at {random}");
        }
    }

    #[test]
    fn no_bounds_overflow() {
        let endless = Backoff { base: Duration::MAX, cap: Duration::MAX };
        assert_eq!(endless.wait(u32::MAX, 0.0), Duration::ZERO);
        assert!(endless.wait(u32::MAX, 0.5) > Duration::from_secs(1));
    }
}

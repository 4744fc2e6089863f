//! The decision about another attempt, and its time: a pure function.

use std::time::Duration;

use super::{Attempt, Delivery, backoff::Backoff};

/// The statuses after which the same request may succeed a moment later.
const TRANSIENT: [u16; 6] = [408, 429, 500, 502, 503, 504];

/// Returns `true` if the same request may succeed a moment later.
pub(crate) fn is_transient(attempt: Attempt) -> bool {
    attempt.status.is_none_or(|status| TRANSIENT.contains(&status.as_u16()))
}

/// The settings that decide about another attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) backoff: Backoff,
    /// True if the operation is marked `x-idempotent`.
    pub(crate) idempotent: bool,
}

impl RetryPolicy {
    /// Returns the wait before another attempt, or `None` to give up, after `failed` attempts of which `last` is the last.
    ///
    /// `retry_after` is the wait that the server asked for, `left` the time until the deadline, and `random` is from 0 to 1.
    pub(crate) fn wait(
        &self,
        failed: u32,
        last: Attempt,
        retry_after: Option<Duration>,
        left: Duration,
        random: f64,
    ) -> Option<Duration> {
        let is_safe = self.idempotent || last.delivery == Delivery::NotSent;
        if failed >= self.max_attempts || !is_transient(last) || !is_safe {
            return None;
        }
        // The wait that the server asks for is a lower bound. Give up at once if it ends after the deadline.
        let wait = self.backoff.wait(failed, random).max(retry_after.unwrap_or_default());
        (wait < left).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    const POLICY: RetryPolicy = RetryPolicy { max_attempts: 3, backoff: Backoff::DEFAULT, idempotent: true };
    const S: Duration = Duration::from_secs(1);

    fn answer(status: u16) -> Attempt {
        let status = StatusCode::from_u16(status).unwrap();
        Attempt { status: Some(status), delivery: Delivery::from_status(status) }
    }

    fn broken(delivery: Delivery) -> Attempt {
        Attempt { status: None, delivery }
    }

    #[test]
    fn resends_an_idempotent_operation_after_transient_failures() {
        for status in 300..600 {
            let resent = POLICY.wait(1, answer(status), None, 60 * S, 0.0).is_some();
            assert_eq!(resent, [408, 429, 500, 502, 503, 504].contains(&status), "{status}");
        }
        for delivery in [Delivery::NotSent, Delivery::Unknown] {
            assert_ne!(POLICY.wait(1, broken(delivery), None, 60 * S, 0.0), None, "{delivery:?}");
        }
    }

    #[test]
    fn resends_another_operation_only_if_nothing_was_sent() {
        let policy = RetryPolicy { idempotent: false, ..POLICY };
        for (last, resent) in [
            (broken(Delivery::NotSent), true),
            (broken(Delivery::Unknown), false),
            (answer(503), false),
            (answer(429), false),
        ] {
            assert_eq!(policy.wait(1, last, None, 60 * S, 0.0).is_some(), resent, "{last:?}");
        }
    }

    #[test]
    fn attempts_are_counted() {
        for (max_attempts, failed, resent) in [(3, 2, true), (3, 3, false), (1, 1, false), (0, 1, false)] {
            let wait = RetryPolicy { max_attempts, ..POLICY }.wait(failed, answer(503), None, 60 * S, 0.0);
            assert_eq!(wait.is_some(), resent, "{failed} of {max_attempts}");
        }
    }

    #[test]
    fn waits_at_least_as_asked_and_not_beyond_the_deadline() {
        let ms = Duration::from_millis;
        let cases = [
            (None, 60 * S, Some(ms(250))),
            (Some(ms(100)), 60 * S, Some(ms(250))),
            (Some(7 * S), 60 * S, Some(7 * S)),
            (Some(60 * S), 60 * S, None),
            (Some(Duration::MAX), 60 * S, None),
            (None, ms(250), None),
            (None, ms(251), Some(ms(250))),
            (None, Duration::ZERO, None),
        ];
        for (retry_after, left, expected) in cases {
            assert_eq!(POLICY.wait(1, answer(429), retry_after, left, 1.0), expected, "{retry_after:?} of {left:?}");
        }
    }
}

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
    /// Whether the operation is marked `x-idempotent`.
    pub(crate) idempotent: bool,
}

/// The decision after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Next {
    /// Make another attempt after this wait.
    Wait(Duration),
    GiveUp,
}

impl RetryPolicy {
    /// Decides after `failed` attempts, the last of which is `last`.
    ///
    /// `retry_after` is the wait that the server asked for, `left` the time until the deadline, and `random` is from 0 to 1.
    pub(crate) fn next(
        &self,
        failed: u32,
        last: Attempt,
        retry_after: Option<Duration>,
        left: Duration,
        random: f64,
    ) -> Next {
        let is_safe = self.idempotent || last.delivery == Delivery::NotSent;
        if failed >= self.max_attempts || !is_transient(last) || !is_safe {
            return Next::GiveUp;
        }
        // The wait that the server asks for is a lower bound. Give up at once if it ends after the deadline.
        let wait = self.backoff.wait(failed, random).max(retry_after.unwrap_or_default());
        if wait < left { Next::Wait(wait) } else { Next::GiveUp }
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
            let resent = POLICY.next(1, answer(status), None, 60 * S, 0.0) != Next::GiveUp;
            assert_eq!(resent, [408, 429, 500, 502, 503, 504].contains(&status), "{status}");
        }
        for delivery in [Delivery::NotSent, Delivery::Unknown] {
            assert_ne!(POLICY.next(1, broken(delivery), None, 60 * S, 0.0), Next::GiveUp, "{delivery:?}");
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
            assert_eq!(policy.next(1, last, None, 60 * S, 0.0) != Next::GiveUp, resent, "{last:?}");
        }
    }

    #[test]
    fn attempts_are_counted() {
        for (max_attempts, failed, resent) in [(3, 2, true), (3, 3, false), (1, 1, false), (0, 1, false)] {
            let next = RetryPolicy { max_attempts, ..POLICY }.next(failed, answer(503), None, 60 * S, 0.0);
            assert_eq!(next != Next::GiveUp, resent, "{failed} of {max_attempts}");
        }
    }

    #[test]
    fn waits_at_least_as_asked_and_not_beyond_the_deadline() {
        let ms = Duration::from_millis;
        let cases = [
            (None, 60 * S, Next::Wait(ms(250))),
            (Some(ms(100)), 60 * S, Next::Wait(ms(250))),
            (Some(7 * S), 60 * S, Next::Wait(7 * S)),
            (Some(60 * S), 60 * S, Next::GiveUp),
            (Some(Duration::MAX), 60 * S, Next::GiveUp),
            (None, ms(250), Next::GiveUp),
            (None, ms(251), Next::Wait(ms(250))),
            (None, Duration::ZERO, Next::GiveUp),
        ];
        for (retry_after, left, expected) in cases {
            assert_eq!(POLICY.next(1, answer(429), retry_after, left, 1.0), expected, "{retry_after:?} of {left:?}");
        }
    }
}

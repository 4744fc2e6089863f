//! The decision after a failed attempt of a run: a pure function.

use reqwest::StatusCode;

use super::OutcomeKind;
use crate::{Attempt, Delivery, call::is_transient};

/// The attempts of a request so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tried {
    /// The attempts that `max_attempts` counts: those that reached the server, without a `429`.
    pub(super) counted: u32,
    /// The delivery across all attempts.
    pub(super) delivery: Delivery,
    /// True if the request carries the updates of several rows.
    pub(super) is_joined: bool,
}

/// The decision after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryDecision {
    /// The rows get this outcome.
    Finish(OutcomeKind),
    /// A single row may have caused the rejection of all, so each is sent on its own.
    Split,
    /// The server rejects the API key, which ends the run.
    KeyRefused,
    /// The server rejects the key, or a firewall rejects this row; the next row shows which.
    Forbidden,
    /// Too many requests: the request is retried after the pause of the client.
    TooMany,
    /// The request is retried after a back-off.
    Retry,
}

/// Decides after a failed attempt, which `tried` includes.
pub(super) fn decide(attempt: Attempt, tried: Tried, max_attempts: u32) -> RetryDecision {
    match attempt.status {
        Some(StatusCode::UNAUTHORIZED) => RetryDecision::KeyRefused,
        Some(StatusCode::FORBIDDEN) => RetryDecision::Forbidden,
        Some(StatusCode::TOO_MANY_REQUESTS) => RetryDecision::TooMany,
        // Attempts that sent nothing are not limited.
        _ if attempt.delivery == Delivery::NotSent => RetryDecision::Retry,
        _ if is_transient(attempt) && tried.counted < max_attempts => RetryDecision::Retry,
        // It was not applied, and may be the next time.
        _ if is_transient(attempt) && tried.delivery != Delivery::Unknown => {
            RetryDecision::Finish(OutcomeKind::NotSent)
        }
        // A missing ticket affects all rows of the request.
        status => reject(tried, status == Some(StatusCode::NOT_FOUND)),
    }
}

/// Decides after a rejection; `affects_all` means that it holds for each row of the request.
pub(super) fn reject(tried: Tried, affects_all: bool) -> RetryDecision {
    match tried {
        // An earlier attempt may have been applied.
        Tried { delivery: Delivery::Unknown, .. } => RetryDecision::Finish(OutcomeKind::Unknown),
        Tried { is_joined: true, .. } if !affects_all => RetryDecision::Split,
        _ => RetryDecision::Finish(OutcomeKind::Rejected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_decision() {
        use OutcomeKind::*;
        use RetryDecision::*;
        let answer = |status| {
            let status = StatusCode::from_u16(status).unwrap();
            Attempt { status: Some(status), delivery: Delivery::from_status(status) }
        };
        let broken = |delivery| Attempt { status: None, delivery };
        let cases = [
            (answer(400), 1, false, Finish(Rejected)),
            (answer(404), 1, false, Finish(Rejected)),
            (answer(422), 1, true, Split),
            (answer(404), 1, true, Finish(Rejected)),
            (answer(307), 1, false, Finish(Rejected)),
            (answer(302), 1, false, Finish(Unknown)),
            (answer(401), 1, true, KeyRefused),
            (answer(403), 3, false, Forbidden),
            (answer(429), 0, true, TooMany),
            (answer(429), 9, false, TooMany),
            (answer(408), 1, false, Retry),
            (answer(408), 3, true, Finish(NotSent)),
            (answer(503), 1, false, Retry),
            (answer(503), 3, true, Finish(Unknown)),
            (answer(501), 1, false, Finish(Unknown)),
            (broken(Delivery::NotSent), 0, false, Retry),
            (broken(Delivery::NotSent), 100, false, Retry),
            (broken(Delivery::Unknown), 2, false, Retry),
            (broken(Delivery::Unknown), 3, true, Finish(Unknown)),
        ];
        for (attempt, counted, is_joined, expected) in cases {
            let tried = Tried { counted, delivery: attempt.delivery, is_joined };
            assert_eq!(decide(attempt, tried, 3), expected, "{attempt:?} after {counted}");
        }
    }

    #[test]
    fn a_rejection_after_an_unknown_attempt_is_unknown() {
        let attempt = Attempt { status: Some(StatusCode::NOT_FOUND), delivery: Delivery::Rejected };
        for is_joined in [false, true] {
            let tried = Tried { counted: 2, delivery: Delivery::Unknown, is_joined };
            assert_eq!(decide(attempt, tried, 3), RetryDecision::Finish(OutcomeKind::Unknown));
        }
    }
}

//! What to do after an attempt of a run: a pure function.

use reqwest::StatusCode;

use super::OutcomeKind;
use crate::{Attempt, Delivery, call::is_transient};

/// The attempts of a request so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tried {
    /// Attempts that may have been applied or were refused for a time: what `max_attempts` counts.
    pub(super) counted: u32,
    /// The worst of all attempts.
    pub(super) delivery: Delivery,
    /// Whether it carries the updates of several rows.
    pub(super) is_joined: bool,
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryDecision {
    /// The rows have their outcome.
    Finish(OutcomeKind),
    /// One row may be the reason why all were rejected: each is sent on its own.
    Split,
    /// The server does not accept the key: the run ends.
    KeyRefused,
    /// The reason is the key, or something in this row that a firewall does not like: the next row shows which.
    Forbidden,
    /// Too many requests: the client pauses, and then the request is sent again.
    TooMany,
    /// The request is sent again after a wait of its own.
    Retry,
}

/// Decides after a failed attempt, which is counted in `tried`.
pub(super) fn decide(attempt: Attempt, tried: Tried, max_attempts: u32) -> RetryDecision {
    match attempt.status {
        Some(StatusCode::UNAUTHORIZED) => RetryDecision::KeyRefused,
        Some(StatusCode::FORBIDDEN) => RetryDecision::Forbidden,
        Some(StatusCode::TOO_MANY_REQUESTS) => RetryDecision::TooMany,
        // Of nothing that was sent, there can be any number.
        _ if attempt.delivery == Delivery::NotSent => RetryDecision::Retry,
        _ if is_transient(attempt) && tried.counted < max_attempts => RetryDecision::Retry,
        // It was not applied, and might be the next time.
        _ if is_transient(attempt) && tried.delivery != Delivery::Unknown => {
            RetryDecision::Finish(OutcomeKind::NotSent)
        }
        // That the ticket is not found is the same for all.
        status => reject(tried, status == Some(StatusCode::NOT_FOUND)),
    }
}

/// Decides what a refusal means for the rows of a request; `is_of_all` says that it means each of them.
pub(super) fn reject(tried: Tried, is_of_all: bool) -> RetryDecision {
    match tried {
        // What none of the attempts has refused for good may still be applied.
        Tried { delivery: Delivery::Unknown, .. } => RetryDecision::Finish(OutcomeKind::Unknown),
        Tried { is_joined: true, .. } if !is_of_all => RetryDecision::Split,
        _ => RetryDecision::Finish(OutcomeKind::Rejected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_consequence() {
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
    fn a_refusal_after_an_attempt_that_may_have_been_applied_is_no_refusal() {
        let attempt = Attempt { status: Some(StatusCode::NOT_FOUND), delivery: Delivery::Rejected };
        for is_joined in [false, true] {
            let tried = Tried { counted: 2, delivery: Delivery::Unknown, is_joined };
            assert_eq!(decide(attempt, tried, 3), RetryDecision::Finish(OutcomeKind::Unknown));
        }
    }
}

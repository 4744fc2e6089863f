//! What to do after an attempt of a run: a pure function.

use std::time::Duration;

use reqwest::StatusCode;

use super::OutcomeKind;
use crate::{Attempt, Delivery, call::is_transient};

/// What has become of a request so far.
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
pub(super) enum Verdict {
    /// The rows have their outcome.
    Settled(OutcomeKind),
    /// One row may be the reason why all were refused: each is sent on its own.
    Split,
    /// The key is dead, and so is the run.
    KeyRefused,
    /// Too many requests: the run waits, and then the request is sent again.
    SlowDown(Option<Duration>),
    /// The request is sent again after a wait of its own.
    Again,
}

/// Decides after a failed attempt, which is in `tried` already.
pub(super) fn verdict(attempt: Attempt, retry_after: Option<Duration>, tried: Tried, max_attempts: u32) -> Verdict {
    match attempt.status {
        Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Verdict::KeyRefused,
        Some(StatusCode::TOO_MANY_REQUESTS) => Verdict::SlowDown(retry_after),
        // Of nothing that was sent, there can be any number.
        _ if attempt.delivery == Delivery::NotSent => Verdict::Again,
        _ if is_transient(attempt) && tried.counted < max_attempts => Verdict::Again,
        // What none of them has refused for good may still be applied.
        _ if tried.delivery == Delivery::Unknown => Verdict::Settled(OutcomeKind::Unknown),
        // It was not applied, and might be the next time.
        _ if is_transient(attempt) => Verdict::Settled(OutcomeKind::NotSent),
        // That the ticket is not found is the same for all.
        Some(status) if tried.is_joined && status != StatusCode::NOT_FOUND => Verdict::Split,
        _ => Verdict::Settled(OutcomeKind::Rejected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_consequence() {
        use OutcomeKind::*;
        use Verdict::*;
        let answer = |status| {
            let status = StatusCode::from_u16(status).unwrap();
            Attempt { status: Some(status), delivery: Delivery::of_status(status) }
        };
        let broken = |delivery| Attempt { status: None, delivery };
        let asked = Some(Duration::from_secs(7));
        let cases = [
            (answer(400), None, 1, false, Settled(Rejected)),
            (answer(404), None, 1, false, Settled(Rejected)),
            (answer(422), None, 1, true, Split),
            (answer(404), None, 1, true, Settled(Rejected)),
            (answer(307), None, 1, false, Settled(Rejected)),
            (answer(302), None, 1, false, Settled(Unknown)),
            (answer(401), None, 1, true, KeyRefused),
            (answer(403), None, 3, false, KeyRefused),
            (answer(429), asked, 0, true, SlowDown(asked)),
            (answer(429), None, 9, false, SlowDown(None)),
            (answer(408), None, 1, false, Again),
            (answer(408), None, 3, true, Settled(NotSent)),
            (answer(503), asked, 1, false, Again),
            (answer(503), None, 3, true, Settled(Unknown)),
            (answer(501), None, 1, false, Settled(Unknown)),
            (broken(Delivery::NotSent), None, 0, false, Again),
            (broken(Delivery::NotSent), None, 100, false, Again),
            (broken(Delivery::Unknown), None, 2, false, Again),
            (broken(Delivery::Unknown), None, 3, true, Settled(Unknown)),
        ];
        for (attempt, retry_after, counted, is_joined, expected) in cases {
            let tried = Tried { counted, delivery: attempt.delivery, is_joined };
            assert_eq!(verdict(attempt, retry_after, tried, 3), expected, "{attempt:?} after {counted}");
        }
    }

    #[test]
    fn a_refusal_after_an_attempt_that_may_have_been_applied_is_no_refusal() {
        let attempt = Attempt { status: Some(StatusCode::NOT_FOUND), delivery: Delivery::Rejected };
        for is_joined in [false, true] {
            let tried = Tried { counted: 2, delivery: Delivery::Unknown, is_joined };
            assert_eq!(verdict(attempt, None, tried, 3), Verdict::Settled(OutcomeKind::Unknown));
        }
    }
}

//! The decision about an update after an attempt: a pure function.

use std::time::Duration;

use vambe_api::{Delivery, Error};

/// The statuses after which the same request may succeed later, as in `vambe-api`; and 401 and 403, which are about the key.
const TRANSIENT: [u16; 7] = [401, 403, 408, 500, 502, 503, 504];

/// The longest wait before an update is sent again.
const LONGEST: Duration = Duration::from_secs(600);

/// The arguments of `vambe.settle`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Settlement {
    pub(super) outcome: &'static str,
    pub(super) delay: Duration,
    pub(super) status: Option<u16>,
    /// A reason without private values.
    pub(super) reason: Option<String>,
    pub(super) maybe_applied: bool,
}

impl Settlement {
    pub(super) fn applied() -> Self {
        Self { outcome: "applied", delay: Duration::ZERO, status: None, reason: None, maybe_applied: false }
    }

    /// The settlement of an update that is not one, which only another writer than `vambe.enqueue` can make.
    pub(super) fn invalid() -> Self {
        Self { outcome: "rejected", reason: Some("the update is invalid".to_owned()), ..Self::applied() }
    }

    /// Decides after a failed attempt with this number. `random` is from 0 to 1.
    pub(super) fn of(error: &Error, attempt: u32, random: f64) -> Self {
        let status = error.status().map(|status| status.as_u16());
        let delivery = error.delivery();
        let outcome = match status {
            // The quota pauses all workers for the time that the server asks for.
            Some(429) => "not_sent",
            _ if delivery == Delivery::NotSent && !matches!(error, Error::InvalidRequest(_)) => "not_sent",
            None if delivery == Delivery::Unknown => "retry",
            Some(status) if TRANSIENT.contains(&status) => "retry",
            _ if error.is_ticket_not_found() => "not_found",
            _ => "rejected",
        };
        let delay = match outcome {
            "retry" => backoff(attempt, random),
            "not_sent" => backoff(1, random),
            _ => Duration::ZERO,
        };
        // One line: the text of the error, or the server's message without private values.
        let reason = error.redacted_message().map_or_else(|| error.to_string(), str::to_owned);
        Self { outcome, delay, status, reason: Some(reason), maybe_applied: delivery == Delivery::Unknown }
    }
}

/// Returns the wait after this attempt: 1 s, doubled up to 10 min, less a random part of up to a half.
fn backoff(attempt: u32, random: f64) -> Duration {
    let doubled = Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
    doubled.min(LONGEST).mul_f64(1.0 - random.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_ten_minutes() {
        let cases = [
            (0, 0.0, 1.0),
            (1, 0.0, 1.0),
            (1, 1.0, 0.5),
            (2, 0.0, 2.0),
            (4, 1.0, 4.0),
            (11, 0.0, 600.0),
            (u32::MAX, 1.0, 300.0),
        ];
        for (attempt, random, expected) in cases {
            assert_eq!(backoff(attempt, random).as_secs_f64(), expected, "{attempt}");
        }
    }
}

//! The loop over the attempts of a call.

use std::{future::Future, sync::Arc, time::Duration};

use reqwest::StatusCode;
use tokio::time::{Instant, sleep};

use super::{
    Attempt, Attempts, Backoff, Blocked, Budget, CallOptions, Delivery, Limits, Permit, after, limit::Seen,
    retry::RetryPolicy,
};
use crate::{Operation, trace};

/// The settings and shared state of a call.
pub(crate) struct CallConfig<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) options: CallOptions,
    pub(crate) backoff: Backoff,
    pub(crate) budget: &'a Budget,
    pub(crate) limits: &'a Arc<Limits>,
    /// Returns random numbers from 0 to 1.
    pub(crate) random: fn() -> f64,
}

/// A failed attempt: the facts that the loop needs, and the error for the caller.
#[derive(Debug)]
pub(crate) struct AttemptFailure<E> {
    pub(crate) attempt: Attempt,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) error: E,
}

/// The reason why a call failed.
#[derive(Debug)]
pub(crate) enum CallFailure<E> {
    /// No slot of the client's limits became free before the deadline, and no attempt was made.
    NoSlot(Blocked),
    /// The call timed out before the first attempt.
    NoTime,
    /// The last attempt failed.
    Attempt(E),
}

/// Makes attempts until one succeeds or another one would be useless. Returns the number of attempts.
///
/// `attempt` must keep to the deadline it is given, which is never after that of the call. Dropping the future ends the attempt or
/// the wait, and frees its slot.
pub(crate) async fn run<T, E, F, Fut>(
    config: &CallConfig<'_>,
    mut attempt: F,
) -> Result<(T, u32), (CallFailure<E>, Attempts)>
where
    F: FnMut(Instant) -> Fut,
    Fut: Future<Output = Result<T, AttemptFailure<E>>>,
    E: trace::TracedError,
{
    let CallConfig { operation, options, backoff, budget, limits, random } = *config;
    let policy = RetryPolicy { max_attempts: options.max_attempts, backoff, idempotent: operation.idempotent };
    let deadline = after(Instant::now(), options.timeout);
    let mut attempts = Attempts::new(operation.idempotent);
    let mut last = None;
    loop {
        let give_up = |other: CallFailure<E>, last: Option<E>| last.map_or(other, CallFailure::Attempt);
        // A retry waits for a slot like any request. If it gets none, the last attempt's error is reported.
        let permit = match limits.acquire(deadline).await {
            Ok(permit) => permit,
            Err(blocked) => return Err((give_up(CallFailure::NoSlot(blocked), last), attempts)),
        };
        let now = Instant::now();
        if now >= deadline {
            return Err((give_up(CallFailure::NoTime, last), attempts));
        }
        let attempt_deadline = after(now, options.attempt_timeout).min(deadline);
        if !permit.begin(attempt_deadline) {
            continue;
        }
        let result = once(limits, permit, random, attempt(attempt_deadline)).await;
        let failure = match result {
            Ok(value) => {
                budget.deposit();
                return Ok((value, attempts.count() + 1));
            }
            Err(failure) => failure,
        };
        attempts.push(failure.attempt);
        let left = deadline.saturating_duration_since(Instant::now());
        let wait = policy.wait(attempts.count(), failure.attempt, failure.retry_after, left, random());
        match wait {
            Some(wait) if budget.withdraw() => {
                trace::attempt_failed(attempts.count(), failure.attempt, &failure.error, Some(wait));
                last = Some(failure.error);
                // After a `429` the limits pause this call with all others.
                if failure.attempt.status != Some(StatusCode::TOO_MANY_REQUESTS) {
                    sleep(wait).await;
                }
            }
            _ => {
                trace::attempt_failed(attempts.count(), failure.attempt, &failure.error, None);
                return Err((CallFailure::Attempt(failure.error), attempts));
            }
        }
    }
}

/// Makes one attempt, whose permit has begun, and returns the permit with the attempt's effect on the limits.
pub(crate) async fn once<T, E>(
    limits: &Limits,
    permit: Permit,
    random: fn() -> f64,
    attempt: impl Future<Output = Result<T, AttemptFailure<E>>>,
) -> Result<T, AttemptFailure<E>> {
    let result = attempt.await;
    let seen = match &result {
        Ok(_) => Seen::Answered,
        Err(AttemptFailure { attempt, retry_after, .. }) => match attempt.status {
            Some(StatusCode::TOO_MANY_REQUESTS) => Seen::TooMany(*retry_after),
            Some(_) => Seen::Answered,
            None if attempt.delivery == Delivery::NotSent => Seen::NotSent,
            None => Seen::NoAnswer,
        },
    };
    limits.finish(permit, seen, random);
    result
}

#[cfg(test)]
mod tests {
    use std::{collections::VecDeque, num::NonZeroU32};

    use reqwest::StatusCode;

    use super::*;
    use crate::{RateLimit, raw::operations::UPDATE_TICKET_METADATA};

    const S: Duration = Duration::from_secs(1);

    impl trace::TracedError for u16 {
        fn kind(&self) -> &'static str {
            "status"
        }

        fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
            None
        }
    }

    /// What an attempt of a script does: it takes a time and gives a status, 0 for a broken connection; with `Retry-After`.
    type Scripted = (Duration, u16, Option<Duration>);

    struct Outcome {
        result: Result<u32, (CallFailure<u16>, Attempts)>,
        /// When each attempt was made, from the start.
        made: Vec<Duration>,
        took: Duration,
    }

    async fn play(config: CallConfig<'_>, script: &[Scripted]) -> Outcome {
        let start = Instant::now();
        let mut script: VecDeque<_> = script.iter().copied().collect();
        let mut made = Vec::new();
        let result = run(&config, |deadline| {
            made.push(start.elapsed());
            let (takes, status, retry_after) = script.pop_front().expect("an attempt that the script does not know");
            async move {
                if tokio::time::timeout_at(deadline, sleep(takes)).await.is_err() {
                    let attempt = Attempt { status: None, delivery: Delivery::Unknown };
                    return Err(AttemptFailure { attempt, retry_after: None, error: 1 });
                }
                let known = StatusCode::from_u16(status).ok();
                let delivery = known.map_or(Delivery::Unknown, Delivery::from_status);
                match status {
                    200 => Ok(()),
                    _ => {
                        Err(AttemptFailure { attempt: Attempt { status: known, delivery }, retry_after, error: status })
                    }
                }
            }
        })
        .await;
        Outcome { result: result.map(|((), attempts)| attempts), made, took: start.elapsed() }
    }

    fn config<'a>(budget: &'a Budget, limits: &'a Arc<Limits>) -> CallConfig<'a> {
        CallConfig {
            operation: &UPDATE_TICKET_METADATA,
            options: CallOptions::default(),
            backoff: Backoff::DEFAULT,
            budget,
            limits,
            random: || 1.0,
        }
    }

    fn limits(rate: Option<RateLimit>, max_in_flight: Option<usize>) -> Arc<Limits> {
        Arc::new(Limits::new(rate, max_in_flight, Backoff::DEFAULT))
    }

    const NOW: Duration = Duration::ZERO;

    #[tokio::test(start_paused = true)]
    async fn a_failure_that_may_pass_is_tried_three_times_with_growing_waits() {
        let (budget, limits) = (Budget::new(100), limits(None, None));
        let outcome = play(config(&budget, &limits), &[(NOW, 503, None), (NOW, 0, None), (NOW, 200, None)]).await;
        assert_eq!(outcome.result.unwrap(), 3);
        assert_eq!(outcome.made, [0, 250, 750].map(Duration::from_millis));

        let outcome = play(config(&budget, &limits), &[(NOW, 503, None), (NOW, 500, None), (NOW, 502, None)]).await;
        let (give_up, attempts) = outcome.result.unwrap_err();
        assert!(matches!(give_up, CallFailure::Attempt(502)));
        let statuses: Vec<_> = attempts.as_slice().iter().map(|attempt| attempt.status.unwrap().as_u16()).collect();
        assert_eq!(statuses, [503, 500, 502], "no earlier status is lost");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_not_tried_again() {
        let (budget, limits) = (Budget::new(100), limits(None, None));
        let outcome = play(config(&budget, &limits), &[(NOW, 404, None)]).await;
        let (give_up, attempts) = outcome.result.unwrap_err();
        assert!(matches!(give_up, CallFailure::Attempt(404)));
        assert_eq!((attempts.count(), attempts.delivery()), (1, Delivery::Rejected));
    }

    #[tokio::test(start_paused = true)]
    async fn the_server_s_wait_is_kept_to_within_the_deadline_and_reported_at_once_beyond_it() {
        let (budget, limits) = (Budget::new(100), limits(None, None));
        let outcome = play(config(&budget, &limits), &[(NOW, 429, Some(20 * S)), (NOW, 200, None)]).await;
        assert_eq!(outcome.result.unwrap(), 2);
        assert_eq!(outcome.took, 20 * S);

        let outcome = play(config(&budget, &limits), &[(NOW, 429, Some(86_400_000 * S))]).await;
        assert!(matches!(outcome.result.unwrap_err().0, CallFailure::Attempt(429)));
        assert_eq!(outcome.took, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn no_script_takes_longer_than_the_deadline() {
        let (budget, limits) = (Budget::new(100), limits(None, None));
        let hanging = [(1000 * S, 200, None); 3];
        let outcome = play(config(&budget, &limits), &hanging).await;
        assert_eq!(outcome.made, [NOW, Duration::from_millis(15_250), Duration::from_millis(30_750)]);
        assert_eq!(outcome.took, Duration::from_millis(45_750));

        let options = CallOptions::default().timeout(20 * S).max_attempts(9);
        let outcome = play(CallConfig { options, ..config(&budget, &limits) }, &hanging).await;
        assert_eq!(outcome.took, 20 * S, "the second attempt has what is left");
        assert_eq!(outcome.result.unwrap_err().1.delivery(), Delivery::Unknown);
    }

    #[tokio::test(start_paused = true)]
    async fn without_time_nothing_is_attempted() {
        let (budget, limits) = (Budget::new(100), limits(None, None));
        let options = CallOptions::default().timeout(Duration::ZERO);
        let outcome = play(CallConfig { options, ..config(&budget, &limits) }, &[]).await;
        let (give_up, attempts) = outcome.result.unwrap_err();
        assert!(matches!(give_up, CallFailure::NoTime));
        assert_eq!((outcome.made.len(), attempts.delivery()), (0, Delivery::NotSent));
    }

    #[tokio::test(start_paused = true)]
    async fn an_endless_time_limit_does_not_overflow() {
        let (budget, limits) = (Budget::new(100), limits(None, None));
        let options = CallOptions::default().timeout(Duration::MAX).attempt_timeout(Duration::MAX);
        let outcome =
            play(CallConfig { options, ..config(&budget, &limits) }, &[(NOW, 429, Some(Duration::MAX))]).await;
        assert!(matches!(outcome.result.unwrap_err().0, CallFailure::Attempt(429)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_server_is_not_hammered_once_the_budget_is_used_up() {
        let (budget, limits) = (Budget::new(5), limits(None, None));
        let mut made = 0;
        for _ in 0..10 {
            made += play(config(&budget, &limits), &[(NOW, 503, None); 3]).await.made.len();
        }
        assert_eq!(made, 10 + 5);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_for_a_slot_counts_against_the_deadline() {
        let limit = RateLimit::new(NonZeroU32::MIN, 100 * S);
        let (budget, limits) = (Budget::new(100), limits(Some(limit), None));
        assert!(play(config(&budget, &limits), &[(NOW, 200, None)]).await.result.is_ok());
        let outcome = play(config(&budget, &limits), &[(NOW, 200, None)]).await;
        let (give_up, attempts) = outcome.result.unwrap_err();
        assert!(matches!(give_up, CallFailure::NoSlot(_)));
        assert_eq!((outcome.made.len(), attempts.delivery()), (0, Delivery::NotSent));
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_without_a_slot_tells_what_the_server_said() {
        let limit = RateLimit::new(NonZeroU32::MIN, 100 * S);
        let (budget, limits) = (Budget::new(100), limits(Some(limit), None));
        let outcome = play(config(&budget, &limits), &[(NOW, 503, None)]).await;
        assert!(matches!(outcome.result.unwrap_err().0, CallFailure::Attempt(503)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_call_frees_its_place_in_flight() {
        let (budget, limits) = (Budget::new(100), limits(None, Some(1)));
        let hanging = [(10 * S, 200, None)];
        let call = play(config(&budget, &limits), &hanging);
        assert!(tokio::time::timeout(S, call).await.is_err());
        assert!(play(config(&budget, &limits), &[(NOW, 200, None)]).await.result.is_ok());
    }
}

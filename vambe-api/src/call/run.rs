//! The loop over the attempts of a call.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

use reqwest::StatusCode;

use super::{
    Attempt, Attempts, Backoff, Blocked, Budget, CallOptions, Delivery, Limits, Permit, after,
    limit::Seen,
    retry::{Next, RetryPolicy},
};
use crate::{Operation, trace};

/// What a call is made by.
pub(crate) struct Rules<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) options: CallOptions,
    pub(crate) backoff: Backoff,
    pub(crate) budget: &'a Budget,
    pub(crate) limits: &'a Arc<Limits>,
    /// Gives numbers from 0 to 1.
    pub(crate) random: fn() -> f64,
}

/// Why an attempt failed: what the loop has to know, and the error that the caller may get.
#[derive(Debug)]
pub(crate) struct Failure<E> {
    pub(crate) attempt: Attempt,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) error: E,
}

/// Why a call was given up.
#[derive(Debug)]
pub(crate) enum GiveUp<E> {
    /// The client's own limits have no slot free before the deadline, and nothing was attempted.
    NoSlot(Blocked),
    /// The time was over before anything was attempted.
    NoTime,
    /// The last attempt failed.
    Failed(E),
}

/// Makes attempts until one succeeds or there is no use in another; tells how many there were.
///
/// `attempt` gets the deadline of the attempt, which is never after that of the call, and has to keep to it. Dropping the
/// future ends the attempt or the wait, and leaves the limits as if it had not been.
pub(crate) async fn run<T, E, F, Fut>(rules: &Rules<'_>, mut attempt: F) -> Result<(T, u32), (GiveUp<E>, Attempts)>
where
    F: FnMut(Instant) -> Fut,
    Fut: Future<Output = Result<T, Failure<E>>>,
    E: trace::AttemptError,
{
    let Rules { operation, options, backoff, budget, limits, random } = *rules;
    let policy = RetryPolicy { max_attempts: options.max_attempts, backoff, idempotent: operation.idempotent };
    let deadline = after(Instant::now(), options.timeout);
    let mut attempts = Attempts::new(operation.idempotent);
    let mut last = None;
    loop {
        let give_up = |other: GiveUp<E>, last: Option<E>| last.map_or(other, GiveUp::Failed);
        // A retry waits for a slot like any request. If it gets none, what the server said last is what counts.
        let permit = match limits.acquire(deadline).await {
            Ok(permit) => permit,
            Err(blocked) => return Err((give_up(GiveUp::NoSlot(blocked), last), attempts)),
        };
        let now = Instant::now();
        if now >= deadline {
            return Err((give_up(GiveUp::NoTime, last), attempts));
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
        let next = policy.next(attempts.count(), failure.attempt, failure.retry_after, left, random());
        match next {
            Next::Wait(wait) if budget.withdraw() => {
                trace::attempt_failed(attempts.count(), failure.attempt, &failure.error, Some(wait));
                last = Some(failure.error);
                // A `429` is about the key: the limits hold back this call with all others.
                if failure.attempt.status != Some(StatusCode::TOO_MANY_REQUESTS) {
                    sleep(wait).await;
                }
            }
            _ => {
                trace::attempt_failed(attempts.count(), failure.attempt, &failure.error, None);
                return Err((GiveUp::Failed(failure.error), attempts));
            }
        }
    }
}

/// Makes one attempt, whose permit has begun, and gives the permit back with what the attempt says of the limits.
pub(crate) async fn once<T, E>(
    limits: &Limits,
    permit: Permit,
    random: fn() -> f64,
    attempt: impl Future<Output = Result<T, Failure<E>>>,
) -> Result<T, Failure<E>> {
    let result = attempt.await;
    let seen = match &result {
        Ok(_) => Seen::Answered,
        Err(Failure { attempt, retry_after, .. }) => match attempt.status {
            Some(StatusCode::TOO_MANY_REQUESTS) => Seen::TooMany(*retry_after),
            Some(_) => Seen::Answered,
            None if attempt.delivery == Delivery::NotSent => Seen::NotSent,
            None => Seen::Silence,
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

    impl trace::AttemptError for u16 {
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
        result: Result<u32, (GiveUp<u16>, Attempts)>,
        /// When each attempt was made, from the start.
        made: Vec<Duration>,
        took: Duration,
    }

    async fn play(rules: Rules<'_>, script: &[Scripted]) -> Outcome {
        let start = Instant::now();
        let mut script: VecDeque<_> = script.iter().copied().collect();
        let mut made = Vec::new();
        let result = run(&rules, |deadline| {
            made.push(start.elapsed());
            let (takes, status, retry_after) = script.pop_front().expect("an attempt that the script does not know");
            async move {
                if tokio::time::timeout_at(deadline, sleep(takes)).await.is_err() {
                    let attempt = Attempt { status: None, delivery: Delivery::Unknown };
                    return Err(Failure { attempt, retry_after: None, error: 1 });
                }
                let known = StatusCode::from_u16(status).ok();
                let delivery = known.map_or(Delivery::Unknown, Delivery::of_status);
                match status {
                    200 => Ok(()),
                    _ => Err(Failure { attempt: Attempt { status: known, delivery }, retry_after, error: status }),
                }
            }
        })
        .await;
        Outcome { result: result.map(|((), attempts)| attempts), made, took: start.elapsed() }
    }

    fn rules<'a>(budget: &'a Budget, limits: &'a Arc<Limits>) -> Rules<'a> {
        Rules {
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
        let outcome = play(rules(&budget, &limits), &[(NOW, 503, None), (NOW, 0, None), (NOW, 200, None)]).await;
        assert_eq!(outcome.result.unwrap(), 3);
        assert_eq!(outcome.made, [0, 250, 750].map(Duration::from_millis));

        let outcome = play(rules(&budget, &limits), &[(NOW, 503, None), (NOW, 500, None), (NOW, 502, None)]).await;
        let (give_up, attempts) = outcome.result.unwrap_err();
        assert!(matches!(give_up, GiveUp::Failed(502)));
        let statuses: Vec<_> = attempts.as_slice().iter().map(|attempt| attempt.status.unwrap().as_u16()).collect();
        assert_eq!(statuses, [503, 500, 502], "no earlier status is lost");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_not_tried_again() {
        let (budget, limits) = (Budget::new(100), limits(None, None));
        let outcome = play(rules(&budget, &limits), &[(NOW, 404, None)]).await;
        let (give_up, attempts) = outcome.result.unwrap_err();
        assert!(matches!(give_up, GiveUp::Failed(404)));
        assert_eq!((attempts.count(), attempts.delivery()), (1, Delivery::Rejected));
    }

    #[tokio::test(start_paused = true)]
    async fn the_server_s_wait_is_kept_to_within_the_deadline_and_reported_at_once_beyond_it() {
        let (budget, limits) = (Budget::new(100), limits(None, None));
        let outcome = play(rules(&budget, &limits), &[(NOW, 429, Some(20 * S)), (NOW, 200, None)]).await;
        assert_eq!(outcome.result.unwrap(), 2);
        assert_eq!(outcome.took, 20 * S);

        let outcome = play(rules(&budget, &limits), &[(NOW, 429, Some(86_400_000 * S))]).await;
        assert!(matches!(outcome.result.unwrap_err().0, GiveUp::Failed(429)));
        assert_eq!(outcome.took, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn no_script_takes_longer_than_the_deadline() {
        let (budget, limits) = (Budget::new(100), limits(None, None));
        let hanging = [(1000 * S, 200, None); 3];
        let outcome = play(rules(&budget, &limits), &hanging).await;
        assert_eq!(outcome.made, [NOW, Duration::from_millis(15_250), Duration::from_millis(30_750)]);
        assert_eq!(outcome.took, Duration::from_millis(45_750));

        let options = CallOptions::default().timeout(20 * S).max_attempts(9);
        let outcome = play(Rules { options, ..rules(&budget, &limits) }, &hanging).await;
        assert_eq!(outcome.took, 20 * S, "the second attempt has what is left");
        assert_eq!(outcome.result.unwrap_err().1.delivery(), Delivery::Unknown);
    }

    #[tokio::test(start_paused = true)]
    async fn without_time_nothing_is_attempted() {
        let (budget, limits) = (Budget::new(100), limits(None, None));
        let options = CallOptions::default().timeout(Duration::ZERO);
        let outcome = play(Rules { options, ..rules(&budget, &limits) }, &[]).await;
        let (give_up, attempts) = outcome.result.unwrap_err();
        assert!(matches!(give_up, GiveUp::NoTime));
        assert_eq!((outcome.made.len(), attempts.delivery()), (0, Delivery::NotSent));
    }

    #[tokio::test(start_paused = true)]
    async fn an_endless_time_limit_does_not_overflow() {
        let (budget, limits) = (Budget::new(100), limits(None, None));
        let options = CallOptions::default().timeout(Duration::MAX).attempt_timeout(Duration::MAX);
        let outcome = play(Rules { options, ..rules(&budget, &limits) }, &[(NOW, 429, Some(Duration::MAX))]).await;
        assert!(matches!(outcome.result.unwrap_err().0, GiveUp::Failed(429)));
    }

    /// Invariant: the retry budget bounds the requests to a dead server.
    #[tokio::test(start_paused = true)]
    async fn a_dead_server_is_not_hammered_once_the_budget_is_used_up() {
        let (budget, limits) = (Budget::new(5), limits(None, None));
        let mut made = 0;
        for _ in 0..10 {
            made += play(rules(&budget, &limits), &[(NOW, 503, None); 3]).await.made.len();
        }
        assert_eq!(made, 10 + 5);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_for_a_slot_counts_against_the_deadline() {
        let limit = RateLimit::new(NonZeroU32::MIN, 100 * S);
        let (budget, limits) = (Budget::new(100), limits(Some(limit), None));
        assert!(play(rules(&budget, &limits), &[(NOW, 200, None)]).await.result.is_ok());
        let outcome = play(rules(&budget, &limits), &[(NOW, 200, None)]).await;
        let (give_up, attempts) = outcome.result.unwrap_err();
        assert!(matches!(give_up, GiveUp::NoSlot(_)));
        assert_eq!((outcome.made.len(), attempts.delivery()), (0, Delivery::NotSent));
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_without_a_slot_tells_what_the_server_said() {
        let limit = RateLimit::new(NonZeroU32::MIN, 100 * S);
        let (budget, limits) = (Budget::new(100), limits(Some(limit), None));
        let outcome = play(rules(&budget, &limits), &[(NOW, 503, None)]).await;
        assert!(matches!(outcome.result.unwrap_err().0, GiveUp::Failed(503)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_call_frees_its_place_in_flight() {
        let (budget, limits) = (Budget::new(100), limits(None, Some(1)));
        let hanging = [(10 * S, 200, None)];
        let call = play(rules(&budget, &limits), &hanging);
        assert!(tokio::time::timeout(S, call).await.is_err());
        assert!(play(rules(&budget, &limits), &[(NOW, 200, None)]).await.result.is_ok());
    }
}

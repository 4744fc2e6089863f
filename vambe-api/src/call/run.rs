//! The loop over the attempts of a call.

#[cfg(test)]
mod tests;

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

impl CallConfig<'_> {
    fn policy(&self) -> RetryPolicy {
        let Self { operation, options, backoff, .. } = self;
        RetryPolicy { max_attempts: options.max_attempts, backoff: *backoff, idempotent: operation.idempotent }
    }
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

/// Gets every attempt of a call.
pub(crate) trait Watch<T, E>: Send {
    /// Records the end of an attempt: its number from 1, the wait before it, its duration and its result.
    fn attempt_ended(&mut self, number: u32, wait: Duration, duration: Duration, result: &Result<T, AttemptFailure<E>>);
}

/// Makes attempts until one succeeds or another one would be useless. Returns the number of attempts.
///
/// `attempt` must keep to the deadline it is given, which is never after that of the call. Dropping the future ends the attempt
/// or the wait, and frees its slot.
pub(crate) async fn run<T, E, F, Fut>(
    config: &CallConfig<'_>,
    mut attempt: F,
    mut watch: Option<&mut dyn Watch<T, E>>,
) -> Result<(T, u32), (CallFailure<E>, Attempts)>
where
    F: FnMut(Instant) -> Fut,
    Fut: Future<Output = Result<T, AttemptFailure<E>>>,
    E: trace::TracedError,
{
    let CallConfig { options, budget, limits, random, .. } = config;
    let mut idle_since = Instant::now();
    let deadline = after(idle_since, options.timeout);
    let mut attempts = Attempts::new(config.operation.idempotent);
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
            // The slot came too late: on a busy machine the deadline can pass between the slot and the attempt.
            let failure = permit.blocked_until_now().map_or(CallFailure::NoTime, CallFailure::NoSlot);
            return Err((give_up(failure, last), attempts));
        }
        let attempt_deadline = after(now, options.attempt_timeout).min(deadline);
        if !permit.begin(attempt_deadline) {
            continue;
        }
        // A block, so that the future has no room for the result while it sleeps.
        let pause = {
            let result = attempt(attempt_deadline).await;
            finish(limits, permit, *random, &result);
            if let Some(watch) = &mut watch {
                let ended = Instant::now();
                watch.attempt_ended(attempts.count() + 1, now - idle_since, ended - now, &result);
                idle_since = ended;
            }
            let failure = match result {
                Ok(value) => {
                    budget.deposit();
                    return Ok((value, attempts.count() + 1));
                }
                Err(failure) => failure,
            };
            attempts.push(failure.attempt);
            let left = deadline.saturating_duration_since(Instant::now());
            let wait = config.policy().wait(attempts.count(), failure.attempt, failure.retry_after, left, random());
            let wait = wait.filter(|_| budget.withdraw());
            trace::attempt_failed(attempts.count(), failure.attempt, &failure.error, wait);
            let Some(wait) = wait else { return Err((CallFailure::Attempt(failure.error), attempts)) };
            last = Some(failure.error);
            // After a `429` the limits pause this call with all others.
            (failure.attempt.status != Some(StatusCode::TOO_MANY_REQUESTS)).then_some(wait)
        };
        if let Some(pause) = pause {
            sleep(pause).await;
        }
    }
}

/// Returns the permit of an attempt that has ended, with its effect on the limits.
pub(crate) fn finish<T, E>(
    limits: &Limits,
    permit: Permit,
    random: fn() -> f64,
    result: &Result<T, AttemptFailure<E>>,
) {
    let seen = match result {
        Ok(_) => Seen::Answered,
        Err(AttemptFailure { attempt, retry_after, .. }) => match attempt.status {
            Some(StatusCode::TOO_MANY_REQUESTS) => Seen::TooMany(*retry_after),
            Some(StatusCode::UNAUTHORIZED) => Seen::Unauthorized,
            Some(StatusCode::FORBIDDEN) => Seen::Forbidden,
            Some(_) => Seen::Answered,
            None if attempt.delivery == Delivery::NotSent => Seen::NotSent,
            None => Seen::NoAnswer,
        },
    };
    limits.finish(permit, seen, random);
}

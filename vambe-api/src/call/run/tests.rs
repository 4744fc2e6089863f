//! Tests of the loop over attempts, which play a script with a paused clock.

use std::{collections::VecDeque, num::NonZeroU32};

use reqwest::StatusCode;

use super::*;
use crate::{ErrorKind, RateLimit, raw::operations::UPDATE_TICKET_METADATA};

const S: Duration = Duration::from_secs(1);

impl trace::TracedError for u16 {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Status
    }

    fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
        None
    }
}

/// A scripted attempt: its duration, its status or 0 for a lost connection, and its `Retry-After`.
type Scripted = (Duration, u16, Option<Duration>);

struct Outcome {
    result: Result<u32, (CallFailure<u16>, Attempts)>,
    /// The time of each attempt, from the start.
    made: Vec<Duration>,
    took: Duration,
}

/// The number of each attempt, the wait before it and its duration.
#[derive(Default)]
struct Times(Vec<(u32, Duration, Duration)>);

impl Watch<(), u16> for Times {
    fn attempt_ended(&mut self, number: u32, wait: Duration, duration: Duration, _: &Result<(), AttemptFailure<u16>>) {
        self.0.push((number, wait, duration));
    }
}

async fn play(config: CallConfig<'_>, script: &[Scripted]) -> Outcome {
    play_watched(config, script, None).await
}

async fn play_watched(config: CallConfig<'_>, script: &[Scripted], watch: Option<&mut dyn Watch<(), u16>>) -> Outcome {
    let start = Instant::now();
    let mut script: VecDeque<_> = script.iter().copied().collect();
    let mut made = Vec::new();
    let attempt = |deadline| {
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
                _ => Err(AttemptFailure { attempt: Attempt { status: known, delivery }, retry_after, error: status }),
            }
        }
    };
    let result = run(&config, attempt, watch).await;
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
async fn retries_a_transient_failure_with_growing_waits() {
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
async fn does_not_retry_a_rejection() {
    let (budget, limits) = (Budget::new(100), limits(None, None));
    let outcome = play(config(&budget, &limits), &[(NOW, 404, None)]).await;
    let (give_up, attempts) = outcome.result.unwrap_err();
    assert!(matches!(give_up, CallFailure::Attempt(404)));
    assert_eq!((attempts.count(), attempts.delivery()), (1, Delivery::Rejected));
}

#[tokio::test(start_paused = true)]
async fn waits_as_the_server_asks_or_gives_up_at_once() {
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
    for (max_in_flight, is_no_slot) in [(None, false), (Some(1), true)] {
        let (budget, limits) = (Budget::new(100), limits(None, max_in_flight));
        let options = CallOptions::default().timeout(Duration::ZERO);
        let outcome = play(CallConfig { options, ..config(&budget, &limits) }, &[]).await;
        let (failure, attempts) = outcome.result.unwrap_err();
        assert_eq!(matches!(failure, CallFailure::NoSlot(_)), is_no_slot, "{failure:?}");
        assert_eq!((outcome.made.len(), attempts.delivery()), (0, Delivery::NotSent));
    }
}

#[tokio::test(start_paused = true)]
async fn an_endless_time_limit_does_not_overflow() {
    let (budget, limits) = (Budget::new(100), limits(None, None));
    let options = CallOptions::default().timeout(Duration::MAX).attempt_timeout(Duration::MAX);
    let outcome = play(CallConfig { options, ..config(&budget, &limits) }, &[(NOW, 429, Some(Duration::MAX))]).await;
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
async fn a_retry_without_a_slot_reports_the_last_response() {
    let limit = RateLimit::new(NonZeroU32::MIN, 100 * S);
    let (budget, limits) = (Budget::new(100), limits(Some(limit), None));
    let outcome = play(config(&budget, &limits), &[(NOW, 503, None)]).await;
    assert!(matches!(outcome.result.unwrap_err().0, CallFailure::Attempt(503)));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_frees_its_slot() {
    let (budget, limits) = (Budget::new(100), limits(None, Some(1)));
    let hanging = [(10 * S, 200, None)];
    let call = play(config(&budget, &limits), &hanging);
    assert!(tokio::time::timeout(S, call).await.is_err());
    assert!(play(config(&budget, &limits), &[(NOW, 200, None)]).await.result.is_ok());
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_watched_with_its_wait_and_duration() {
    let (budget, limits, mut times) = (Budget::new(100), limits(None, None), Times::default());
    let script = [(2 * S, 503, None), (3 * S, 429, Some(20 * S)), (S, 200, None)];
    play_watched(config(&budget, &limits), &script, Some(&mut times)).await.result.unwrap();
    let backoff = Duration::from_millis(250);
    assert_eq!(times.0, [(1, Duration::ZERO, 2 * S), (2, backoff, 3 * S), (3, 20 * S, S)]);
}

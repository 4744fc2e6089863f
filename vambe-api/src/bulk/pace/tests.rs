//! Tests of the pace of a run, with a paused clock.

use std::num::NonZeroU32;

use tokio::time::advance;

use super::*;

const S: Duration = Duration::from_secs(1);

/// The pace of a run whose first request was answered.
fn pace() -> Pace {
    let mut pace = Pace::new(64, 600 * S, 8 * S);
    pace.ended(true);
    pace
}

fn rate(requests: u32, period: Duration) -> RateLimit {
    RateLimit::new(NonZeroU32::new(requests).unwrap(), period)
}

#[tokio::test(start_paused = true)]
async fn the_rate_counts_what_was_sent_and_what_is_in_flight() {
    let mut pace = Pace::new(64, 600 * S, 8 * S).with_rate(rate(2, 10 * S), Vec::new());
    let start = Instant::now();
    for in_flight in 0..2 {
        assert_eq!(pace.wait(start, in_flight), None);
        pace.sent();
    }
    assert_eq!(pace.wait(start, 2), Some((start + 10 * S, Wait::RateLimit)));
    advance(S).await;
    pace.ended(true);
    pace.ended(false);
    assert_eq!(pace.wait(Instant::now(), 0), None, "nothing was sent by the second one");
    assert_eq!(pace.wait(Instant::now(), 1), Some((start + 11 * S, Wait::RateLimit)));
}

#[tokio::test(start_paused = true)]
async fn requests_of_an_earlier_run_count_in_the_rate() {
    let now = SystemTime::now();
    let times = vec![now - 3 * S, now - 100 * S, now + 3600 * S, SystemTime::UNIX_EPOCH];
    let mut pace = Pace::new(64, 600 * S, 8 * S).with_rate(rate(2, 10 * S), times);
    let start = Instant::now();
    let (until, why) = pace.wait(start, 0).unwrap();
    assert!(why == Wait::RateLimit && until - start <= 7 * S && until - start > 5 * S, "{:?}", until - start);
    assert_eq!(pace.wait(start + 7 * S, 0), None);
    assert_eq!(pace.wait(start + 7 * S, 1).unwrap().0, start + 10 * S, "the time in the future counts as now");
}

#[tokio::test(start_paused = true)]
async fn the_requested_wait_is_a_lower_bound_and_one_request_follows() {
    let mut pace = pace();
    let start = Instant::now();
    let sent = pace.sent();
    pace.record_failure(sent, Some(7 * S), 1.0);
    pace.record_failure(sent, Some(3 * S), 1.0);
    assert_eq!(pace.wait(start, 0), Some((start + 7 * S, Wait::Server)), "the longer one counts");
    assert_eq!((pace.wait(start + 7 * S, 0), pace.max_in_flight()), (None, 1));
    pace.record_success();
    assert_eq!(pace.max_in_flight(), 64);
    pace.record_failure(pace.epoch, Some(Duration::ZERO), 1.0);
    assert_eq!(pace.wait(start, 0), Some((start + S, Wait::Server)), "the back-off is the lower bound");
}

#[tokio::test(start_paused = true)]
async fn single_failures_are_no_outage_and_many_in_a_row_are() {
    let mut pace = pace();
    for _ in 0..63 {
        pace.record_failure(0, None, 1.0);
    }
    assert_eq!(pace.wait(Instant::now(), 0), None);
    pace.record_success();
    for _ in 0..64 {
        pace.record_failure(0, None, 1.0);
    }
    assert_eq!(pace.wait(Instant::now(), 0), Some((Instant::now() + S, Wait::Outage)));
}

#[tokio::test(start_paused = true)]
async fn waits_of_an_outage_grow_once_for_all_that_was_in_flight() {
    let mut pace = pace();
    let mut waits = Vec::new();
    for _ in 0..8 {
        let sent = pace.sent();
        for _ in 0..64 {
            pace.record_failure(sent, None, 1.0);
        }
        let (until, _) = pace.wait(Instant::now(), 0).unwrap();
        waits.push((until - Instant::now()).as_secs());
        advance(until - Instant::now()).await;
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
}

#[tokio::test(start_paused = true)]
async fn gives_up_when_no_request_succeeds_for_too_long() {
    let mut pace = pace();
    (0..64).for_each(|_| pace.record_failure(0, None, 1.0));
    assert_eq!(pace.give_up_at(), Some(Instant::now() + 600 * S));
    advance(599 * S).await;
    assert_eq!(pace.give_up(Instant::now), None);
    advance(S).await;
    assert_eq!(pace.give_up(Instant::now), Some(GiveUp::TooLong));
    pace.record_success();
    assert_eq!(pace.give_up(Instant::now), None);
}

#[tokio::test(start_paused = true)]
async fn a_429_counts_towards_giving_up_unless_it_asks_for_a_wait() {
    let mut pace = pace();
    for _ in 0..100 {
        pace.record_too_many(Some(3600 * S));
        assert_eq!((pace.give_up_at(), pace.give_up(Instant::now)), (None, None));
        advance(3600 * S).await;
    }
    for asked in [None, Some(Duration::ZERO), Some(8 * S)] {
        pace.record_success();
        pace.record_too_many(asked);
        assert_eq!(pace.give_up_at(), Some(Instant::now() + 600 * S), "{asked:?}");
    }
    pace.record_success();
    pace.record_too_many(Some(Duration::MAX));
    assert_eq!(pace.give_up(Instant::now), Some(GiveUp::TooLong), "no run waits for days");
}

#[tokio::test(start_paused = true)]
async fn gives_up_early_on_a_server_that_was_never_reached() {
    let mut pace = Pace::new(64, 600 * S, 8 * S);
    for expected in [None, None, Some(GiveUp::Unreachable)] {
        pace.ended(false);
        pace.record_failure(0, None, 1.0);
        assert_eq!(pace.give_up(Instant::now), expected);
    }
}

//! The causes that stop a run early, and those that do not: keys, refusals, outages.

use std::{num::NonZeroUsize, time::Duration};

use vambe_api::{
    StatusCode,
    bulk::{self, Bulk, End, OutcomeKind, Progress, Wait},
};
use vambe_emulator::{Emulator, Fault, RetryAfter};

use crate::bulk::{MS, client, in_flight, kinds, run, start, update};

/// Invariant: a rejected API key stops a run and rejects no row.
#[tokio::test]
async fn a_refused_key_ends_the_run_and_rejects_no_row() {
    // A 403 may concern one row: ten tickets in a row show that it concerns the key.
    for (status, most) in [(StatusCode::UNAUTHORIZED, 4), (StatusCode::FORBIDDEN, 4 + 10)] {
        let (vambe, client) = start(1_000);
        vambe.inject_always(Fault::status(status));
        let updates = (0..1_000).map(|row| update(row, row as u128));
        let (outcomes, progress) = run(Bulk::new(&client).max_in_flight(in_flight(4)), updates).await;
        assert_eq!(progress.end, Some(End::KeyRefused));
        assert!(vambe.requests().len() <= most, "{status}: {}", vambe.requests().len());
        assert_eq!(outcomes.len(), 1_000, "every update that was taken has its outcome");
        assert!(outcomes.iter().all(|outcome| outcome.kind == OutcomeKind::NotSent));
        let refused = outcomes.iter().filter(|outcome| outcome.error().is_some_and(|e| e.status() == Some(status)));
        assert_eq!(refused.count(), vambe.requests().len());
    }
}

#[tokio::test]
async fn a_403_between_successes_rejects_its_row_only() {
    use OutcomeKind::{Applied, NotSent, Rejected};
    let forbidden = || Fault::status(StatusCode::FORBIDDEN);
    for (faults, end, expected) in [
        (vec![Fault::none(), forbidden()], End::Complete, [Applied, Rejected, Applied, Applied]),
        (vec![forbidden(), forbidden(), forbidden()], End::Complete, [Rejected, Rejected, Rejected, Applied]),
        (
            vec![Fault::none(), Fault::none(), Fault::none(), forbidden()],
            End::Complete,
            [Applied, Applied, Applied, Rejected],
        ),
        (vec![forbidden(), forbidden(), forbidden(), forbidden()], End::KeyRefused, [NotSent; 4]),
    ] {
        let (vambe, client) = start(4);
        vambe.inject_all(faults);
        let updates = (0..4).map(|row| update(row, row as u128));
        let (outcomes, progress) = run(Bulk::new(&client).max_in_flight(in_flight(1)), updates).await;
        assert_eq!((kinds(&outcomes), progress.end), (expected.to_vec(), Some(end)));
    }
}

#[tokio::test]
async fn a_403_holds_up_the_later_rows_of_its_ticket() {
    let (vambe, client) = start(2);
    vambe.inject_all([Fault::status(StatusCode::FORBIDDEN)]);
    let updates = [update(0, 0), update(1, 0), update(2, 1)];
    let (outcomes, _) = run(Bulk::new(&client).max_in_flight(in_flight(1)), updates).await;
    assert_eq!(kinds(&outcomes), [OutcomeKind::Rejected, OutcomeKind::Applied, OutcomeKind::Applied]);
    let sent: Vec<_> = vambe.requests().iter().map(|r| r.json().unwrap()["metadata"]["last"].clone()).collect();
    assert_eq!(sent, ["0", "2", "1"]);
}

#[tokio::test]
async fn first_answers_that_are_all_the_same_refusal_end_the_run() {
    use OutcomeKind::{Applied, NotSent, Rejected};
    let three = NonZeroUsize::new(3).unwrap();
    for (known_tickets, rows, end, expected) in [
        (0, 100, End::AllRefused, vec![NotSent; 100]),
        (0, 2, End::Complete, vec![Rejected; 2]),
        (3, 5, End::Complete, vec![Rejected, Rejected, Applied, Rejected, Rejected]),
    ] {
        let (vambe, client) = start(known_tickets);
        // Only row 2 has an existing ticket.
        let ticket = |row: usize| if row == 2 { 2 } else { 1_000 + row as u128 };
        let bulk = Bulk::new(&client).max_in_flight(in_flight(1)).stop_if_first_refused(three);
        let (outcomes, progress) = run(bulk, (0..rows).map(|row| update(row, ticket(row)))).await;
        assert_eq!((kinds(&outcomes), progress.end), (expected, Some(end)));
        assert!(end != End::AllRefused || vambe.requests().len() == 3);
    }
}

#[tokio::test]
async fn a_run_ends_when_too_many_rows_are_rejected() {
    let (vambe, client) = start(0);
    let bulk = Bulk::new(&client).max_in_flight(in_flight(1)).max_rejected(5);
    let (outcomes, progress) = run(bulk, (0..100).map(|row| update(row, row as u128))).await;
    assert_eq!((progress.end, vambe.requests().len()), (Some(End::TooManyRejected), 6));
    assert_eq!((progress.rejected, progress.not_sent, outcomes.len()), (6, 94, 100));
}

#[tokio::test]
async fn a_server_that_was_never_reached_stops_the_run_at_once() {
    let (vambe, client) = start(20);
    vambe.refuse_connections();
    let updates: Vec<_> = (0..20).map(|row| update(row, row as u128)).collect();
    let mut outcomes = Bulk::new(&client).run(bulk::iter(updates));
    let control = outcomes.control();
    let mut all = Vec::new();
    while let Some(outcome) = outcomes.next().await {
        all.push(outcome);
    }
    assert_eq!((control.progress().end, kinds(&all)), (Some(End::Unreachable), vec![OutcomeKind::NotSent; 20]));
    let tried = all.iter().find(|outcome| outcome.attempts > 0).unwrap();
    assert!(tried.error().unwrap().to_string().contains("check the base URL"), "{:?}", tried.message());
    assert!(matches!(*control.last_failure().unwrap(), vambe_api::Error::Connect(_)));
}

/// Sends one update at a time. After the first one the server refuses connections; if it recovers, then once the client has seen an
/// outage.
async fn outage(vambe: &Emulator, give_up_after: Duration, recovers: bool) -> (Progress, Vec<OutcomeKind>) {
    // Each request opens a connection, so that none is lost on an existing one.
    let client = client(vambe).configure_http(|http| http.pool_max_idle_per_host(0)).build().unwrap();
    let bulk = Bulk::new(&client).max_in_flight(in_flight(1)).max_held(1).max_attempts(1).give_up_after(give_up_after);
    let mut outcomes = bulk.run(bulk::iter((0..5).map(|row| update(row, row as u128))));
    let control = outcomes.control();
    let mut kinds = vec![outcomes.next().await.unwrap().kind];
    vambe.refuse_connections();
    let recovery = async {
        while recovers && control.progress().wait.is_none_or(|wait| wait.why != Wait::Outage) {
            tokio::task::yield_now().await;
        }
        if recovers {
            vambe.accept_connections().unwrap();
        }
    };
    let rest = async {
        while let Some(outcome) = outcomes.next().await {
            kinds.push(outcome.kind);
        }
    };
    tokio::join!(recovery, rest);
    (control.progress(), kinds)
}

#[tokio::test]
async fn a_network_that_is_down_uses_up_no_attempts() {
    let (vambe, _) = start(5);
    let (progress, kinds) = outage(&vambe, Duration::from_secs(600), true).await;
    assert_eq!((kinds, vambe.updates(), progress.end), (vec![OutcomeKind::Applied; 5], 5, Some(End::Complete)));
}

#[tokio::test]
async fn a_network_that_stays_down_ends_the_run_and_nothing_was_sent() {
    let (vambe, _) = start(5);
    let (progress, kinds) = outage(&vambe, 20 * MS, false).await;
    assert_eq!((kinds, progress.end), (vec![OutcomeKind::Applied, OutcomeKind::NotSent], Some(End::GaveUp)));
}

#[tokio::test]
async fn a_run_is_given_up_in_the_middle_of_a_long_pause() {
    let (vambe, client) = start(2);
    vambe.inject_always(Fault::retry_after(StatusCode::SERVICE_UNAVAILABLE, RetryAfter::Seconds(3_600)));
    let bulk = Bulk::new(&client).give_up_after(100 * MS);
    let (outcomes, progress) = run(bulk, (0..2).map(|row| update(row, row as u128))).await;
    assert_eq!((progress.end, outcomes.len()), (Some(End::GaveUp), 2));
}

#[tokio::test]
async fn a_429_that_asks_for_no_wait_is_given_up_after_few_requests() {
    for asked in [RetryAfter::Seconds(0), RetryAfter::DateAgo(Duration::from_secs(7))] {
        let (vambe, _) = start(100);
        vambe.inject_always(Fault::retry_after(StatusCode::TOO_MANY_REQUESTS, asked));
        let client = client(&vambe).backoff(250 * MS, 8_000 * MS).build().unwrap();
        let bulk = Bulk::new(&client).give_up_after(1_000 * MS);
        let (_, progress) = run(bulk, (0..100).map(|row| update(row, row as u128))).await;
        // Eight are in flight when the first response arrives. Then a single request follows each pause, which doubles.
        let requests = vambe.requests().len();
        assert!(progress.end == Some(End::GaveUp) && requests <= 8 + 5, "{requests} requests, {progress:?}");
    }
}

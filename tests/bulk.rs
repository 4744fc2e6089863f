//! Runs of many updates: an outcome for each, in order for each ticket, unaffected by other updates.

use std::{
    collections::HashMap,
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use vambe_api::{
    Client, ClientBuilder, Error, Metadata, StatusCode, TicketMetadata, TicketRef, Uuid,
    bulk::{self, Bulk, Cause, End, Outcome, OutcomeKind, Progress, Update, Wait},
};
use vambe_emulator::{Contact, Emulator, Fault, FaultMix, RetryAfter, Seed, Ticket};

use crate::server::{answering_in_turn, http};

pub(crate) const MS: Duration = Duration::from_millis(1);

/// Starts an emulator with tickets 0 to `tickets`, and builds a client with short waits. No attempt times out.
pub(crate) fn start(tickets: u128) -> (Emulator, Client) {
    let contact = |n| Contact::new(Uuid::from_u128(0x1000 + n)).with_ticket(Ticket::active(Uuid::from_u128(n)));
    let seed = (0..tickets).map(contact).fold(Seed::new("key"), Seed::with_contact);
    let vambe = Emulator::builder().state(seed).start().unwrap();
    let client = client(&vambe).build().unwrap();
    (vambe, client)
}

pub(crate) fn client(vambe: &Emulator) -> ClientBuilder {
    Client::builder().api_key("key").base_url(vambe.url()).backoff(MS, 4 * MS).attempt_timeout(300_000 * MS)
}

/// Creates the update of row `row` for ticket `ticket`; its value is the number of the row.
pub(crate) fn update(row: usize, ticket: u128) -> Update<usize> {
    Update::new(row, TicketRef::TicketId(Uuid::from_u128(ticket)), Metadata::from([("last", row.to_string())]))
}

pub(crate) async fn run(
    bulk: Bulk,
    updates: impl IntoIterator<Item = Update<usize>>,
) -> (Vec<Outcome<usize>>, Progress) {
    let updates: Vec<_> = updates.into_iter().collect();
    let mut outcomes = bulk.run(bulk::iter(updates));
    let mut all = Vec::new();
    while let Some(outcome) = outcomes.next().await {
        all.push(outcome);
    }
    assert!(outcomes.next().await.is_none(), "the stream stays at its end");
    all.sort_by_key(|outcome| outcome.row);
    (all, outcomes.control().progress())
}

pub(crate) fn in_flight(requests: usize) -> NonZeroUsize {
    NonZeroUsize::new(requests).unwrap()
}

pub(crate) fn kinds(outcomes: &[Outcome<usize>]) -> Vec<OutcomeKind> {
    outcomes.iter().map(|outcome| outcome.kind).collect()
}

pub(crate) fn last(vambe: &Emulator, ticket: u128) -> Option<String> {
    vambe.ticket(Uuid::from_u128(ticket)).unwrap().metadata().get("last").cloned()
}

#[tokio::test]
async fn updates_of_one_ticket_keep_their_order_under_faults() {
    let (vambe, client) = start(40);
    let mix: FaultMix = "none=700,latency:3ms=60,reset-before-reading=30,reset-after-write=30,body-cut:200=20,\
        status:400=20,status:408=20,status:503=60,status:500:after-write=30"
        .parse()
        .unwrap();
    vambe.fault_mix(mix.with_seed(7));
    let tickets = |row: usize| (row * 7 % 40) as u128;
    let (outcomes, progress) = run(
        Bulk::new(&client).max_in_flight(in_flight(16)).max_attempts(10),
        (0..2_000).map(|row| update(row, tickets(row))),
    )
    .await;

    assert_eq!(outcomes.iter().map(|outcome| outcome.row).collect::<Vec<_>>(), (0..2_000).collect::<Vec<_>>());
    let mut applied: HashMap<u128, usize> = HashMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.kind == OutcomeKind::Applied) {
        applied.insert(tickets(outcome.row), outcome.row);
    }
    for ticket in 0..40 {
        let unknown = outcomes.iter().any(|o| tickets(o.row) == ticket && o.kind == OutcomeKind::Unknown);
        let expected = applied.get(&ticket).map(usize::to_string);
        assert!(unknown || last(&vambe, ticket) == expected, "ticket {ticket}: {:?}", last(&vambe, ticket));
        let history = vambe.history(Uuid::from_u128(ticket)).unwrap();
        // Nothing is applied to a ticket whose first update is lost before the server reads it and then answered 400.
        let rows = history.get("last").into_iter().flatten();
        let rows: Vec<usize> = rows.map(|row| row.parse().unwrap()).collect();
        assert!(rows.is_sorted(), "ticket {ticket}: {rows:?}");
    }
    assert!(progress.applied > 1_500 && progress.rejected > 0 && progress.retries > 0, "{progress:?}");
    assert_eq!(progress.applied + progress.rejected + progress.not_sent + progress.unknown, 2_000);
    assert_eq!((progress.held, progress.in_flight, progress.end), (0, 0, Some(End::Complete)));
}

/// Invariant: two updates of one ticket are never in flight together.
#[tokio::test]
async fn two_updates_of_one_ticket_are_never_in_flight_together() {
    let (vambe, client) = start(2);
    vambe.inject_always(Fault::none().after(3 * MS));
    let (outcomes, _) = run(Bulk::new(&client), (0..20).map(|row| update(row, (row % 2) as u128))).await;
    assert!(outcomes.iter().all(|outcome| outcome.kind == OutcomeKind::Applied));
    for ticket in 0..2 {
        let of_ticket = |row: &usize| row % 2 == ticket;
        let sent = vambe.requests().into_iter().map(|request| request.json().unwrap()["metadata"]["last"].clone());
        let sent: Vec<usize> = sent.map(|row| row.as_str().unwrap().parse().unwrap()).filter(of_ticket).collect();
        assert_eq!(sent, (0..20).filter(of_ticket).collect::<Vec<_>>());
    }
    assert_eq!(vambe.connections(), 2, "the two run concurrently on one connection each");
}

#[tokio::test]
async fn an_update_without_a_pair_is_rejected_and_not_sent() {
    #[derive(TicketMetadata)]
    struct Order {
        last: Option<u64>,
    }
    let (vambe, client) = start(1);
    let update = |row, last| Update::new(row, TicketRef::TicketId(Uuid::from_u128(0)), &Order { last });
    let updates = [update(0, Some(7)), update(1, None), update(2, Some(8))];
    let (outcomes, progress) = run(Bulk::new(&client).join_rows(true), updates).await;
    use OutcomeKind::{Applied, Rejected};
    assert_eq!(kinds(&outcomes), [Applied, Rejected, Applied]);
    assert_eq!((outcomes[1].attempts, progress.rejected, last(&vambe, 0).as_deref()), (0, 1, Some("8")));
    assert!(outcomes[1].error().is_some_and(|error| matches!(error, Error::InvalidRequest(_))), "{:?}", outcomes[1]);

    let (_, progress) = run(Bulk::new(&client).max_rejected(1), (0..3).map(|row| update(row, None))).await;
    assert_eq!((progress.rejected, progress.end), (2, Some(End::TooManyRejected)));
}

#[tokio::test]
async fn joined_updates_are_one_request_with_the_later_values() {
    let (vambe, client) = start(1);
    let mut updates: Vec<_> = (0..9).map(|row| update(row, 0)).collect();
    updates.push(update(9, 0).allow_closed_ticket(true));
    let metadata = Metadata::from([("other", "kept")]);
    updates.insert(0, Update::new(100, TicketRef::TicketId(Uuid::from_u128(0)), metadata));
    let (outcomes, _) = run(Bulk::new(&client).join_rows(true), updates).await;
    assert_eq!(kinds(&outcomes), [OutcomeKind::Applied; 11]);
    let bodies: Vec<_> = vambe.requests().iter().map(|request| request.json().unwrap()["metadata"].clone()).collect();
    assert_eq!(
        bodies,
        [serde_json::json!({ "last": "8", "other": "kept" }), serde_json::json!({ "last": "9" })],
        "what asks for another fallback is sent on its own"
    );
}

#[tokio::test]
async fn joined_updates_that_are_refused_are_sent_each_on_its_own() {
    let (vambe, client) = start(1);
    let unprocessable = || Fault::status(StatusCode::UNPROCESSABLE_ENTITY);
    vambe.inject_all([unprocessable(), Fault::none(), unprocessable()]);
    let (outcomes, _) = run(Bulk::new(&client).join_rows(true), (0..3).map(|row| update(row, 0))).await;
    use OutcomeKind::{Applied, Rejected};
    assert_eq!(kinds(&outcomes), [Applied, Rejected, Applied]);
    assert_eq!((vambe.requests().len(), last(&vambe, 0).as_deref()), (4, Some("2")));

    vambe.clear_requests();
    let (outcomes, _) = run(Bulk::new(&client).join_rows(true), (0..3).map(|row| update(row, 99))).await;
    assert_eq!(kinds(&outcomes), [Rejected; 3]);
    assert_eq!(vambe.requests().len(), 1, "the refusal applies to all joined updates");
}

/// Invariant: a `429` throttles a run and rejects no row.
#[tokio::test]
async fn a_429_slows_the_run_down_and_fails_no_row() {
    let (vambe, client) = start(3);
    vambe.inject_all((0..2).map(|_| Fault::retry_after(StatusCode::TOO_MANY_REQUESTS, RetryAfter::Seconds(1))));
    let mut outcomes = Bulk::new(&client).max_attempts(1).run(bulk::iter((0..3).map(|row| update(row, row as u128))));
    let control = outcomes.control();
    let watch = tokio::spawn(async move {
        while control.progress().wait.is_none_or(|wait| wait.why != Wait::Server) {
            tokio::task::yield_now().await;
        }
    });
    let mut attempts = 0;
    while let Some(outcome) = outcomes.next().await {
        assert_eq!(outcome.kind, OutcomeKind::Applied);
        attempts += outcome.attempts;
    }
    watch.await.unwrap();
    assert_eq!((attempts, outcomes.control().progress().retries), (5, 2));
}

#[tokio::test]
async fn what_may_have_been_applied_holds_up_its_ticket_only() {
    let (vambe, client) = start(2);
    vambe.inject_all((0..2).map(|_| Fault::status(StatusCode::INTERNAL_SERVER_ERROR).after_write()));
    let updates = [update(0, 0), update(1, 0), update(2, 1)];
    let (outcomes, progress) = run(Bulk::new(&client).max_in_flight(in_flight(1)).max_attempts(2), updates).await;
    use OutcomeKind::{Applied, NotSent, Unknown};
    assert_eq!(kinds(&outcomes), [Unknown, NotSent, Applied]);
    assert!(matches!(outcomes[1].cause, Some(Cause::EarlierPending)));
    assert_eq!((outcomes[0].attempts, outcomes[0].error().unwrap().status().unwrap().as_u16()), (2, 500));
    assert_eq!((progress.end, vambe.requests().len()), (Some(End::Complete), 3));
}

#[tokio::test]
async fn a_panic_in_the_caller_s_hook_loses_no_row_and_no_permit() {
    // A drift is reported once, so each row needs its own.
    let answers = ["first", "second", "third"]
        .map(|field| http(200, "application/json", &format!(r#"{{"status": "ok", "{field}": 1}}"#)));
    let (url, requests) = answering_in_turn(answers);
    let client = Client::builder().api_key("key").base_url(url);
    let client = client.on_drift(|_| panic!("a hook's fault")).build().unwrap();
    let bulk = Bulk::new(&client).max_in_flight(in_flight(1)).max_attempts(1);
    let (outcomes, progress) = run(bulk, (0..3).map(|row| update(row, row as u128))).await;
    assert_eq!((kinds(&outcomes), progress.end), (vec![OutcomeKind::Unknown; 3], Some(End::Complete)));
    assert_eq!(requests.lock().unwrap().len(), 3, "none is lost with the task that panicked");
}

/// Invariant: each update that a run takes has an outcome, also if the run is stopped.
#[tokio::test]
async fn a_stop_leaves_no_update_without_an_outcome() {
    let (vambe, client) = start(1_000);
    vambe.inject_always(Fault::none().after(5 * MS));
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let updates = (0..1_000).map(move |row| update(count.fetch_add(1, Ordering::Relaxed), row));
    let mut outcomes = Bulk::new(&client).max_held(50).run(bulk::iter(updates));
    let control = outcomes.control();
    let mut all = Vec::new();
    while let Some(outcome) = outcomes.next().await {
        all.push(outcome);
        if all.len() == 10 {
            control.stop();
        }
    }
    assert_eq!(control.progress().end, Some(End::Stopped));
    assert_eq!(all.len(), taken.load(Ordering::Relaxed));
    let applied = all.iter().filter(|outcome| outcome.kind == OutcomeKind::Applied).count();
    assert_eq!(vambe.updates(), applied as u64, "every applied update is known");
    assert!(applied < 100 && all.iter().all(|outcome| outcome.kind != OutcomeKind::Unknown));
}

#[tokio::test]
async fn no_more_is_taken_than_is_held_while_nobody_takes_outcomes() {
    let (vambe, client) = start(1_000);
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let updates = (0..1_000).map(move |row| update(count.fetch_add(1, Ordering::Relaxed), row));
    let mut outcomes = Bulk::new(&client).max_in_flight(in_flight(4)).max_held(30).run(bulk::iter(updates));
    outcomes.next().await.unwrap();
    while vambe.updates() < 4 {
        tokio::task::yield_now().await;
    }
    assert!(taken.load(Ordering::Relaxed) <= 31);
    drop(outcomes);
    assert!(vambe.requests().len() <= 1 + 4 + 4, "requests in flight continue, and no other is sent");
}

#[tokio::test]
async fn the_limits_of_the_client_hold_and_do_not_delay_a_stop() {
    let (vambe, _) = start(10);
    let hour = vambe_api::RateLimit::new(3.try_into().unwrap(), Duration::from_secs(3600));
    let updates = || (0..10).map(|row| update(row, row as u128));
    let limited = client(&vambe).rate_limit(hour).max_in_flight(in_flight(2)).build().unwrap();
    let own = client(&vambe).build().unwrap();
    for bulk in [Bulk::new(&limited), Bulk::new(&own).rate_limit(hour)] {
        vambe.clear_requests();
        let mut outcomes = bulk.run(bulk::iter(updates()));
        for _ in 0..3 {
            assert_eq!(outcomes.next().await.unwrap().kind, OutcomeKind::Applied);
        }
        outcomes.control().stop();
        let mut rest = 0;
        while let Some(outcome) = outcomes.next().await {
            assert_eq!((outcome.kind, outcome.attempts), (OutcomeKind::NotSent, 0));
            rest += 1;
        }
        assert_eq!((rest, vambe.requests().len()), (7, 3));
    }
}

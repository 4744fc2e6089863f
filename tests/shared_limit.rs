//! A limit that many processes share, with plain calls, blocking calls and runs against a server.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use vambe_api::{
    Client, ConfigError, Delivery, Error, Metadata, NotGranted, Seen, SharedLimit, TakeSlot, TicketRef, Uuid,
    bulk::{self, Bulk, End, OutcomeKind},
};

use crate::bulk::{client, start, update};

/// A limit with a number of slots, which refuses a number of times first.
#[derive(Debug, Default)]
struct Slots {
    free: AtomicUsize,
    refusals: AtomicUsize,
    answered: AtomicUsize,
    when_empty: Option<NotGranted>,
}

impl Slots {
    fn new(free: usize, refusals: usize, when_empty: NotGranted) -> Arc<Self> {
        Arc::new(Self { free: free.into(), refusals: refusals.into(), when_empty: Some(when_empty), ..Self::default() })
    }

    fn take_one(from: &AtomicUsize) -> bool {
        from.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| count.checked_sub(1)).is_ok()
    }
}

impl SharedLimit for Slots {
    fn take(&self) -> TakeSlot<'_> {
        Box::pin(async {
            if Self::take_one(&self.refusals) {
                return Err(NotGranted::Unavailable);
            }
            if Self::take_one(&self.free) { Ok(0) } else { Err(self.when_empty.unwrap_or(NotGranted::Unavailable)) }
        })
    }

    fn report(&self, _: u64, seen: Seen) {
        self.answered.fetch_add(usize::from(seen == Seen::Answered), Ordering::SeqCst);
    }
}

fn ticket() -> TicketRef {
    TicketRef::TicketId(Uuid::from_u128(0))
}

fn assert_no_slot(error: &Error) {
    assert!(matches!(error, Error::NoSlot(_)) && error.delivery() == Delivery::NotSent, "{error}");
}

/// Invariant: without a slot of the shared limit, nothing is sent.
#[tokio::test]
async fn a_call_without_a_slot_sends_nothing() -> Result<(), ConfigError> {
    let (vambe, _) = start(1);
    for reason in [NotGranted::Unavailable, NotGranted::KeyRefused, NotGranted::Wait(Duration::from_secs(3600))] {
        let slots = Slots::new(2, 0, reason);
        let client = client(&vambe).shared_limit(Arc::clone(&slots)).build()?;
        let call = || client.update_ticket_metadata(ticket(), Metadata::from([("key", "value")]));
        let before = vambe.requests().len();
        for _ in 0..2 {
            call().await.unwrap();
        }
        assert_no_slot(&call().await.unwrap_err());
        assert_eq!((vambe.requests().len() - before, slots.answered.load(Ordering::SeqCst)), (2, 2), "{reason:?}");
    }
    Ok(())
}

#[test]
fn a_blocking_call_takes_its_slot_from_it() {
    let (vambe, _) = start(1);
    let builder = Client::builder().api_key(vambe.api_key()).base_url(vambe.url());
    let builder = builder.shared_limit(Slots::new(1, 0, NotGranted::KeyRefused));
    let client = vambe_api::blocking::Client::new(builder).unwrap();
    let call = || client.update_ticket_metadata(ticket(), Metadata::from([("key", "value")])).send();
    call().unwrap();
    assert_no_slot(&call().unwrap_err());
    assert_eq!(vambe.requests().len(), 1);
}

#[tokio::test]
async fn a_run_waits_while_the_limit_is_unavailable() {
    let (vambe, _) = start(5);
    let client = client(&vambe).shared_limit(Slots::new(5, 1, NotGranted::Unavailable)).build().unwrap();
    let mut outcomes = Bulk::new(&client).run(bulk::iter((0..5).map(|row| update(row, row as u128))));
    let control = outcomes.control();
    while let Some(outcome) = outcomes.next().await {
        assert_eq!(outcome.kind, OutcomeKind::Applied);
    }
    assert_eq!(control.progress().end, Some(End::Complete));
}

#[tokio::test]
async fn a_run_ends_when_the_limit_is_closed_for_the_key() {
    let (vambe, _) = start(5);
    let client = client(&vambe).shared_limit(Slots::new(2, 0, NotGranted::KeyRefused)).build().unwrap();
    let mut outcomes = Bulk::new(&client).run(bulk::iter((0..5).map(|row| update(row, row as u128))));
    let control = outcomes.control();
    let mut applied = 0;
    while let Some(outcome) = outcomes.next().await {
        applied += usize::from(outcome.kind == OutcomeKind::Applied);
    }
    assert_eq!((applied, control.progress().end, vambe.requests().len()), (2, Some(End::KeyRefused), 2));
}

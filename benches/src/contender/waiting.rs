//! The polls of a vambe-api call that waits for a slot of the limit on concurrent requests.

use std::{future::poll_fn, num::NonZeroUsize, pin::pin, task::Poll};

use tokio::task::yield_now;
use vambe_api::{Client, Metadata, TicketRef};

use super::Contender;
use crate::{
    Failure,
    load::Load,
    update::{API_KEY, PAIRS, TICKET},
};

/// A poll of a call that waits for a slot.
pub const WAITING: &str = "poll of a call that waits for a slot";

pub(crate) struct Waiting(Client);

impl Waiting {
    pub(crate) fn new(url: &str) -> Result<Self, Failure> {
        // The server does not answer the call that has the slot.
        let builder = Client::builder().api_key(API_KEY).base_url(format!("{url}/silent"));
        Ok(Self(builder.max_in_flight(NonZeroUsize::MIN).build()?))
    }
}

impl Contender for Waiting {
    async fn run(&self, load: Load) -> Result<(), Failure> {
        let call = || self.0.update_ticket_metadata(TicketRef::TicketId(TICKET), Metadata::from(PAIRS)).into_future();
        let (mut has_slot, mut waits) = (pin!(call()), pin!(call()));
        let mut ended = poll_fn(|cx| Poll::Ready(has_slot.as_mut().poll(cx).is_ready())).await;
        for _ in 0..load.calls {
            ended |= poll_fn(|cx| Poll::Ready(waits.as_mut().poll(cx).is_ready())).await;
            // A timer is pending in any case after many polls without a yield.
            yield_now().await;
        }
        if ended { Err("a call ended, although the server does not answer".into()) } else { Ok(()) }
    }
}

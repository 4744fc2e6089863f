//! vambe-api's runs of many updates, each of another ticket.

use std::num::NonZeroUsize;

use vambe_api::{
    Client, Metadata, TicketRef, Uuid,
    bulk::{self, OutcomeKind, Update},
};

use super::Contender;
use crate::{
    Failure,
    load::Load,
    update::{API_KEY, PAIRS},
};

pub(crate) struct Bulk(Client);

impl Bulk {
    pub(crate) fn new(base_url: &str) -> Result<Self, Failure> {
        Ok(Self(Client::builder().api_key(API_KEY).base_url(base_url).build()?))
    }
}

impl Contender for Bulk {
    async fn run(&self, load: Load) -> Result<(), Failure> {
        // In a task, as in a service and as the calls of the other contenders.
        tokio::spawn(run(self.0.clone(), load)).await?
    }
}

async fn run(client: Client, load: Load) -> Result<(), Failure> {
    let updates = (0..load.calls)
        .map(|row| Update::new(row, TicketRef::TicketId(Uuid::from_u128(row.into())), Metadata::from(PAIRS)));
    let in_flight = NonZeroUsize::new(load.in_flight.try_into()?).ok_or("at least one has to be in flight")?;
    let mut outcomes = bulk::Bulk::new(&client).max_in_flight(in_flight).run(bulk::iter(updates));
    while let Some(outcome) = outcomes.next().await {
        if outcome.kind != OutcomeKind::Applied {
            return Err(outcome.message().unwrap_or_default().into());
        }
    }
    Ok(())
}

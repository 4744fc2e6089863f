//! vambe-api with its defaults: retries, deadline, limits, redaction, drift, tracing.

use vambe_api::{Client, Metadata, TicketRef};

use super::Contender;
use crate::{
    Failure,
    load::{Load, one_by_one},
    update::{API_KEY, PAIRS, TICKET, check},
};

pub(crate) struct Vambe(Client);

impl Vambe {
    pub(crate) fn new(base_url: &str) -> Result<Self, Failure> {
        Ok(Self(Client::builder().api_key(API_KEY).base_url(base_url).build()?))
    }
}

impl Contender for Vambe {
    async fn run(&self, load: Load) -> Result<(), Failure> {
        let client = self.0.clone();
        one_by_one(load, move || {
            let client = client.clone();
            async move {
                let update = client.update_ticket_metadata(TicketRef::TicketId(TICKET), Metadata::from(PAIRS));
                check(update.await?.body().map(|body| body.status.as_str()))
            }
        })
        .await
    }
}

//! vambe-api with its defaults: retries, deadline, limits, redaction, drift, tracing.

use vambe_api::{Client, Metadata, TicketRef};

use super::Call;
use crate::{
    Failure,
    update::{API_KEY, PAIRS, TICKET, check},
};

#[derive(Clone)]
pub(crate) struct Vambe(Client);

impl Vambe {
    pub(crate) fn new(base_url: &str) -> Result<Self, Failure> {
        Ok(Self(Client::builder().api_key(API_KEY).base_url(base_url).build()?))
    }
}

impl Call for Vambe {
    async fn call(&self) -> Result<(), Failure> {
        let update = self.0.update_ticket_metadata(TicketRef::TicketId(TICKET), Metadata::from(PAIRS));
        check(update.await?.body().map(|body| body.status.as_str()))
    }
}

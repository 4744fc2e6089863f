//! vambe-api's blocking client with its defaults.

use vambe_api::{Client, Metadata, TicketRef, blocking};

use super::Contender;
use crate::{
    Failure,
    load::Load,
    update::{API_KEY, PAIRS, TICKET, check},
};

pub(crate) struct Blocking(blocking::Client);

impl Blocking {
    pub(crate) fn new(base_url: &str) -> Result<Self, Failure> {
        Ok(Self(blocking::Client::new(Client::builder().api_key(API_KEY).base_url(base_url))?))
    }
}

impl Contender for Blocking {
    async fn run(&self, load: Load) -> Result<(), Failure> {
        let client = self.0.clone();
        // It has a runtime of its own, which must not be entered from this one.
        let thread = std::thread::spawn(move || -> Result<(), Failure> {
            for _ in 0..load.calls {
                let update = client.update_ticket_metadata(TicketRef::TicketId(TICKET), Metadata::from(PAIRS));
                check(update.send()?.body().map(|body| body.status.as_str()))?;
            }
            Ok(())
        });
        thread.join().map_err(|_| "the thread has panicked")?
    }
}

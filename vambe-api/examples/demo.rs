//! The requests of the published page, sent to the emulator: what goes out, what comes back, what changes.
//!
//! Run it with `cargo xtask demo`. It needs no account and no network.

use std::{
    error::Error as StdError,
    io::{self, Write},
};

use vambe_api::{Client, Error, Metadata, Response, TicketRef, Uuid, raw::types};
use vambe_emulator::{Emulator, placeholders as page};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn StdError>> {
    match run().await {
        // Whoever read the output has seen enough.
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) => {
            Ok(())
        }
        result => result,
    }
}

async fn run() -> Result<(), Box<dyn StdError>> {
    let vambe = Emulator::start()?;
    let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build()?;
    let mut demo = Demo { vambe: &vambe, out: io::stdout().lock() };
    writeln!(demo.out, "The emulator stands in for api.vambe.me at {}.", vambe.url())?;

    demo.watch(page::CONTACT_NUMBER_TICKET, "By contact number")?;
    let result = client
        .update_ticket_metadata(
            TicketRef::contact_number(page::CONTACT_NUMBER)?,
            Metadata::from([("order_id", "ORD-12345"), ("priority", "high")]),
        )
        .await;
    demo.show(page::CONTACT_NUMBER_TICKET, result)?;

    demo.watch(page::AI_CONTACT_LATEST_TICKET, "By AI contact id, with the latest closed ticket as fallback")?;
    let result = client
        .update_ticket_metadata(
            TicketRef::AiContactId(page::AI_CONTACT_ID),
            Metadata::from([("order_id", "ORD-12345"), ("refund_reason", "damaged_product")]),
        )
        .allow_closed_ticket(true)
        .await;
    demo.show(page::AI_CONTACT_LATEST_TICKET, result)?;

    demo.watch(page::TICKET_ID, "By ticket id")?;
    let result = client
        .update_ticket_metadata(TicketRef::TicketId(page::TICKET_ID), Metadata::from([("status", "escalated")]))
        .await;
    demo.show(page::TICKET_ID, result)?;

    demo.watch(page::AI_CONTACT_LATEST_TICKET, "A contact without an active ticket, without the fallback")?;
    let result = client
        .update_ticket_metadata(TicketRef::AiContactId(page::AI_CONTACT_ID), Metadata::from([("priority", "high")]))
        .await;
    demo.show(page::AI_CONTACT_LATEST_TICKET, result)?;

    demo.watch(page::TICKET_ID, "No identifier: does not compile with the typed client, so by the raw one")?;
    let request = types::UpdateTicketMetadataRequest {
        ticket_id: None,
        ai_contact_id: None,
        contact_number: None,
        allow_closed_ticket: None,
        metadata: [("order_id".to_owned(), "ORD-12345".to_owned())].into(),
    };
    let result = client.raw().update_ticket_metadata(&request).await;
    demo.show(page::TICKET_ID, result)?;
    Ok(())
}

struct Demo<'a, W> {
    vambe: &'a Emulator,
    out: W,
}

impl<W: Write> Demo<'_, W> {
    fn watch(&mut self, ticket: Uuid, title: &str) -> io::Result<()> {
        writeln!(self.out, "\n== {title}")?;
        self.metadata("before", ticket)
    }

    fn show(
        &mut self,
        ticket: Uuid,
        result: Result<Response<types::UpdateTicketMetadataResponse>, Error>,
    ) -> Result<(), Box<dyn StdError>> {
        if let Some(request) = self.vambe.requests().last() {
            let body = String::from_utf8_lossy(request.body());
            writeln!(self.out, "request  {} {} {body}", request.method(), request.path())?;
        }
        match result {
            Ok(response) => {
                let status = response.body().map(|body| body.status.as_str());
                writeln!(self.out, "result   Ok: {}, status: {status:?}", response.status())?;
            }
            Err(error) => {
                writeln!(self.out, "result   Err: {error}")?;
                writeln!(
                    self.out,
                    "         status() {:?}, is_bad_request() {}, is_ticket_not_found() {}",
                    error.status().map(|status| status.as_u16()),
                    error.is_bad_request(),
                    error.is_ticket_not_found()
                )?;
            }
        }
        self.metadata("after", ticket)?;
        Ok(())
    }

    fn metadata(&mut self, when: &str, ticket: Uuid) -> io::Result<()> {
        let metadata = self.vambe.ticket(ticket).map(|ticket| ticket.metadata().clone()).unwrap_or_default();
        writeln!(self.out, "{when:<8} ticket {ticket} has {metadata:?}")
    }
}

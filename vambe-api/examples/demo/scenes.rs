//! The requests of the page, one after the other, and two that break.

use std::{error::Error, io::Write};

use vambe_api::{Client, Metadata, TicketRef, raw::types};
use vambe_emulator::{Emulator, Fault, placeholders as page};

use super::show::{BOLD, PLAIN, Show};

const NEXT: &str = "
  cargo xtask demo --watch   the same server with its live page: press a fault and watch the client retry
  cargo xtask demo --fleet   three workers with one queue in PostgreSQL, one of which is killed
  docs/service.md            the client in a service: errors, retries, limits, tests
  docs/import.md             a CSV file, row by row, with the command `vambe`
  docs/emulator.md           this server, for tests in any language
";

/// Shows all scenes.
pub(crate) async fn run(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let vambe = Emulator::start()?;
    let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build()?;
    let mut show = Show::new(out, &vambe);
    writeln!(show.out, "The emulator at {} takes the place of api.vambe.me.", vambe.url())?;

    let order = || Metadata::from([("order_id", "ORD-12345"), ("priority", "high")]);
    let call = client.update_ticket_metadata(TicketRef::contact_number(page::CONTACT_NUMBER)?, order());
    show.scene("By contact number", page::CONTACT_NUMBER_TICKET, call).await?;

    let refund = Metadata::from([("order_id", "ORD-12345"), ("refund_reason", "damaged_product")]);
    let call = client.update_ticket_metadata(TicketRef::AiContactId(page::AI_CONTACT_ID), refund);
    let title = "By AI contact id, with the latest closed ticket as fallback";
    show.scene(title, page::AI_CONTACT_LATEST_TICKET, call.allow_closed_ticket(true)).await?;

    let status = |status| Metadata::from([("status", status)]);
    let call = client.update_ticket_metadata(TicketRef::TicketId(page::TICKET_ID), status("escalated"));
    show.scene("By ticket id", page::TICKET_ID, call).await?;

    let call = client.update_ticket_metadata(TicketRef::AiContactId(page::AI_CONTACT_ID), order());
    let title = "A contact without an active ticket, without the fallback";
    show.scene(title, page::AI_CONTACT_LATEST_TICKET, call).await?;

    let request = types::UpdateTicketMetadataRequest {
        ticket_id: None,
        ai_contact_id: None,
        contact_number: None,
        allow_closed_ticket: None,
        metadata: [("order_id".to_owned(), "ORD-12345".to_owned())].into(),
    };
    let call = client.raw().update_ticket_metadata(&request);
    show.scene("No identifier: a compile error with the typed client, so by the raw one", page::TICKET_ID, call)
        .await?;

    vambe.inject(Fault::reset_after_write());
    let call = client.update_ticket_metadata(TicketRef::TicketId(page::TICKET_ID), status("solved"));
    let title = "The connection breaks after the server has applied the update: the client retries";
    show.scene(title, page::TICKET_ID, call).await?;

    vambe.inject_always(Fault::reset_after_write());
    let call = client.update_ticket_metadata(TicketRef::TicketId(page::TICKET_ID), status("reopened"));
    let title = "It breaks on all three attempts: delivery() says that the update may have been applied";
    show.scene(title, page::TICKET_ID, call).await?;

    write!(show.out, "\n{BOLD}Next{PLAIN}\n{NEXT}")?;
    Ok(())
}

//! A program without async: the client has a thread of its own, and calls block (feature `blocking`).

use vambe_api::{ClientBuilder, Metadata, StatusCode, TicketRef, blocking};

/// Sets metadata on the ticket of a contact.
pub(crate) fn run(builder: ClientBuilder) -> crate::Result<StatusCode> {
    let client = blocking::Client::new(builder)?; // from the environment: `blocking::Client::from_env()`
    let ticket = TicketRef::contact_number("+56912345678")?;
    let response = client.update_ticket_metadata(ticket, Metadata::from([("order_id", "ORD-12345")])).send()?;
    Ok(response.status())
}

#[cfg(test)]
mod tests {
    use vambe_emulator::{Emulator, placeholders};

    #[test]
    fn a_blocking_call_sets_the_metadata() {
        let vambe = Emulator::start().unwrap();
        let builder = vambe_api::Client::builder().api_key(vambe.api_key()).base_url(vambe.url());
        assert_eq!(super::run(builder).unwrap(), 200);
        let ticket = vambe.ticket(placeholders::CONTACT_NUMBER_TICKET).unwrap();
        assert_eq!(ticket.metadata()["order_id"], "ORD-12345");
    }
}

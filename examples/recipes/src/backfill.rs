//! A back-fill inside a service: many updates with the service's own client, whose limits they share (feature `bulk`).

use std::{num::NonZeroUsize, time::Duration};

use vambe_api::{
    Client, RateLimit, TicketRef,
    bulk::{self, Bulk, OutcomeKind, Update},
    metadata,
};

/// Sets the order of each contact. Returns the orders that were not set, each with the reason.
///
/// Dropping the future ends the run; to end it with an outcome for each update, keep `outcomes.control()` and call `stop`.
pub(crate) async fn run(client: &Client) -> Vec<(u64, String)> {
    // A service would read these from its database.
    let orders = [(12345, "+56912345678"), (12346, "+1 555 0100 200"), (12347, "912345678")];

    let mut failed = Vec::new();
    let mut updates = Vec::new();
    for (order_id, contact_number) in orders {
        match TicketRef::contact_number(contact_number) {
            Ok(ticket) => updates.push(Update::new(order_id, ticket, metadata! { "order_id" => order_id })),
            // Its own text says only that the number is invalid.
            Err(error) => failed.push((order_id, std::error::Error::source(&error).unwrap_or(&error).to_string())),
        }
    }

    // Slower than the client may be, so that the service's other calls continue.
    let rate = RateLimit::new(const { std::num::NonZeroU32::new(5).unwrap() }, Duration::from_secs(1));
    let run = Bulk::new(client).rate_limit(rate).max_in_flight(const { NonZeroUsize::new(4).unwrap() });
    let mut outcomes = run.run(bulk::iter(updates));
    while let Some(outcome) = outcomes.next().await {
        match outcome.kind {
            OutcomeKind::Applied => {}
            OutcomeKind::Rejected | OutcomeKind::NotSent | OutcomeKind::Unknown => {
                failed.push((outcome.row, outcome.message().unwrap_or_default()));
            }
        }
    }
    failed
}

#[cfg(test)]
mod tests {
    use vambe_emulator::{Emulator, placeholders};

    #[tokio::test]
    async fn each_order_is_set_or_has_a_reason() {
        let vambe = Emulator::start().unwrap();
        let client = vambe_api::Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build().unwrap();
        let failed = super::run(&client).await;
        let ticket = vambe.ticket(placeholders::CONTACT_NUMBER_TICKET).unwrap();
        assert_eq!(ticket.metadata()["order_id"], "12345");
        assert_eq!(failed.iter().map(|(order_id, _)| *order_id).collect::<Vec<_>>(), [12347, 12346]);
        assert!(failed[0].1.contains("has no `+`") && failed[1].1.contains("404"), "{failed:?}");
    }
}

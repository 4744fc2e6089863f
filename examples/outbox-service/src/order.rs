//! The order: as the service's own API takes it, and as a ticket gets it.

use serde::Deserialize;
use vambe_api::{TicketMetadata, TicketRef};

/// The body of `PUT /orders/{order_id}`.
#[derive(Deserialize)]
pub(crate) struct NewOrder {
    /// `ticket_id`, `ai_contact_id` or `contact_number`.
    #[serde(flatten)]
    pub(crate) ticket: TicketRef,
    pub(crate) product: String,
}

/// The metadata of a ticket.
#[derive(TicketMetadata)]
pub(crate) struct Order<'a> {
    pub(crate) order_id: i64,
    pub(crate) product: &'a str,
}

//! The order: as the service's own API takes it, and as a ticket gets it.

use serde::Deserialize;
use vambe_api::{TicketMetadata, TicketRef};

/// The body of `PUT /{account}/orders/{order_id}`.
#[derive(Deserialize)]
pub(crate) struct OrderUpdate {
    /// `ticket_id`, `ai_contact_id` or `contact_number`.
    #[serde(flatten)]
    pub(crate) ticket: TicketRef,
    pub(crate) priority: Priority,
    pub(crate) refund_reason: Option<String>,
}

/// The metadata of a ticket.
#[derive(TicketMetadata)]
pub(crate) struct Order {
    pub(crate) order_id: u64,
    pub(crate) priority: Priority,
    pub(crate) refund_reason: Option<String>,
}

#[derive(Clone, Copy, Deserialize, TicketMetadata)]
#[serde(rename_all = "lowercase")]
#[metadata(rename_all = "lowercase")]
pub(crate) enum Priority {
    Normal,
    High,
}

//! What goes into a run.

use crate::{Metadata, TicketRef};

/// One update of a run.
///
/// `R` is what the caller knows it by: a row number, a database key, or the record itself. It comes back with the
/// [`Outcome`](super::Outcome).
///
/// # Example
///
/// ```
/// use vambe_api::{Metadata, TicketRef, bulk::Update};
///
/// let ticket = TicketRef::contact_number("+56912345678")?;
/// let update = Update::new(1, ticket, Metadata::from([("order_id", "ORD-1")])).allow_closed_ticket(true);
/// # Ok::<(), vambe_api::InvalidTicketRef>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Update<R> {
    pub(super) row: R,
    pub(super) ticket: TicketRef,
    pub(super) metadata: Metadata,
    pub(super) allow_closed_ticket: Option<bool>,
}

impl<R> Update<R> {
    /// An update of the metadata of `ticket`.
    pub fn new(row: R, ticket: TicketRef, metadata: Metadata) -> Self {
        Self { row, ticket, metadata, allow_closed_ticket: None }
    }

    /// Whether the latest closed ticket of a contact is updated if none is active. Left out of the request unless this is
    /// called; the server's default is `false`.
    pub fn allow_closed_ticket(mut self, allow: bool) -> Self {
        self.allow_closed_ticket = Some(allow);
        self
    }
}

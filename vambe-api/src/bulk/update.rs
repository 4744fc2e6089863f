//! The input of a run.

use crate::{IntoMetadata, Metadata, TicketRef};

/// One update of a run.
///
/// `R` is the caller's name for it: a row number, a database key, or the record itself. The [`Outcome`](super::Outcome) returns
/// it.
///
/// # Example
///
/// ```
/// use vambe_api::{TicketRef, bulk::Update};
///
/// let ticket = TicketRef::contact_number("+56912345678")?;
/// let update = Update::new(1, ticket, [("order_id", "ORD-1")]).allow_closed_ticket(true);
/// # Ok::<(), vambe_api::InvalidTicketRef>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Update<R> {
    pub(super) row: R,
    pub(super) ticket: TicketRef,
    /// `None` if the caller gave no pair: the run rejects the update.
    pub(super) metadata: Option<Metadata>,
    pub(super) allow_closed_ticket: Option<bool>,
}

impl<R> Update<R> {
    /// Creates an update of the metadata of `ticket`. Without a pair, its outcome is [`Rejected`](super::OutcomeKind::Rejected),
    /// with nothing sent.
    pub fn new(row: R, ticket: TicketRef, metadata: impl IntoMetadata) -> Self {
        Self { row, ticket, metadata: metadata.into_metadata().ok(), allow_closed_ticket: None }
    }

    /// Allows an update of the contact's latest closed ticket if none is active. The request omits the field unless this is
    /// called; the server's default is `false`.
    pub fn allow_closed_ticket(mut self, allow: bool) -> Self {
        self.allow_closed_ticket = Some(allow);
        self
    }
}

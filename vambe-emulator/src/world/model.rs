//! Contacts and tickets, in a seed and in a running emulator.

use std::{collections::BTreeMap, fmt, mem};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The status of a ticket. In JSON: `"active"` or `"closed"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TicketStatus {
    /// The ticket is open; a contact has at most one active ticket.
    Active,
    /// The ticket is closed; a contact can have any number of closed tickets.
    Closed,
}

/// A ticket of a contact.
///
/// `Debug` shows the keys of the metadata, never the values.
///
/// # Example
///
/// ```
/// use vambe_emulator::{Ticket, TicketStatus, placeholders};
///
/// let ticket = Ticket::active(placeholders::TICKET_ID).with_metadata("priority", "high");
/// assert_eq!(ticket.status(), TicketStatus::Active);
/// assert_eq!(ticket.metadata()["priority"], "high");
/// assert!(!format!("{ticket:?}").contains("high"));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    id: Uuid,
    status: TicketStatus,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    // Counted by the running emulator; not part of a seed.
    #[serde(skip)]
    updates: u64,
}

impl Ticket {
    /// Creates an active ticket without metadata.
    pub fn active(id: Uuid) -> Self {
        Self::new(id, TicketStatus::Active)
    }

    /// Creates a closed ticket without metadata.
    pub fn closed(id: Uuid) -> Self {
        Self::new(id, TicketStatus::Closed)
    }

    fn new(id: Uuid, status: TicketStatus) -> Self {
        Self { id, status, metadata: BTreeMap::new(), updates: 0 }
    }

    /// Sets a key of the metadata, and replaces its previous value.
    #[must_use]
    pub fn with_metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// Returns the id, which is unique among the tickets of all contacts.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Returns the status.
    pub fn status(&self) -> TicketStatus {
        self.status
    }

    /// Returns the metadata after all updates so far.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// Returns the number of updates applied since the ticket was added, or since the last
    /// [`reset`](crate::Emulator::reset).
    ///
    /// A rejected request does not count; an accepted one with empty metadata does.
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// Merges the metadata, and returns the values that changed, as they were before.
    pub(crate) fn apply(&mut self, metadata: BTreeMap<String, String>) -> Vec<(String, String)> {
        self.updates += 1;
        let mut replaced = Vec::new();
        for (key, value) in metadata {
            match self.metadata.get_mut(&key) {
                Some(present) if *present == value => {}
                Some(present) => replaced.push((key, mem::replace(present, value))),
                None => {
                    self.metadata.insert(key, value);
                }
            }
        }
        replaced
    }

    pub(crate) fn close(&mut self) {
        self.status = TicketStatus::Closed;
    }

    pub(crate) fn reset_updates(&mut self) {
        self.updates = 0;
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("id", &self.id)
            .field("status", &self.status)
            .field("metadata_keys", &self.metadata.keys())
            .field("updates", &self.updates)
            .finish()
    }
}

/// A contact and its tickets.
///
/// `Debug` hides the contact number.
///
/// # Example
///
/// ```
/// use vambe_emulator::{Contact, Ticket, Uuid};
///
/// let contact = Contact::new(Uuid::from_u128(1))
///     .with_number("+56 9 8765 4321")
///     .with_ticket(Ticket::closed(Uuid::from_u128(2)))
///     .with_ticket(Ticket::active(Uuid::from_u128(3)));
/// assert_eq!(contact.tickets().len(), 2);
/// assert!(!format!("{contact:?}").contains("4321"));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    ai_contact_id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact_number: Option<String>,
    #[serde(default)]
    tickets: Vec<Ticket>,
}

impl Contact {
    /// Creates a contact without a number and without tickets.
    pub fn new(ai_contact_id: Uuid) -> Self {
        Self { ai_contact_id, contact_number: None, tickets: Vec::new() }
    }

    /// Sets the phone number. Lookups compare only its digits.
    #[must_use]
    pub fn with_number(mut self, contact_number: impl Into<String>) -> Self {
        self.contact_number = Some(contact_number.into());
        self
    }

    /// Adds a ticket as the latest one.
    #[must_use]
    pub fn with_ticket(mut self, ticket: Ticket) -> Self {
        self.tickets.push(ticket);
        self
    }

    /// Returns the id, which is unique among all contacts.
    pub fn ai_contact_id(&self) -> Uuid {
        self.ai_contact_id
    }

    /// Returns the phone number in its original notation, if the contact has one.
    pub fn contact_number(&self) -> Option<&str> {
        self.contact_number.as_deref()
    }

    /// Returns the tickets, oldest first.
    pub fn tickets(&self) -> &[Ticket] {
        &self.tickets
    }

    pub(crate) fn tickets_mut(&mut self) -> &mut Vec<Ticket> {
        &mut self.tickets
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.contact_number.as_ref().map(|_| format_args!("<hidden>"));
        f.debug_struct("Contact")
            .field("ai_contact_id", &self.ai_contact_id)
            .field("contact_number", &number)
            .field("tickets", &self.tickets)
            .finish()
    }
}

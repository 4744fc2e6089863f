//! The state that an emulator starts with, built in Rust or parsed from JSON.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Contact, Ticket, World};
use crate::{
    error::{SeedError, StateError},
    placeholders,
};

/// The API keys, contacts and tickets that an emulator starts with and returns to on
/// [`reset`](crate::Emulator::reset).
///
/// The default holds the [`placeholders`] of the published page.
///
/// [`StateError`] lists the rules for a seed. [`Seed::from_json`] and
/// [`Builder::start`](crate::Builder::start) check them.
///
/// `Debug` hides the keys, the contact numbers and the metadata values.
///
/// # Examples
///
/// ```
/// use vambe_emulator::{Contact, Seed, Ticket, Uuid};
///
/// let seed = Seed::new("test-key").with_contact(
///     Contact::new(Uuid::from_u128(1))
///         .with_number("+56987654321")
///         .with_ticket(Ticket::active(Uuid::from_u128(2)).with_metadata("priority", "low")),
/// );
/// assert_eq!(seed.contacts().len(), 1);
/// ```
///
/// The same in JSON, where `contacts`, `contact_number`, `tickets` and `metadata` are optional:
///
/// ```
/// use vambe_emulator::Seed;
///
/// let seed = Seed::from_json(
///     r#"{
///         "api_keys": ["test-key"],
///         "contacts": [{
///             "ai_contact_id": "00000000-0000-0000-0000-000000000001",
///             "contact_number": "+56987654321",
///             "tickets": [{
///                 "id": "00000000-0000-0000-0000-000000000002",
///                 "status": "active",
///                 "metadata": { "priority": "low" }
///             }]
///         }]
///     }"#,
/// )?;
/// assert_eq!(seed.api_keys(), ["test-key"]);
/// # Ok::<(), vambe_emulator::SeedError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    // If absent, `StateError::NoApiKey` says what to do, as for an empty list.
    #[serde(default)]
    api_keys: Vec<String>,
    #[serde(default)]
    contacts: Vec<Contact>,
}

impl Seed {
    /// Creates a seed that accepts one API key and has no contacts.
    pub fn new(api_key: impl Into<String>) -> Self {
        Self { api_keys: vec![api_key.into()], contacts: Vec::new() }
    }

    /// Parses and checks a seed in JSON.
    ///
    /// # Errors
    ///
    /// Returns [`SeedError::Json`] with line and column if the text is not JSON or has an unknown
    /// field, and [`SeedError::State`] if the seed breaks a rule of [`StateError`].
    pub fn from_json(json: &str) -> Result<Self, SeedError> {
        let seed: Self = serde_json::from_str(json).map_err(|error| SeedError::json(&error))?;
        seed.to_world().map_err(SeedError::State)?;
        Ok(seed)
    }

    /// Accepts a further API key.
    #[must_use]
    pub fn with_api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_keys.push(api_key.into());
        self
    }

    /// Adds a contact.
    #[must_use]
    pub fn with_contact(mut self, contact: Contact) -> Self {
        self.contacts.push(contact);
        self
    }

    /// Returns the accepted API keys.
    pub fn api_keys(&self) -> &[String] {
        &self.api_keys
    }

    /// Returns the contacts.
    pub fn contacts(&self) -> &[Contact] {
        &self.contacts
    }

    /// Checks the seed and builds the state it describes.
    pub(crate) fn to_world(&self) -> Result<World, StateError> {
        if self.api_keys.is_empty() {
            return Err(StateError::NoApiKey);
        }
        if let Some(position) = self.api_keys.iter().position(|key| !is_sendable(key)) {
            return Err(StateError::UnusableApiKey { position });
        }
        World::new(&self.contacts)
    }
}

/// Returns `true` if a header can carry the key. HTTP strips spaces at either end.
fn is_sendable(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Returns a seed with the [`placeholders`] of the published page.
impl Default for Seed {
    fn default() -> Self {
        let by_number =
            Contact::new(placeholders::CONTACT_NUMBER_CONTACT).with_number(placeholders::CONTACT_NUMBER).with_ticket(
                Ticket::active(placeholders::CONTACT_NUMBER_TICKET)
                    .with_metadata("channel", "whatsapp")
                    .with_metadata("priority", "low"),
            );
        let by_ai_contact_id = Contact::new(placeholders::AI_CONTACT_ID)
            .with_ticket(Ticket::closed(placeholders::AI_CONTACT_EARLIER_TICKET).with_metadata("order_id", "ORD-12000"))
            .with_ticket(
                Ticket::closed(placeholders::AI_CONTACT_LATEST_TICKET)
                    .with_metadata("order_id", "ORD-12345")
                    .with_metadata("priority", "low"),
            );
        let by_ticket_id = Contact::new(placeholders::TICKET_CONTACT).with_ticket(
            Ticket::active(placeholders::TICKET_ID).with_metadata("status", "open").with_metadata("team", "returns"),
        );
        Self::new(placeholders::API_KEY)
            .with_contact(by_number)
            .with_contact(by_ai_contact_id)
            .with_contact(by_ticket_id)
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seed")
            .field("api_keys", &format_args!("<{} hidden>", self.api_keys.len()))
            .field("contacts", &self.contacts)
            .finish()
    }
}

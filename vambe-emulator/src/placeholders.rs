//! The key, number and ids of the default seed.
//!
//! Four of them come from the examples of the published page, so that these examples work against
//! an emulator as printed. The others complete the contacts and the tickets.
//!
//! | Contact | Number | Tickets, oldest first | Metadata |
//! |---|---|---|---|
//! | [`CONTACT_NUMBER_CONTACT`] | [`CONTACT_NUMBER`] | [`CONTACT_NUMBER_TICKET`], active | `channel`: `whatsapp`, `priority`: `low` |
//! | [`AI_CONTACT_ID`] | none | [`AI_CONTACT_EARLIER_TICKET`], closed | `order_id`: `ORD-12000` |
//! | | | [`AI_CONTACT_LATEST_TICKET`], closed | `order_id`: `ORD-12345`, `priority`: `low` |
//! | [`TICKET_CONTACT`] | none | [`TICKET_ID`], active | `status`: `open`, `team`: `returns` |
//!
//! # Example
//!
//! ```
//! use vambe_emulator::{Emulator, TicketStatus, placeholders};
//!
//! let emulator = Emulator::start()?;
//! let contact = emulator.contact(placeholders::AI_CONTACT_ID).ok_or("no such contact")?;
//! assert!(contact.tickets().iter().all(|ticket| ticket.status() == TicketStatus::Closed));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use uuid::{Uuid, uuid};

/// The accepted API key, from the page.
pub const API_KEY: &str = "your_api_key_here";

/// The number of a contact with an active ticket, from the page.
pub const CONTACT_NUMBER: &str = "+56912345678";

/// The `ai_contact_id` of the contact with [`CONTACT_NUMBER`].
pub const CONTACT_NUMBER_CONTACT: Uuid = uuid!("0b6f1c52-7d0e-4f6a-9a53-2f1d8c4e7b10");

/// The active ticket of the contact with [`CONTACT_NUMBER`].
pub const CONTACT_NUMBER_TICKET: Uuid = uuid!("5d2a9e84-1c3b-4e7f-8a60-93b7c5d1e2f4");

/// The `ai_contact_id` of a contact that has only closed tickets, from the page.
pub const AI_CONTACT_ID: Uuid = uuid!("df980fc8-b6db-4820-bf22-2969482d106d");

/// The older of the two closed tickets of [`AI_CONTACT_ID`].
pub const AI_CONTACT_EARLIER_TICKET: Uuid = uuid!("71c0d4a6-58be-4b92-b1f7-6e0a3c9d2485");

/// The latest closed ticket of [`AI_CONTACT_ID`].
pub const AI_CONTACT_LATEST_TICKET: Uuid = uuid!("c84e6f19-a27d-4d35-9e08-1b5f7a630cd2");

/// An active ticket, from the page.
pub const TICKET_ID: Uuid = uuid!("a1b2c3d4-e5f6-7890-abcd-ef1234567890");

/// The `ai_contact_id` of the contact that [`TICKET_ID`] belongs to.
pub const TICKET_CONTACT: Uuid = uuid!("e3975b08-4f61-4ac8-8d2e-0c7b91a56f3d");

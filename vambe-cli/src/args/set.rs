//! The arguments of `vambe ticket metadata set`.

use std::{num::NonZeroU32, time::Duration};

use clap::Args;
use vambe_api::{InvalidTicketRef, TicketRef};

use super::{ConnectionArgs, Format, duration};

/// Set key-value pairs on one ticket
///
/// The server merges the pairs into the ticket's existing metadata: given keys are overwritten, all others are kept. Sending
/// the same pairs twice is safe.
///
/// Example: vambe ticket metadata set --contact-number '+56 9 1234 5678' order_id=ORD-12345
#[derive(Args)]
pub(crate) struct SetArgs {
    #[command(flatten)]
    pub(crate) ticket: TicketArgs,
    /// Update the latest closed ticket if the contact has no active one
    #[arg(long)]
    pub(crate) allow_closed_ticket: bool,
    /// Pairs to set; the key ends at the first `=`, and the value may be empty
    #[arg(value_name = "KEY=VALUE", required = true)]
    pub(crate) pairs: Vec<String>,
    /// Print the result as text or as a JSON object
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    /// Maximum time for all attempts together
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration::parse, help_heading = "Connection")]
    pub(crate) timeout: Duration,
    /// Maximum number of attempts; 1 disables retries
    #[arg(long, value_name = "N", default_value = "3", help_heading = "Connection")]
    pub(crate) max_attempts: NonZeroU32,
}

/// Exactly one identifier of a ticket.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct TicketArgs {
    /// Ticket with this ID, active or closed
    #[arg(long, value_name = "ID")]
    ticket_id: Option<String>,
    /// Active ticket of the contact with this ID
    #[arg(long, value_name = "ID")]
    ai_contact_id: Option<String>,
    /// Active ticket of the contact with this phone number, with `+` and its country code
    #[arg(long, value_name = "NUMBER")]
    contact_number: Option<String>,
}

impl TicketArgs {
    /// Parses the identifier. Clap ensures that there is exactly one.
    pub(crate) fn read(&self) -> Result<TicketRef, InvalidTicketRef> {
        match (&self.ticket_id, &self.ai_contact_id, &self.contact_number) {
            (Some(id), _, _) => TicketRef::ticket_id(id),
            (_, Some(id), _) => TicketRef::ai_contact_id(id),
            (_, _, number) => TicketRef::contact_number(number.as_deref().unwrap_or_default()),
        }
    }

    /// Returns true if the identifier is that of a contact.
    pub(crate) fn is_contact(&self) -> bool {
        self.ticket_id.is_none()
    }
}

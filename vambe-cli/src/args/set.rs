//! The arguments of `vambe ticket metadata set`.

use std::{num::NonZeroU32, time::Duration};

use clap::Args;
use vambe_api::{InvalidTicketRef, TicketRef};

use super::{ConnectionArgs, Format, duration};

/// Set key-value pairs on one ticket
///
/// They are merged with the pairs that the ticket has: a key that is given is overwritten, any other is kept. To send them
/// twice does no harm.
///
/// Example: vambe ticket metadata set --contact-number '+56 9 1234 5678' order_id=ORD-12345
#[derive(Args)]
pub(crate) struct SetArgs {
    #[command(flatten)]
    pub(crate) ticket: TicketArgs,
    /// If the contact has no active ticket, take the latest closed one
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
    /// Give up after this time, with all attempts
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration::parse, help_heading = "Connection")]
    pub(crate) timeout: Duration,
    /// Try so many times; 1 never repeats a request
    #[arg(long, value_name = "N", default_value = "3", help_heading = "Connection")]
    pub(crate) max_attempts: NonZeroU32,
}

/// Exactly one of the identifiers of a ticket.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct TicketArgs {
    /// The ticket with this id, whether active or closed
    #[arg(long, value_name = "ID")]
    ticket_id: Option<String>,
    /// The active ticket of the contact with this id
    #[arg(long, value_name = "ID")]
    ai_contact_id: Option<String>,
    /// The active ticket of the contact with this phone number, with its country code
    #[arg(long, value_name = "NUMBER")]
    contact_number: Option<String>,
}

impl TicketArgs {
    /// Reads the identifier. Clap has seen to it that there is one.
    pub(crate) fn read(&self) -> Result<TicketRef, InvalidTicketRef> {
        match (&self.ticket_id, &self.ai_contact_id, &self.contact_number) {
            (Some(id), _, _) => TicketRef::ticket_id(id),
            (_, Some(id), _) => TicketRef::ai_contact_id(id),
            (_, _, number) => TicketRef::contact_number(number.as_deref().unwrap_or_default()),
        }
    }

    /// Whether it is the ticket of a contact, rather than one with an id of its own.
    pub(crate) fn is_contact(&self) -> bool {
        self.ticket_id.is_none()
    }
}

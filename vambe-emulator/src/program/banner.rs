//! The output of the program once it listens.

use std::{
    io::{self, Write},
    path::Path,
};

use super::Options;
use crate::{Emulator, METADATA_PATH, Ticket, TicketStatus, placeholders};

/// Writes the URL, the faults, the state, and a request to try.
///
/// The default state holds only placeholders of the published page, so it is shown. A file may hold
/// real keys and numbers, so only counts and a ticket id are shown.
pub(super) fn write(out: &mut dyn Write, emulator: &Emulator, options: &Options) -> io::Result<()> {
    writeln!(out, "vambe-emulator {} listens on {}", env!("CARGO_PKG_VERSION"), emulator.url())?;
    if let Some(mix) = options.fault_mix() {
        writeln!(out, "Faults, drawn with seed {}: {mix}", mix.seed())?;
    } else if !options.fault.is_empty() {
        let faults: Vec<_> = options.fault.iter().map(ToString::to_string).collect();
        writeln!(out, "Faults, in turn: {}", faults.join(" "))?;
    }
    if let Some(limit) = options.limit {
        writeln!(out, "Limit: {limit}")?;
    }
    if options.control {
        writeln!(out, "Live page: {}/", emulator.url())?;
    }
    match &options.state {
        None => write_default_state(out, emulator)?,
        Some(path) => write_state_of_file(out, emulator, path)?,
    }
    if options.any_contact {
        writeln!(out, "\nEvery other well-formed identifier exists, too.")?;
    }
    writeln!(out, "\nPress Ctrl-C to stop.")
}

fn write_default_state(out: &mut dyn Write, emulator: &Emulator) -> io::Result<()> {
    writeln!(out, "API key: {}, the placeholder of the published page", emulator.api_key())?;
    writeln!(out, "Contacts and their tickets, oldest first:")?;
    for contact in emulator.contacts() {
        write!(out, "  {}", contact.ai_contact_id())?;
        match contact.contact_number() {
            Some(number) => writeln!(out, "  {number}")?,
            None => writeln!(out)?,
        }
        for ticket in contact.tickets() {
            writeln!(out, "    {}  {}", ticket.id(), status(ticket))?;
        }
    }
    let target = format!(r#""contact_number": "{}""#, placeholders::CONTACT_NUMBER);
    write_curl(out, emulator, &format!("'x-api-key: {}'", emulator.api_key()), &target)
}

fn write_state_of_file(out: &mut dyn Write, emulator: &Emulator, path: &Path) -> io::Result<()> {
    let tickets = emulator.tickets();
    writeln!(out, "State: {} (contacts: {}, tickets: {})", path.display(), emulator.contacts().len(), tickets.len())?;
    // Without any ticket, the request shows a 404.
    let id = tickets.first().map_or(placeholders::TICKET_ID, Ticket::id);
    writeln!(out, "\nFor the request below, set VAMBE_API_KEY to an API key of the state.")?;
    write_curl(out, emulator, r#""x-api-key: $VAMBE_API_KEY""#, &format!(r#""ticket_id": "{id}""#))
}

fn status(ticket: &Ticket) -> &'static str {
    match ticket.status() {
        TicketStatus::Active => "active",
        TicketStatus::Closed => "closed",
    }
}

fn write_curl(out: &mut dyn Write, emulator: &Emulator, api_key: &str, target: &str) -> io::Result<()> {
    write!(
        out,
        r#"
Try it:

curl --request POST '{url}{METADATA_PATH}' \
  --header 'Content-Type: application/json' \
  --header {api_key} \
  --data-raw '{{ {target}, "metadata": {{ "order_id": "ORD-12345" }} }}'
"#,
        url = emulator.url(),
    )
}

//! What the program says once it listens.

use std::{
    io::{self, Write},
    path::Path,
};

use super::args::Faults;
use crate::{Emulator, METADATA_PATH, Ticket, TicketStatus, placeholders};

pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Writes where the emulator listens, what goes wrong, what it knows, and a request to try.
///
/// The default state holds nothing but the published page's placeholders, so all of it is shown.
/// A file may hold real keys and numbers: of that there are only counts and a ticket id.
pub(super) fn write(out: &mut dyn Write, emulator: &Emulator, state: Option<&Path>, faults: &Faults) -> io::Result<()> {
    writeln!(out, "vambe-emulator {VERSION} listens on {}", emulator.url())?;
    match faults {
        Faults::None => {}
        Faults::Rotation(faults) => {
            let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
            writeln!(out, "Faults, in turn: {}", faults.join(" "))?;
        }
        Faults::Mix(mix) => writeln!(out, "Faults, drawn with seed {}: {mix}", mix.seed())?,
    }
    match state {
        None => write_default_state(out, emulator)?,
        Some(path) => write_state_of_file(out, emulator, path)?,
    }
    writeln!(out, "\nCtrl-C stops it.")
}

fn write_default_state(out: &mut dyn Write, emulator: &Emulator) -> io::Result<()> {
    writeln!(out, "API key: {}, the published page's placeholder", emulator.api_key())?;
    writeln!(out, "Contacts, and their tickets from the oldest to the latest:")?;
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
    writeln!(
        out,
        "State: {} (contacts: {}, tickets: {}; its API keys are accepted)",
        path.display(),
        emulator.contacts().len(),
        tickets.len()
    )?;
    // Without any ticket, the request still shows how to be answered 404.
    let id = tickets.first().map_or(placeholders::TICKET_ID, Ticket::id);
    writeln!(out, "\nPut one of the keys into VAMBE_API_KEY for the request below.")?;
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

//! Updates that flow until Ctrl-C, for the live page of the emulator.

use std::{error::Error, io::Write as _, time::Duration};

use tokio::time::sleep;
use vambe_api::{Client, Metadata, TicketRef};
use vambe_emulator::{Emulator, placeholders as page};

use crate::show::{BOLD, DIM, GREEN, PLAIN, RED, Updated, YELLOW};

/// The pause between two updates.
const PAUSE: Duration = Duration::from_secs(1);

/// Sends updates until Ctrl-C ends the process.
pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let vambe = Emulator::builder().control().start()?;
    let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build()?;
    let mut out = anstream::stdout().lock();
    writeln!(out, "Open {BOLD}{}/{PLAIN} in a browser: each update appears there.", vambe.url())?;
    writeln!(out, "Press a fault on the page, and the client retries. Press Ctrl-C here to stop.\n")?;
    for round in 0_u64.. {
        let (ticket, metadata) = update(round)?;
        let shown = shown(&metadata);
        let result = client.update_ticket_metadata(ticket, metadata).allow_closed_ticket(true).await;
        writeln!(out, "{shown:<50} {}", outcome(&result))?;
        sleep(PAUSE).await;
    }
    Ok(())
}

/// Returns the next update: each identifier in turn, with new values each time.
fn update(round: u64) -> Result<(TicketRef, Metadata), Box<dyn Error>> {
    let turn = round / 3;
    let pick = |[first, second, third]: [&'static str; 3]| match turn % 3 {
        0 => first,
        1 => second,
        _ => third,
    };
    Ok(match round % 3 {
        0 => {
            let order = format!("ORD-{}", 12_345 + turn);
            let metadata =
                Metadata::from([("order_id", order.as_str()), ("priority", pick(["high", "low", "normal"]))]);
            (TicketRef::contact_number(page::CONTACT_NUMBER)?, metadata)
        }
        1 => {
            let reason = pick(["damaged_product", "late_delivery", "wrong_size"]);
            (TicketRef::AiContactId(page::AI_CONTACT_ID), Metadata::from([("refund_reason", reason)]))
        }
        _ => {
            let status = pick(["escalated", "solved", "open"]);
            (TicketRef::TicketId(page::TICKET_ID), Metadata::from([("status", status)]))
        }
    })
}

/// Shows the pairs. Those of the demo are no secrets.
fn shown(metadata: &Metadata) -> String {
    metadata.iter().map(|(key, value)| format!("{key} = {value}")).collect::<Vec<_>>().join(", ")
}

fn outcome(result: &Updated) -> String {
    match result {
        Ok(response) if response.attempts() == 1 => format!("{GREEN}{}{PLAIN}", response.status()),
        Ok(response) => {
            format!("{YELLOW}{}{PLAIN} {DIM}after {} attempts{PLAIN}", response.status(), response.attempts())
        }
        Err(error) => format!("{RED}{error}{PLAIN} {DIM}(delivery {:?}){PLAIN}", error.delivery()),
    }
}

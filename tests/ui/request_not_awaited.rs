#![deny(unused_must_use)]

use vambe_api::{Client, Metadata, TicketRef};

fn update(client: Client, ticket: TicketRef, metadata: Metadata) {
    client.update_ticket_metadata(ticket, metadata);
}

fn main() {}

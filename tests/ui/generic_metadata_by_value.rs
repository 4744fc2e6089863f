use vambe_api::{Client, TicketMetadata, TicketRef};

fn by_reference<M: TicketMetadata>(client: Client, ticket: TicketRef, metadata: M) {
    let _ = client.update_ticket_metadata(ticket, &metadata);
}

fn by_value<M: TicketMetadata>(client: Client, ticket: TicketRef, metadata: M) {
    let _ = client.update_ticket_metadata(ticket, metadata);
}

fn main() {}

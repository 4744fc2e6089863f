use vambe_api::{Client, Metadata, TicketRef};

fn update(client: Client, by_ticket: TicketRef, by_contact: TicketRef, metadata: Metadata) {
    let _ = client.update_ticket_metadata((by_ticket, by_contact), metadata);
}

fn main() {}

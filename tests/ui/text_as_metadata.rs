use vambe_api::{Client, TicketRef};

fn update(client: Client, ticket: TicketRef) {
    let _ = client.update_ticket_metadata(ticket, "status=escalated");
}

fn main() {}

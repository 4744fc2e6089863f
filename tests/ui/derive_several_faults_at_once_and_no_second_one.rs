use vambe_api::{Client, TicketMetadata, TicketRef};

#[derive(TicketMetadata)]
struct Order {
    #[metadata(renme = "id")]
    order_id: u64,
    articles: Vec<String>,
}

// Not reported: the derive leaves stubs behind.
async fn update(client: Client, ticket: TicketRef, order: &Order) {
    let _ = client.update_ticket_metadata(ticket, order).await;
}

fn main() {}

use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
struct Order {
    #[metadata(skip)]
    order_id: u64,
}

fn main() {}

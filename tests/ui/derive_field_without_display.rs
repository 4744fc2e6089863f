use vambe_api::TicketMetadata;

struct Money(u64);

#[derive(TicketMetadata)]
struct Order {
    order_id: u64,
    total: Money,
    #[metadata(flatten)]
    number: u64,
}

#[derive(TicketMetadata)]
struct OrderId(u64);

fn main() {}

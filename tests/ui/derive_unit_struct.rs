use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
struct Order;

fn main() {}

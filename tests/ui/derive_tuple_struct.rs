use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
struct Order(u64, String);

fn main() {}

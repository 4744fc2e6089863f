use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
enum Priority {}

fn main() {}

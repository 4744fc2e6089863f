use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
union Order {
    number: u64,
    id: u32,
}

fn main() {}

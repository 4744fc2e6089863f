use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
enum Priority {
    High,
    Other(String),
    Level { of: u8 },
}

fn main() {}

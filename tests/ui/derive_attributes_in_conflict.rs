use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
struct Agent {
    name: String,
}

#[derive(TicketMetadata)]
struct Order {
    order_id: u64,
    #[metadata(skip, rename = "reason")]
    reason: String,
    #[metadata(flatten, rename = "agent")]
    agent: Agent,
    #[metadata(prefix = "owner_", with = ToString::to_string)]
    owner: Agent,
}

fn main() {}

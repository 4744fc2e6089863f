use vambe_api::TicketMetadata;

#[derive(schemars::JsonSchema, TicketMetadata)]
#[metadata(json_schema)]
struct Order {
    order_id: u64,
}

fn main() {}

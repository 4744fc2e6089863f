use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
#[metadata(rename_all = "camelCase", rename_all = "lowercase")]
struct Order {
    #[metadata(rename = "id")]
    #[metadata(rename = "number")]
    order_id: u64,
}

fn main() {}

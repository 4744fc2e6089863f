use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
#[metadata(rename_all = "camelCase", json_schema, rename_all = "lowercase", json_schema)]
struct Order {
    #[metadata(rename = "id")]
    #[metadata(rename = "number")]
    order_id: u64,
}

fn main() {}

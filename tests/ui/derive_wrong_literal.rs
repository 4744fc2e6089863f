use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
#[metadata(rename_all = "camel_case", crate = "not a path", json_schema = "Order")]
struct Order {
    #[metadata(rename = 1)]
    order_id: u64,
    #[metadata(skip = true)]
    note: String,
    #[metadata(prefix)]
    agent: String,
    #[metadata(with = "euros")]
    cents: u64,
    #[metadata(with = |total| total.to_string())]
    total: u64,
}

#[derive(TicketMetadata)]
#[metadata(rename_all = "title")]
enum Priority {
    High,
}

fn main() {}

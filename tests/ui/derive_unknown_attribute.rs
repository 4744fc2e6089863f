use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
#[metadata(renameall = "camelCase")]
struct Order {
    #[metadata(renam = "id")]
    order_id: u64,
    #[metadata(skip_serialising_if = Option::is_none)]
    reason: Option<String>,
    #[metadata(default)]
    priority: String,
}

fn main() {}

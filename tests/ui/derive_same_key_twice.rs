use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
#[metadata(rename_all = "camelCase")]
struct Order {
    order_id: u64,
    #[metadata(rename = "orderId")]
    number: u64,
}

fn main() {}

use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
#[metadata(json_schema)]
enum Priority {
    #[metadata(prefix = "very_")]
    High,
    #[metadata(skip)]
    Low,
}

#[derive(TicketMetadata)]
#[metadata(rename = "order")]
struct Order {
    #[metadata(rename_all = "lowercase")]
    priority: Priority,
}

#[derive(TicketMetadata)]
#[metadata(rename_all = "lowercase")]
struct Wrapper(#[metadata(flatten, crate = "vambe_api", colour)] Order);

fn main() {}

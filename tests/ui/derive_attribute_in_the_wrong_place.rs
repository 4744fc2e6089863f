use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
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
struct Wrapper(#[metadata(flatten)] Order);

fn main() {}

use vambe_api::{TicketRef, raw::types::UpdateTicketMetadataRequest};

fn request(ticket: TicketRef) -> UpdateTicketMetadataRequest {
    UpdateTicketMetadataRequest::new(ticket)
}

fn main() {}

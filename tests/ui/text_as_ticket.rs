use vambe_api::{Client, Metadata};

fn update(client: Client, metadata: Metadata) {
    let _ = client.update_ticket_metadata("+56912345678", metadata);
}

fn main() {}

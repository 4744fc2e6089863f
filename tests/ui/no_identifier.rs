use vambe_api::{Client, Metadata};

fn update(client: Client, metadata: Metadata) {
    let _ = client.update_ticket_metadata(None, metadata);
}

fn main() {}

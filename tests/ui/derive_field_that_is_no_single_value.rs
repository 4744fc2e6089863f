use std::collections::BTreeMap;

use vambe_api::TicketMetadata;

#[derive(TicketMetadata)]
struct Order<'a> {
    articles: Vec<String>,
    sizes: [u8; 3],
    slice: &'a [u8],
    totals: BTreeMap<String, u64>,
    name: (String, String),
    nothing: (),
    coupons: Option<Vec<String>>,
    note: Option<Option<String>>,
}

fn main() {}

//! Inputs of many rows.

use serde_json::json;

use super::SECRET;
use crate::support::number;

/// CSV of so many rows, each for a contact of its own.
pub(super) fn csv(rows: u32) -> String {
    let rows = (1..=rows).map(|row| format!("{},{SECRET}-{row}\n", number(row)));
    "contact_number,order_id\n".to_owned() + &rows.collect::<String>()
}

/// NDJSON of so many rows for a few contacts, drawn by a seed: each sets a key of its own, `row_1`, which tells whether it was
/// applied, and two that rows have in common, which tell in what order.
pub(super) fn numbered(rows: u64, contacts: u32, seed: u64) -> String {
    let mut random = Random(seed);
    let lines = (1..=rows).map(|row| {
        let contact = 1 + u32::try_from(random.below(contacts.into())).unwrap();
        let shared = format!("shared_{}", random.below(3));
        let value = format!("{SECRET}-{row}");
        let metadata = json!({ format!("row_{row}"): SECRET, "last": value, shared: value });
        json!({ "contact_number": number(contact), "metadata": metadata }).to_string() + "\n"
    });
    lines.collect()
}

/// Numbers that are the same for the same seed: splitmix64.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

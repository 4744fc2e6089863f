//! The update that every contender sends. Each builds it anew for every call.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) const PATH: &str = "/api/public/ticket/metadata";
pub(crate) const API_KEY: &str = "the-key-of-the-benchmark";
pub(crate) const TICKET: Uuid = Uuid::from_u128(0xa1b2_c3d4_e5f6_7890_abcd_ef12_3456_7890);
pub(crate) const PAIRS: [(&str, &str); 2] = [("order_id", ORDER_ID), ("priority", PRIORITY)];
const ORDER_ID: &str = "ORD-12345";
const PRIORITY: &str = "high";

/// The number of pairs of a large update.
pub(crate) const MANY: usize = 1_000;

/// Returns a value of a large update.
pub(crate) fn value(index: usize) -> String {
    format!("value-number-{index:06}")
}

/// The body of the request as written by hand. It borrows all fields.
#[derive(Serialize)]
pub(crate) struct Update<'a> {
    ticket_id: Uuid,
    metadata: Metadata<'a>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    order_id: &'a str,
    priority: &'a str,
}

impl Update<'_> {
    pub(crate) fn new() -> Self {
        Self { ticket_id: TICKET, metadata: Metadata { order_id: ORDER_ID, priority: PRIORITY } }
    }
}

/// The response as written by hand.
#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) status: String,
}

/// The response as written by hand, without a copy of its text.
#[derive(Deserialize)]
pub(crate) struct BorrowedAnswer<'a> {
    status: &'a str,
}

impl BorrowedAnswer<'_> {
    /// Checks the response.
    pub(crate) fn check(&self) -> Result<(), crate::Failure> {
        check(Some(self.status))
    }
}

impl Answer {
    /// Checks the response: an error would make its contender look cheap.
    pub(crate) fn check(self) -> Result<(), crate::Failure> {
        check(Some(self.status.as_str()))
    }
}

pub(crate) fn check(status: Option<&str>) -> Result<(), crate::Failure> {
    match status {
        Some("ok") => Ok(()),
        other => Err(format!("the answer is {other:?}, not `ok`").into()),
    }
}

//! The spec has gained a fourth identifier, and the sum type has no variant for it yet.

#[path = "../fixtures/fourth_identifier.rs"]
mod generated;

use vambe_api::{
    CallOptions, ContactNumber, Error, InvalidTicketRef, Method, NotExactlyOne, Operation, Redacted, Response, Transport, Uuid,
};

pub enum TicketRef {
    TicketId(Uuid),
    AiContactId(Uuid),
    ContactNumber(ContactNumber),
}

fn main() {}

//! The spec has gained a fourth identifier, and the sum type has no variant for it yet.

#[path = "../client.rs"]
mod client;

#[path = "../fixtures/fourth_identifier.rs"]
mod generated;

use client::{
    Client, blocking,
    operation_call::{Async, Call, CallInput},
};
#[allow(unused_imports)]
use vambe_api::{
    ApiKeyPlace, CallOptions, ContactNumber, Error, IntoMetadata, InvalidRequest, InvalidTicketRef, Method, NoneGiven, NotExactlyOne, Operation,
    Redacted, Response, Transport, Uuid, parameters,
};

pub enum TicketRef {
    TicketId(Uuid),
    AiContactId(Uuid),
    ContactNumber(ContactNumber),
}

fn main() {}

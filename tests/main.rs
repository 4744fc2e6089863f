//! Spec, generated code, hand-written layer, emulator and documents, held against each other. One binary, since each one
//! more is linked and started on its own.

// Tells clippy that the helpers too are test code.
#![cfg(test)]

mod answers;
mod blocking_client;
mod bulk;
mod bulk_stops;
#[allow(dead_code, unreachable_pub)]
mod client;
mod compile_fail;
mod documents;
mod environment;
mod faults;
// Nobody calls all of it, and no other crate can.
#[allow(dead_code, unreachable_pub)]
mod generated;
mod in_sync;
mod limits;
mod metadata_schema;
mod one_identifier;
mod privacy;
mod safety;
mod schema;
mod seen;
mod server;
mod shapes;
mod soak;
mod spec_story;
mod typed_calls;
mod typed_metadata;
mod wire;

// What generated code refers to in the root of its crate, for the modules of `generated`. `TicketRef` is the text of the
// client's: its glue matches on every variant, which only the crate that the enum stands in can.
#[allow(dead_code, unreachable_pub)]
#[path = "../vambe-api/src/ticket_ref.rs"]
mod ticket_ref;
use client::{
    Client, blocking,
    operation_call::{Async, Call, CallInput},
};
use ticket_ref::{InvalidTicketRef, NoneGiven, NotExactlyOne, TicketRef};
use vambe_api::{
    CallOptions, ContactNumber, Error, IntoMetadata, InvalidContactNumber, InvalidRequest, Method, Operation, Redacted,
    Response, Transport, parameters,
};

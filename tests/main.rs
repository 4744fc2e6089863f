//! Tests that hold document, generated code, hand-written layer, emulator and guides against each other. They are one binary, which
//! is faster to link and to start.

// Makes clippy treat the helpers as test code.
#![cfg(test)]

mod accounts;
mod blocking_client;
mod bulk;
mod bulk_stops;
#[allow(dead_code, unreachable_pub)]
mod client;
mod compile_fail;
mod connecting;
mod demo;
mod diff_regression;
mod documents;
mod environment;
mod faults;
// No test calls all of it.
#[allow(dead_code, unreachable_pub)]
mod generated;
mod idioms;
mod in_sync;
mod limits;
mod metadata_schema;
mod observing;
mod one_identifier;
mod privacy;
mod responses;
mod rustdoc;
mod safety;
mod schema;
mod server;
mod shapes;
mod shared_limit;
mod soak;
mod tracing;
mod typed_calls;
mod typed_metadata;
mod wire;

// Generated code refers to these names in the root of its crate. `TicketRef` is compiled from the client's file: generated code
// matches on every variant, which only the crate of the enum can do.
#[allow(dead_code, unreachable_pub)]
#[path = "../vambe-api/src/ticket_ref.rs"]
mod ticket_ref;
use client::{
    Client, blocking,
    operation_call::{Async, Call, CallInput},
};
use ticket_ref::{InvalidTicketRef, NoneGiven, NotExactlyOne, TicketRef};
use vambe_api::{
    ApiKeyPlace, CallOptions, ContactNumber, Error, IntoMetadata, InvalidContactNumber, InvalidRequest, Method,
    Operation, Redacted, Response, Transport, parameters,
};

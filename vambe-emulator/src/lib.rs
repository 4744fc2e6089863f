//! An HTTP server that behaves like Vambe's public ticket API, for tests of its clients.
//!
//! It implements the published page of the one endpoint, `POST /api/public/ticket/metadata`. In a
//! test it runs in process: [`Emulator::start`] takes a free port, and the emulator stops when it is
//! dropped. As a program it is `vambe-emulator --port 8080`.
//!
//! ```
//! use vambe_emulator::{Emulator, placeholders};
//!
//! # fn post(emulator: &Emulator, path: &str, body: &str) -> std::io::Result<String> {
//! #     use std::io::{Read as _, Write as _};
//! #     let mut stream = std::net::TcpStream::connect(emulator.address())?;
//! #     write!(
//! #         stream,
//! #         "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {}\r\n\
//! #          content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
//! #         emulator.api_key(),
//! #         body.len(),
//! #     )?;
//! #     let mut response = String::new();
//! #     stream.read_to_string(&mut response)?;
//! #     Ok(response.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::start()?;
//!
//! // Configure the code under test with `emulator.url()` and `emulator.api_key()`. This example
//! // uses a plain HTTP client instead.
//! let response = post(
//!     &emulator,
//!     "/api/public/ticket/metadata",
//!     r#"{
//!         "ticket_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
//!         "metadata": { "status": "escalated" }
//!     }"#,
//! )?;
//! assert_eq!(response, r#"{"status":"ok"}"#);
//!
//! let ticket = emulator.ticket(placeholders::TICKET_ID).ok_or("no such ticket")?;
//! assert_eq!(ticket.metadata()["status"], "escalated");
//! assert_eq!(ticket.metadata()["team"], "returns", "other keys are kept");
//! assert_eq!(ticket.updates(), 1);
//! assert_eq!(emulator.requests().len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # Feature flags
//!
//! | Feature | Default | Adds |
//! |---|---|---|
//! | `control` | off | `Builder::control`: a control API for tests in other languages |
//! | `page` | off | a live page for people, on top of the control API |
//! | `program` | on | the program `vambe-emulator` and the module `program`, with clap; a dev-dependency does not need it |
//! | `tls` | off | `Builder::tls_self_signed`: HTTPS with a self-signed certificate |
//!
//! In a `Cargo.toml`, leave the program out:
//!
//! ```toml
//! [dev-dependencies]
//! vambe-emulator = { version = "0.1", registry = "internal", default-features = false }
//! ```
//!
//! # Initial state
//!
//! The default state holds the [`placeholders`] of the page, so that the page's examples work as
//! printed. A [`Seed`] replaces it, built in Rust or parsed from JSON.
//!
//! Only these contacts and tickets exist, unless [`Builder::any_contact`] makes every identifier exist. [`Builder::route`]
//! adds endpoints for operations that the emulator does not know.
//!
//! # Documented behaviour
//!
//! - A request identifies a ticket by exactly one of three identifiers. A contact identifier targets
//!   the contact's active ticket or, with `allow_closed_ticket`, its latest closed ticket if none is
//!   active.
//! - The server merges the metadata into the ticket's existing metadata.
//! - Success is `200 {"status": "ok"}`. A request without an identifier gets 400, and a contact without
//!   an active ticket gets 404, both with the page's messages.
//!
//! # Undocumented behaviour
//!
//! [`Answers::Spec`] keeps to the OpenAPI document instead: a list becomes one string, 413 and 415
//! become 400, and another method of a known path gets 405.
//!
//! The page leaves these cases open, and the real service may differ in each of them. A client should
//! not depend on them, but has to survive them. "A list" means a `message` that is an array of
//! strings. NestJS, whose error bodies the page's examples resemble, reports the problems of a body
//! that way.
//!
//! | Case | The emulator |
//! |---|---|
//! | the order of the checks | route, key, content type, size, JSON, types of the fields, number of identifiers, lookup; the first failure decides the response |
//! | the rate limit | none; with [`Builder::limit`], 429 with `Retry-After`, before all other checks |
//! | the body of every error | exactly `{"statusCode": N, "message": …}`; no message repeats a value of the request |
//! | another path or method | 404 `Cannot GET /x`, with the method and the path of the request (not the query), without checking the key |
//! | a missing or unknown key, or two `x-api-key` headers | 401 `Unauthorized` |
//! | another `Content-Type`, or none | 415; parameters such as `charset` and the case are ignored |
//! | the maximum size of a body | 413 above 100 KiB (the default of NestJS), after reading it to the end |
//! | a body that ends early, or pauses for 60 s | 400 `request aborted` |
//! | a connection without a complete head of a request for 60 s | closed |
//! | a compressed body | not decompressed, so malformed JSON |
//! | malformed JSON, or an empty body | 400, one string with line and column |
//! | a repeated field | the last one wins |
//! | a body that is not an object | 400, a list |
//! | metadata that is missing, not an object, or has a value that is not a string | 400, a list |
//! | an id that is not a UUID with hyphens (any version, any case) | 400, a list |
//! | a `contact_number` that is not a string, an `allow_closed_ticket` that is not a boolean | 400, a list |
//! | `null` for a field | a value of the wrong type: 400, a list |
//! | several problems at once | one list with all of them |
//! | undocumented fields | ignored |
//! | several identifiers | 400 `You must provide exactly one of ticket_id, ai_contact_id, or contact_number` |
//! | comparing numbers | by their digits, 0 to 9; a number without digits matches nothing |
//! | an unknown contact | 404 `Contact not found` |
//! | an unknown ticket | 404 `Ticket not found` |
//! | a contact without any ticket, with `allow_closed_ticket` | 404 `Ticket not found for contact` |
//! | the `ticket_id` of a closed ticket | updated, with or without `allow_closed_ticket` |
//! | the latest closed ticket | the one added last, regardless of when it was closed |
//! | active tickets per contact | at most one |
//! | empty metadata | accepted; changes nothing and counts as an update |
//! | the number of keys, and their length | limited only by the size of the body |
//!
//! The emulator supports HTTP/1.1 with keep-alive.
//!
//! # Fixed responses
//!
//! A default fault gives every request the same response:
//!
//! ```
//! use vambe_emulator::{Emulator, Fault, StatusCode};
//!
//! let emulator = Emulator::start()?;
//! emulator.inject_always(Fault::status(StatusCode::SERVICE_UNAVAILABLE));
//! # Ok::<(), vambe_emulator::StartError>(())
//! ```
//!
//! progenitor could generate mocks for the crate `httpmock` from the spec. This crate does not offer
//! them:
//!
//! - They can respond only as documented: 200, 400, 401 and 404. A client has to be tested against 429
//!   and 5xx, HTML, a cut body, and a reset before or after the write.
//! - They come from the same spec as the client, so the two agree by construction. The emulator is a
//!   second reading of the page, and a test of the two can fail.
//! - They have no state: no merge, no active and closed tickets, no count of applied updates.
//! - They would add 112 crates to a consumer's tests (httpmock 0.8.3); the emulator adds 30.
//!
//! # Rate limit
//!
//! [`Builder::limit`] refuses updates over a rate with 429, and [`Emulator::peak_requests`] judges whether a client keeps to the
//! rate by itself.
//!
//! # Faults
//!
//! A [`Fault`] makes an update request fail. The emulator still knows which updates were applied, to
//! compare the client's report with: [`Emulator::updates`], [`Emulator::history`] of a ticket, and
//! [`ReceivedRequest::applied`] of each request.
//!
//! ```
//! use vambe_emulator::{Emulator, Fault, FaultMix, StatusCode};
//!
//! let emulator = Emulator::start()?;
//! // For the next request, and for the one after it.
//! emulator.inject(Fault::reset_after_write());
//! emulator.inject("429:retry-after=7".parse()?);
//! // For all others: one in ten fails, reproducible by the seed.
//! let unavailable = Fault::status(StatusCode::SERVICE_UNAVAILABLE);
//! let mix = FaultMix::seeded(42).with(unavailable, 1).with(Fault::none(), 9);
//! emulator.fault_mix(mix);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Two more affect whole connections: [`Emulator::refuse_connections`], and `Builder::tls_self_signed`
//! with a certificate that no client trusts.
//!
//! The program accepts the same text forms: `vambe-emulator --fault-mix 503=1,none=9 --fault-seed 42`.
//!
#![doc = include_str!("faults.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
#[cfg(feature = "control")]
mod control;
mod duration;
mod emulator;
mod error;
mod fault;
mod limit;
#[cfg(feature = "page")]
mod page;
pub mod placeholders;
#[cfg(feature = "program")]
pub mod program;
mod server;
mod world;

pub use http::{HeaderMap, Method, Request, Response, StatusCode};
pub use uuid::Uuid;

pub use crate::{
    builder::Builder,
    emulator::Emulator,
    error::{SeedError, StartError, StateError},
    fault::{Fault, FaultError, FaultKind, FaultMix, RetryAfter},
    limit::{Limit, LimitError},
    server::{Answers, METADATA_PATH, ReceivedRequest},
    world::{Contact, Seed, Ticket, TicketStatus},
};

//! An HTTP server that behaves as the published page of Vambe's one public endpoint says,
//! `POST /api/public/ticket/metadata`, for tests of services that call it.
//!
//! In a test it runs in process: [`Emulator::start`] takes a free port, and the emulator stops when
//! it is dropped. As a program it is `vambe-emulator --port 8080`: see [`program`].
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
//! #     let mut answer = String::new();
//! #     stream.read_to_string(&mut answer)?;
//! #     Ok(answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::start()?;
//!
//! // Point the code under test to `emulator.url()` with `emulator.api_key()`. Here stands a
//! // plain HTTP client for it.
//! let answer = post(
//!     &emulator,
//!     "/api/public/ticket/metadata",
//!     r#"{
//!         "ticket_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
//!         "metadata": { "status": "escalated" }
//!     }"#,
//! )?;
//! assert_eq!(answer, r#"{"status":"ok"}"#);
//!
//! let ticket = emulator.ticket(placeholders::TICKET_ID).ok_or("no such ticket")?;
//! assert_eq!(ticket.metadata()["status"], "escalated");
//! assert_eq!(ticket.metadata()["team"], "returns", "what was there before stays");
//! assert_eq!(ticket.updates(), 1);
//! assert_eq!(emulator.requests().len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # What it starts with
//!
//! By default, with what the page's examples name, so that they work as they are printed: see
//! [`placeholders`]. A [`Seed`] replaces that, from Rust or from JSON.
//!
//! # What the page promises
//!
//! One of three identifiers names the ticket; the metadata is merged into the metadata the ticket
//! has; a contact stands for its active ticket, with `allow_closed_ticket` also for its latest
//! closed one; success is `200 {"status": "ok"}`; no identifier is 400 and nothing found is 404,
//! with the page's words.
//!
//! # What the page leaves open, and what the emulator does
//!
//! The real service may do otherwise in each of these rows. A client should not depend on them, but
//! has to survive them. "A list" is a `message` that is an array of texts, which is how NestJS, whose
//! error bodies the page's look like, reports the faults of a body.
//!
//! | The page leaves open | The emulator |
//! |---|---|
//! | the order of the checks | route, key, content type, size, JSON, types of the fields, number of identifiers, look-up; the first that fails answers |
//! | the body of every error | exactly `{"statusCode": N, "message": …}`; no message repeats a value that was sent |
//! | another path or method | 404 `Cannot GET /x`, with the method and the path sent (not the query), without a look at the key |
//! | a missing or unknown key, or two `x-api-key` headers | 401 `Unauthorized` |
//! | another `Content-Type`, or none | 415; parameters such as `charset` are ignored, upper case is the same |
//! | how large a body can be | 413 above 100 KiB (NestJS' default), once it has been read to its end |
//! | a body that ends early | 400 `request aborted` |
//! | a compressed body | not decompressed, so malformed JSON |
//! | malformed JSON, also an empty body | 400, one text that names line and column |
//! | the same field twice | the last one counts |
//! | a body that is no object | 400, a list |
//! | metadata that is missing, no object, or holds a value that is no text | 400, a list |
//! | an id that is no UUID in the form with hyphens (any version, any case) | 400, a list |
//! | a `contact_number` that is no text, an `allow_closed_ticket` that is no boolean | 400, a list |
//! | `null` for a field | a value of the wrong type: 400, a list |
//! | several faults at once | all of them in one list |
//! | fields the page does not name | ignored |
//! | several identifiers | 400 `You must provide exactly one of ticket_id, ai_contact_id, or contact_number` |
//! | how numbers are compared | by their digits, 0 to 9; a number without any matches nothing |
//! | an unknown contact | 404 `Contact not found` |
//! | an unknown ticket | 404 `Ticket not found` |
//! | no ticket at all, with `allow_closed_ticket` | 404 `Ticket not found for contact` |
//! | a `ticket_id` of a closed ticket | is updated; `allow_closed_ticket` does not matter |
//! | which closed ticket is the latest | the one added last, whenever it was closed |
//! | how many active tickets a contact has | at most one |
//! | empty metadata | accepted; changes nothing and counts as an update |
//! | how many pairs, and how long they are | no limit but that of the body |
//!
//! Below HTTP it speaks HTTP/1.1 with keep-alive. The feature `tls`, off by default, adds
//! `Builder::tls_self_signed`: https with a certificate that no client trusts.
//!
//! # As a stub, and why there are no generated mocks
//!
//! A test that wants one fixed answer, whatever is asked, has it with a standing fault:
//!
//! ```
//! use vambe_emulator::{Emulator, Fault, StatusCode};
//!
//! let emulator = Emulator::start()?;
//! emulator.inject_always(Fault::status(StatusCode::SERVICE_UNAVAILABLE));
//! # Ok::<(), vambe_emulator::StartError>(())
//! ```
//!
//! progenitor could also generate typed helpers for the crate `httpmock` from the spec. They are not offered, for these
//! reasons:
//!
//! - They can answer only what the spec documents: 200, 400 and 404. What a client has to be tested against is the rest: 401,
//!   429 and 5xx, HTML, a cut body, a reset before or after the write.
//! - They come from the spec that the client comes from, so the two agree by construction. The emulator is a second reading
//!   of the page, and a test of the two can fail.
//! - They know no state: no merge, no active and closed tickets, no count of what was applied.
//! - They would bring 112 crates to a consumer's tests (httpmock 0.8.3) where the emulator brings 33, and their types are those
//!   of progenitor's own runtime, which the client does not use.
//!
//! # Faults
//!
//! A [`Fault`] makes the next update request go wrong, and what the emulator knows stays the truth to
//! compare the client with: [`Emulator::updates`], [`Ticket::updates`], and for each request
//! [`ReceivedRequest::applied`].
//!
//! ```
//! use vambe_emulator::{Emulator, Fault, FaultMix, StatusCode};
//!
//! let emulator = Emulator::start()?;
//! // The next request, and the one after it.
//! emulator.inject(Fault::reset_after_write());
//! emulator.inject("429:retry-after=7".parse()?);
//! // All others: one of ten fails, and always the same ones for this seed.
//! let mix = FaultMix::seeded(42).with(Fault::status(StatusCode::SERVICE_UNAVAILABLE), 1).with(Fault::none(), 9);
//! emulator.fault_mix(mix);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Two more are of all connections: [`Emulator::refuse_connections`], and with the feature `tls`
//! `Builder::tls_self_signed`, whose certificate no client trusts.
//!
//! The program takes the same texts: `vambe-emulator --fault-mix 'status:503=1,none=9' --fault-seed 42`.
//!
#![doc = include_str!("faults.md")]

mod answer;
mod app;
mod body;
mod builder;
mod connection;
mod emulator;
mod endpoint;
mod error;
mod fault;
mod model;
mod payload;
pub mod placeholders;
mod port;
pub mod program;
mod request_log;
mod seed;
mod server;
mod shared;
#[cfg(feature = "tls")]
mod tls;
mod update;
mod world;

pub use http::{HeaderMap, Method, StatusCode};
pub use uuid::Uuid;

pub use crate::{
    builder::Builder,
    emulator::Emulator,
    endpoint::METADATA_PATH,
    error::{SeedError, StartError, StateError},
    fault::{Fault, FaultError, FaultKind, FaultMix, RetryAfter},
    model::{Contact, Ticket, TicketStatus},
    request_log::ReceivedRequest,
    seed::Seed,
};

//! A typed client for the ticket metadata API of Vambe, a customer-chat platform.
//!
//! ```no_run
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), vambe_api::Error> {
//! use vambe_api::{Client, Metadata, TicketRef};
//!
//! let client = Client::from_env()?; // VAMBE_API_KEY, optionally VAMBE_BASE_URL
//! client
//!     .update_ticket_metadata(
//!         TicketRef::contact_number("+56912345678")?,
//!         Metadata::from([("order_id", "ORD-12345"), ("priority", "high")]),
//!     )
//!     .allow_closed_ticket(true)
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! A service declares its metadata once, as a struct of its own: see [the derive macro](derive@TicketMetadata).
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let vambe = vambe_emulator::Emulator::start()?;
//! # let client = vambe_api::Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build()?;
//! use vambe_api::{TicketMetadata, TicketRef};
//!
//! #[derive(TicketMetadata)]
//! struct Refund {
//!     order_id: u64,
//!     priority: Priority,
//!     refund_reason: Option<String>, // no pair for `None`
//! }
//!
//! #[derive(TicketMetadata)]
//! #[metadata(rename_all = "lowercase")]
//! enum Priority {
//!     Normal,
//!     High,
//! }
//!
//! let refund = Refund { order_id: 12345, priority: Priority::High, refund_reason: None };
//! client.update_ticket_metadata(TicketRef::contact_number("+56912345678")?, &refund).await?;
//! # let _ = Priority::Normal;
//! # assert_eq!(refund.to_metadata()?, vambe_api::metadata! { "order_id" => "12345", "priority" => "high" });
//! # assert_eq!(vambe.requests().len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! A service tests against the emulator, a real HTTP server in the test's own process:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use vambe_api::{Client, Metadata, TicketRef};
//! use vambe_emulator::Emulator;
//!
//! let vambe = Emulator::start()?; // on a free port; stops when it is dropped
//! let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build()?;
//!
//! let unknown = TicketRef::contact_number("+1 555 0100 200")?;
//! let error = client.update_ticket_metadata(unknown, Metadata::from([("order_id", "ORD-1")])).await.unwrap_err();
//! assert!(error.is_ticket_not_found());
//! assert_eq!(vambe.requests().len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # What became of the update
//!
//! A call ends within its time limits, and says what became of it. [`Error::delivery`] is [`NotSent`](Delivery::NotSent),
//! [`Rejected`](Delivery::Rejected) or [`Unknown`](Delivery::Unknown), and is decided from all attempts. This table is what a
//! test sees, with three attempts allowed and 10 min for the call; "applied" is how often the emulator has really applied the
//! update, however the call looked from outside.
//!
#![doc = include_str!("faults.md")]
//!
//! An update is repeated since the spec marks the operation `x-idempotent`: the same pairs merged twice are the same as merged
//! once. Two things remain, and [`max_attempts(1)`](ClientBuilder::max_attempts) switches retries off where they matter: a
//! late retry can overwrite a newer value of the same key that another call has set in the meantime; and the active ticket of
//! a contact can change between two attempts, so that both tickets may get the metadata.
//!
//! # Limits and defaults
//!
//! | What | Default | Set by |
//! |---|---|---|
//! | time to connect | 5 s | [`ClientBuilder::connect_timeout`] |
//! | time for an attempt | 15 s | [`ClientBuilder::attempt_timeout`], [`UpdateTicketMetadata::attempt_timeout`] |
//! | time for a call | 60 s | [`ClientBuilder::timeout`], [`UpdateTicketMetadata::timeout`] |
//! | attempts | 3 | [`ClientBuilder::max_attempts`], [`UpdateTicketMetadata::max_attempts`] |
//! | waits between attempts | 250 ms, doubled up to 8 s, full jitter | [`ClientBuilder::backoff`] |
//! | retries in store | 100 | [`ClientBuilder::retry_budget`] |
//! | requests in a period | no limit | [`ClientBuilder::rate_limit`] |
//! | concurrent requests | no limit | [`ClientBuilder::max_in_flight`] |
//! | bytes of a body | 64 KiB | [`ClientBuilder::max_body_bytes`] |
//!
//! A `429` is about the API key: it pauses all clones of the client for as long as `Retry-After` asks, at most an hour, and at least
//! for a back-off of our own. Then one request goes first; the others follow once it is answered. A call that has no time for the
//! pause fails at once as [`Error::NoSlot`], whose [`retry_after`](Error::retry_after) is the rest of the pause.
//!
//! # What is where
//!
//! - [`Client`] and its [`ClientBuilder`]; one method for each operation.
//! - [`TicketRef`], [`ContactNumber`], [`Metadata`]: requests that are valid because they exist.
//! - [`TicketMetadata`](derive@TicketMetadata) and [`metadata!`]: typed metadata (feature `derive`).
//! - `Serialize` and `Deserialize` of [`TicketRef`], [`ContactNumber`] and [`Metadata`], for an API of your own; with the
//!   feature `schemars` also `JsonSchema` of these, of the types in [`raw`], and of typed metadata.
//! - [`Response`]; [`Error`], with [`ConfigError`], [`InvalidRequest`], [`TransportError`] and [`StatusError`].
//! - [`Drift`]: where the server's answers leave the contract.
//! - `bulk` (a feature): many updates, with an outcome for each.
//! - `blocking` (a feature): the same calls without async.
//! - [`raw`]: the generated client, for what the rest does not cover.

#[cfg(feature = "blocking")]
pub mod blocking;
mod body;
#[cfg(feature = "bulk")]
pub mod bulk;
mod call;
mod client;
mod config;
mod contact_number;
#[cfg(feature = "derive")]
mod derive;
mod described;
mod drift;
mod error;
mod error_body;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
// Written by `cargo xtask codegen`; prettyplease lays it out.
#[rustfmt::skip]
mod generated;
mod invalid_request;
mod metadata;
mod metadata_keys;
mod method;
mod operation;
mod operation_call;
pub mod parameters;
mod private;
mod redact;
mod redacted;
mod reported_drifts;
mod response;
mod retry_after;
#[cfg(feature = "schemars")]
mod schema;
mod serde_impls;
mod status_error;
mod ticket_metadata;
mod ticket_ref;
mod trace;
mod transport;
mod transport_error;

pub use call::{Attempt, CallOptions, Delivery, RateLimit};
pub use client::Client;
pub use config::{ClientBuilder, ConfigError};
pub use contact_number::{ContactNumber, InvalidContactNumber};
#[cfg(feature = "derive")]
pub use derive::TicketMetadata;
pub use drift::Drift;
pub use error::{CallError, Error};
pub use generated::calls::*;
pub use invalid_request::InvalidRequest;
pub use metadata::{EmptyMetadata, IntoMetadata, Metadata};
pub use metadata_keys::{MetadataKey, MetadataKeys};
pub use method::Method;
pub use operation::Operation;
pub use operation_call::{Async, Call, CallInput};
pub use redacted::Redacted;
pub use response::Response;
#[cfg(feature = "schemars")]
pub use schema::metadata_schema;
pub use status_error::StatusError;
pub use ticket_metadata::{MetadataPairs, TicketMetadata};
pub use ticket_ref::{InvalidTicketRef, NoneGiven, NotExactlyOne, TicketRef};
pub use transport::{Request, Transport};
pub use transport_error::TransportError;

/// The generated client and its wire types, and what the spec that they were generated from says.
///
/// Its requests go through the same [`Transport`] and fail with the same [`Error`]. A spec change may change it in any
/// release that the change log says so of.
///
/// A wire type is read by serde's derive, which quotes what it refuses: where a request comes from outside and its refusal is
/// logged, read [`TicketRef`] and [`Metadata`] instead, which show no value.
pub mod raw {
    pub use crate::generated::{Client, PROGENITOR_VERSION, SPEC_SHA256, inputs, operations, types};
}

/// What the macros refer to.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "derive")]
    pub use vambe_derive::metadata_pairs;

    pub use crate::described::{Described, Texts, Unknown};

    /// What `#[metadata(json_schema)]` refers to.
    #[cfg(feature = "schemars")]
    pub mod json_schema {
        pub use schemars::{JsonSchema, Schema, SchemaGenerator};

        pub use crate::schema::of_metadata;
    }
}

pub use reqwest::{StatusCode, header::HeaderMap};
pub use uuid::Uuid;

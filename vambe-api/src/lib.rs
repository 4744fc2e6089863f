//! An unofficial Rust client for Vambe's customer-chat API. It sets key-value metadata on support tickets.
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
//! A service declares its metadata once, as a struct of its own, with [the derive macro](derive@TicketMetadata):
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
//! Tests of a service run against `vambe-emulator`, an HTTP server in the test's own process:
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
//! Every call has a deadline and is retried, up to three attempts, when that is safe. If it fails, [`Error::delivery`] says
//! whether the update may have been applied, across all attempts; [`faults`] lists the result of every fault.
//!
//! # What is where
//!
//! - [`Client`], built by [`ClientBuilder`]: one method per operation.
//! - [`TicketRef`], [`ContactNumber`], [`Metadata`], [`metadata!`]: requests that are valid by construction. They implement
//!   `Serialize` and `Deserialize`, for an API of your own.
//! - [`TicketMetadata`](derive@TicketMetadata): typed metadata.
//! - [`Response`], and [`Error`] with [`ConfigError`], [`InvalidRequest`], [`TransportError`] and [`StatusError`].
//! - [`Observer`]: a hook for each attempt and each call, for metrics; [`Stats`]: the state of a client.
//! - [`Drift`]: a difference between a response and the documented API.
//! - `bulk`: many updates, with an outcome for each. `blocking`: the same calls without async. `testing`: tests without a server.
//! - [`raw`]: the generated client, for anything the rest does not cover.
//!
//! # Feature flags
//!
//! | Feature | Default | Adds |
//! |---|---|---|
//! | `derive` | yes | `#[derive(TicketMetadata)]` and [`metadata!`] |
//! | `rustls` | yes | TLS by rustls, with ring and the platform's root certificates |
//! | `native-tls` | no | TLS by the platform's own library: OpenSSL, Secure Transport or SChannel. Used if `rustls` is on too; turn the default features off to have no rustls in the tree |
//! | `blocking` | no | the module `blocking` |
//! | `bulk` | no | the module `bulk` |
//! | `national-numbers` | no | numbers without a country code: `ContactNumber::parse_in`, by Google's data |
//! | `schemars` | no | `JsonSchema` for the public request types, the types in [`raw`] and typed metadata |
//! | `testing` | no | the module `testing`: a client that a script answers, for tests without a server |
//!
//! # Limits and defaults
//!
//! | Limit | Default | Set by |
//! |---|---|---|
//! | connect time-out | 5 s | [`ClientBuilder::connect_timeout`] |
//! | attempt time-out | 15 s | [`ClientBuilder::attempt_timeout`] |
//! | call time-out, with all attempts and waits | 60 s | [`ClientBuilder::timeout`] |
//! | attempts | 3 | [`ClientBuilder::max_attempts`] |
//! | back-off | 250 ms, doubled up to 8 s, full jitter | [`ClientBuilder::backoff`] |
//! | retry budget | 100 | [`ClientBuilder::retry_budget`] |
//! | request rate | unlimited | [`ClientBuilder::rate_limit`] |
//! | concurrent requests | unlimited | [`ClientBuilder::max_in_flight`] |
//! | requests of all hosts together | unlimited | [`ClientBuilder::shared_limit`] |
//! | response body | 64 KiB | [`ClientBuilder::max_body_bytes`] |
//!
//! Each call can set its own time-outs and attempts; all clones of a client share the other limits.
//!
//! A `429` concerns the API key, so it pauses all clones of the client: for as long as `Retry-After` asks, at most an hour, and
//! at least for the client's own back-off. Then a single request is sent; the others follow once it is answered. A call whose
//! deadline is before the end of the pause fails at once with [`Error::NoSlot`], and [`Error::retry_after`] is the rest of the
//! pause.

#![cfg_attr(docsrs, feature(doc_cfg))]

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
mod drift;
mod error;
mod error_body;
pub mod faults;
mod field_schema;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
// Written by `cargo xtask codegen`; prettyplease lays it out.
#[rustfmt::skip]
mod generated;
mod invalid_header;
mod invalid_request;
mod metadata;
mod metadata_keys;
mod method;
mod observer;
mod operation;
mod operation_call;
pub mod parameters;
mod redact;
mod redacted;
mod reported_drifts;
mod response;
mod retry_after;
#[cfg(feature = "schemars")]
mod schema;
mod serde_impls;
mod stats;
mod status_error;
#[cfg(feature = "testing")]
pub mod testing;
mod ticket_metadata;
mod ticket_ref;
mod trace;
mod transport;
mod transport_error;

pub use call::{Attempt, CallOptions, Delivery, NotGranted, RateLimit, Seen, SharedLimit, TakeSlot};
pub use client::Client;
pub use config::{ClientBuilder, ConfigError};
pub use contact_number::{CallingCode, ContactNumber, InvalidContactNumber};
#[cfg(feature = "national-numbers")]
pub use contact_number::{Country, UnknownCountry};
#[cfg(feature = "derive")]
pub use derive::TicketMetadata;
pub use drift::Drift;
pub use error::{CallContext, Error, ErrorKind};
pub use generated::calls::*;
pub use invalid_header::InvalidHeader;
pub use invalid_request::InvalidRequest;
pub use metadata::{EmptyMetadata, IntoMetadata, Metadata};
pub use metadata_keys::{MetadataKey, MetadataKeys};
pub use method::Method;
pub use observer::{Observation, Observer};
pub use operation::{ApiKeyPlace, Operation};
pub use operation_call::{Async, Call, CallInput};
pub use redacted::Redacted;
pub use response::Response;
#[cfg(feature = "schemars")]
pub use schema::metadata_schema;
pub use stats::Stats;
pub use status_error::StatusError;
pub use ticket_metadata::{MetadataPairs, TicketMetadata};
pub use ticket_ref::{InvalidTicketRef, NoneGiven, NotExactlyOne, TicketRef};
pub use transport::{Request, Transport};
pub use transport_error::TransportError;

/// The generated client and its wire types, and facts about their OpenAPI document.
///
/// Its requests use the same [`Transport`] and fail with the same [`Error`]. A change of the document may change this module in
/// any release; the change log says so.
///
/// The `Deserialize` of a wire type is derived, and its errors quote the rejected value. To log errors about requests from
/// outside, deserialize [`TicketRef`] and [`Metadata`] instead, whose errors show no value.
pub mod raw {
    pub use crate::generated::{API_KEY, Client, PROGENITOR_VERSION, SERVER, SPEC_SHA256, inputs, operations, types};
}

/// The items that the macros refer to.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "derive")]
    pub use vambe_derive::metadata_pairs;

    pub use crate::field_schema::{AnyValue, EnumValues, FieldSchema};

    /// The items that `#[metadata(json_schema)]` refers to.
    #[cfg(feature = "schemars")]
    pub mod json_schema {
        pub use schemars::{JsonSchema, Schema, SchemaGenerator};

        pub use crate::schema::of_metadata;
    }
}

/// The HTTP library, in the version that [`ClientBuilder::configure_http`] takes.
pub use reqwest;
pub use reqwest::{StatusCode, header::HeaderMap};
pub use uuid::Uuid;

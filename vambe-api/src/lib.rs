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
//! Every call has a deadline and is retried, up to three attempts, when that is safe. If it fails, [`Error::delivery`] says
//! whether the update may have been applied, across all attempts; [`faults`] lists the result of every fault.
//!
//! # The types that you need first
//!
//! | Type | What it is |
//! |---|---|
//! | [`Client`] | one method per operation; cheap to clone |
//! | [`ClientBuilder`] | the settings of a client, with a table of limits and defaults |
//! | [`TicketRef`] | a ticket, by exactly one of ticket id, AI contact id and contact number |
//! | [`ContactNumber`] | a phone number, normalised to E.164 |
//! | [`Metadata`] | at least one key-value pair; [`metadata!`] writes a few |
//! | [`TicketMetadata`](derive@TicketMetadata) | typed metadata, by a derive for structs and enums |
//! | [`Response`] | a success, with everything the server sent |
//! | [`Error`] | a failure, with a variant for each stage of a request |
//!
//! [`Observer`] and [`Stats`] are for metrics, [`Drift`] is a difference between a response and the documented API.
//!
//! # Modules
//!
//! - `bulk`: many updates, with an outcome for each. `blocking`: the same calls without async.
//! - `testing`: a client that a script answers. The crate `vambe-emulator` is a server for tests.
//! - [`faults`]: the result of a call for every fault of a server or a network.
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

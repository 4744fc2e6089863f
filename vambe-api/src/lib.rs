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
//! # What is where
//!
//! - [`Client`] and its [`ClientBuilder`]; one method for each operation.
//! - [`TicketRef`], [`ContactNumber`], [`Metadata`]: requests that are valid because they exist.
//! - [`Response`]; [`Error`], with [`ConfigError`], [`InvalidRequest`], [`TransportError`] and [`StatusError`].
//! - [`raw`]: the generated client, for what the rest does not cover.

mod body;
mod client;
mod config;
mod contact_number;
mod error;
mod error_body;
// Written by `cargo xtask codegen`; prettyplease lays it out, and its lints are the generator's.
#[rustfmt::skip]
#[allow(missing_docs, unused_qualifications, clippy::all)]
mod generated;
mod metadata;
mod operation;
mod private;
mod redacted;
mod response;
mod status_error;
mod ticket_ref;
mod transport;
mod update_ticket_metadata;

pub use client::Client;
pub use config::{ClientBuilder, ConfigError};
pub use contact_number::{ContactNumber, InvalidContactNumber};
pub use error::{Error, InvalidRequest, TransportError};
pub use metadata::{EmptyMetadata, Metadata};
pub use operation::Operation;
pub use redacted::Redacted;
pub use response::Response;
pub use status_error::StatusError;
pub use ticket_ref::{InvalidTicketRef, NotExactlyOne, TicketRef};
pub use transport::Transport;
pub use update_ticket_metadata::UpdateTicketMetadata;

/// The generated client and its wire types, and what the spec that they were generated from says.
///
/// Its requests go through the same [`Transport`] and fail with the same [`Error`]. A spec change may change it in any
/// release that the change log says so of.
pub mod raw {
    pub use crate::generated::{Client, PROGENITOR_VERSION, SPEC_SHA256, operations, types};
}

pub use reqwest::{StatusCode, header::HeaderMap};
pub use uuid::Uuid;

//! Tests without a server: a client that is answered by a script, and errors made by hand. Available with feature `testing`.
//!
//! A [`Script`] stands in for the server. The client does everything else as usual: retries, time-outs, limits, redaction,
//! drifts and logs. On tokio's paused clock, its waits take no time.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use vambe_api::{StatusCode, TicketRef};
//! use vambe_api::testing::{Reply, Script};
//!
//! let unavailable = Reply::error(StatusCode::SERVICE_UNAVAILABLE, "try later");
//! let script = Script::new([unavailable, Reply::ok()]);
//! let client = script.client()?; // or `ClientBuilder::script`, with settings of your own
//!
//! let ticket = TicketRef::contact_number("+56912345678")?;
//! let response = client.update_ticket_metadata(ticket, [("order_id", "ORD-1")]).await?;
//! assert_eq!(response.attempts(), 2);
//!
//! let sent: serde_json::Value = script.requests()[1].json()?;
//! assert_eq!(sent["metadata"]["order_id"], "ORD-1");
//! # Ok(())
//! # }
//! ```
//!
//! A function that maps errors needs no client. [`Reply::into_error`] creates the error of a call from the reply to its only
//! attempt, and [`no_slot`] the error of a call that made none:
//!
//! ```
//! use std::time::Duration;
//! use vambe_api::{Delivery, Error, StatusCode, testing::{Reply, no_slot}};
//!
//! fn status_of_my_own_api(error: &Error) -> u16 {
//!     match error {
//!         _ if error.is_ticket_not_found() => 404,
//!         Error::NoSlot(_) => 503,
//!         _ if error.delivery() == Delivery::Rejected => 500,
//!         _ => 502,
//!     }
//! }
//!
//! let cases = [
//!     (Reply::error(StatusCode::NOT_FOUND, "Active ticket not found").into_error(), 404),
//!     (Reply::error(StatusCode::BAD_REQUEST, "no identifier").into_error(), 500),
//!     (Reply::silent().into_error(), 502),
//!     (no_slot(Some(Duration::from_secs(7))), 503),
//! ];
//! for (error, expected) in cases {
//!     assert_eq!(status_of_my_own_api(&error), expected, "{error}");
//! }
//! ```
//!
//! Errors that carry no response are made as they are: `Error::from(ConfigError::EmptyApiKey)`,
//! `Error::from(InvalidRequest::Body)`.
//!
//! # Tests against a server
//!
//! `vambe-emulator` is an HTTP server in the test's own process, which keeps tickets:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use vambe_api::{Client, TicketRef};
//! use vambe_emulator::Emulator;
//!
//! let vambe = Emulator::start()?; // on a free port; stops when it is dropped
//! let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build()?;
//!
//! let unknown = TicketRef::contact_number("+1 555 0100 200")?;
//! let result = client.update_ticket_metadata(unknown, [("order_id", "ORD-1")]).await;
//! assert!(result.unwrap_err().is_ticket_not_found());
//! assert_eq!(vambe.requests().len(), 1);
//! # Ok(())
//! # }
//! ```

mod errors;
mod recorded_request;
mod reply;
mod script;
#[cfg(test)]
mod tests;

pub use errors::{no_slot, transport_error};
pub use recorded_request::RecordedRequest;
pub use reply::Reply;
pub(crate) use reply::{Answer, Outcome};
pub use script::Script;

/// The text of a connection that a script loses.
pub(crate) const LOST: &str = "connection lost by the script";

//! The same calls without async, for programs and threads that have no runtime. Available with feature `blocking`.
//!
//! A [`Client`] has a thread of its own that does the work, so that it can be used from any thread. In async code a call
//! is refused with an error, since it would hold up the other tasks; within `tokio::task::spawn_blocking` it is welcome.
//!
//! # Example
//!
//! ```
//! use vambe_api::{TicketRef, blocking};
//! use vambe_emulator::Emulator;
//!
//! let vambe = Emulator::start()?;
//! let builder = vambe_api::Client::builder().api_key(vambe.api_key()).base_url(vambe.url());
//! let client = blocking::Client::new(builder)?;
//! let ticket = TicketRef::contact_number("+56912345678")?;
//! let response = client.update_ticket_metadata(ticket, [("order_id", "ORD-12345")]).send()?;
//! assert_eq!(response.status(), 200);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod client;
mod runtime;

pub use client::{Blocking, Client};

pub use crate::generated::blocking_calls::*;

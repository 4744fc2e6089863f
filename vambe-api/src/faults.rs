//! Documentation: the result of a call for every fault of a server or a network.
//!
//! A failed call ends within its time-outs, and [`Error::delivery`](crate::Error::delivery) is decided from all its attempts:
//! [`NotSent`](crate::Delivery::NotSent), [`Rejected`](crate::Delivery::Rejected) or [`Unknown`](crate::Delivery::Unknown).
//!
//! A test writes this table: it injects each fault into every attempt, with three attempts and 10 min for the call. "Applied"
//! is how often the emulator applied the update.
//!
#![doc = include_str!("faults.md")]
//!
//! # Retries
//!
//! The client resends an update because the OpenAPI document marks the operation `x-idempotent`: merging the same pairs twice is
//! the same as merging them once. Two risks remain. A late retry can overwrite a newer value of the same key that another call
//! has set in the meantime. The active ticket of a contact can change between two attempts, so that both tickets get the
//! metadata. Where that matters, switch retries off with [`max_attempts(1)`](crate::ClientBuilder::max_attempts).

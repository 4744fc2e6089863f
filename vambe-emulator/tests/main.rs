//! All integration tests, in one binary since each further one would be linked on its own.

// Tells clippy that the helpers too are test code.
#![cfg(test)]

mod connections;
mod fault_order;
mod fault_scope;
mod fault_text;
mod faults;
mod fields;
mod lifecycle;
mod lookup;
mod page;
#[cfg(feature = "program")]
mod program;
mod refusals;
mod requests;
mod secrets;
mod state;
mod support;
#[cfg(feature = "tls")]
mod tls;
mod updates;

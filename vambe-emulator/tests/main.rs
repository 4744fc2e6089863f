//! All integration tests, in one binary because each further binary is linked separately.

// Makes clippy treat the helpers as test code.
#![cfg(test)]

mod connections;
mod fault_order;
mod fault_scope;
mod fault_text;
mod faults;
mod fields;
mod lifecycle;
mod lookup;
mod messages;
mod page;
#[cfg(feature = "program")]
mod program;
mod rejections;
mod requests;
mod secrets;
mod state;
mod support;
#[cfg(feature = "tls")]
mod tls;
mod updates;

//! All integration tests, in one binary because each further binary is linked separately.

// Makes clippy treat the helpers as test code.
#![cfg(test)]

mod answers;
mod any_contact;
#[cfg(feature = "page")]
mod browser;
mod connections;
#[cfg(feature = "control")]
mod control;
mod fault_lasting;
mod fault_order;
mod fault_scope;
mod fault_text;
mod faults;
mod fields;
mod lifecycle;
mod limit;
#[cfg(feature = "page")]
mod live_page;
mod lookup;
mod messages;
#[cfg(feature = "control")]
mod other_languages;
mod page;
#[cfg(feature = "program")]
mod program;
mod rejections;
#[cfg(feature = "program")]
mod request_lines;
mod requests;
mod routes;
mod secrets;
mod state;
mod support;
#[cfg(feature = "tls")]
mod tls;
mod updates;

//! All integration tests, in one binary since each further one would be linked on its own.

// Tells clippy that the helpers too are test code.
#![cfg(test)]

mod fields;
mod lifecycle;
mod lookup;
mod page;
mod program;
mod refusals;
mod requests;
mod secrets;
mod state;
mod support;
mod updates;

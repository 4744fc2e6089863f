//! Spec, generated code, hand-written layer, emulator and documents, held against each other. One binary, since each one
//! more is linked and started on its own.

// Tells clippy that the helpers too are test code.
#![cfg(test)]

mod answers;
mod blocking;
mod compile_fail;
mod documents;
mod environment;
mod faults;
mod in_sync;
mod one_identifier;
mod privacy;
mod safety;
mod seen;
mod server;
mod soak;
mod spec_story;
mod wire;

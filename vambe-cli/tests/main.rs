//! The tests of the command `vambe`, in one binary, since each one is linked separately.

// Marks the helpers as test code for clippy.
#![cfg(test)]

mod api_key;
mod completions;
mod doctor;
mod echo;
mod emulator;
#[cfg(all(unix, feature = "queue"))]
mod enqueue;
#[cfg(all(unix, feature = "queue"))]
mod fleet;
mod help;
mod import;
mod man;
mod memory;
mod output;
mod picture;
#[cfg(all(unix, feature = "queue"))]
mod queue;
#[cfg(all(unix, feature = "queue"))]
mod quota;
mod screen;
mod set;
mod shells;
mod support;
mod terminal;
mod usage;

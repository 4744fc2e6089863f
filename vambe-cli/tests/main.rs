//! The tests of the command `vambe`, in one binary since each further one would be linked on its own.

// Tells clippy that the helpers too are test code.
#![cfg(test)]

mod api_key;
mod echo;
mod emulator;
mod help;
mod import;
mod memory;
mod output;
mod papers;
mod set;
mod support;
mod terminal;
mod usage;

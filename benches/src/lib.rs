//! The contenders of `cargo xtask bench`, the load for each, and the server that answers them.
//!
//! `serve` is the server. `load` puts one contender under a load and prints the cost. `load-counted` is the same program with an
//! allocator that counts, which would add instructions to the other. `bench` runs all of them.

pub mod contender;
mod load;
pub mod server;
mod update;

pub use load::{Load, counted, main};

/// The error of a program.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

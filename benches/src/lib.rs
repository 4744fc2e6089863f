//! The contenders of `cargo xtask bench`, the load that each is put under, and the server that answers all of them.
//!
//! The programs: `serve` is the server; `load` puts one contender under a load and says what that cost; `load-counted` is the
//! same program with an allocator that counts, which would add to the instructions of the other; `bench` runs all of them.

pub mod contender;
mod load;
pub mod server;
mod update;

pub use load::{Load, counted, main};

/// Why a program ends with a failure.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

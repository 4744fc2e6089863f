//! The placeholder for a private value in `Debug` output.

use std::fmt;

/// A placeholder whose `Debug` is `[redacted]`.
#[derive(Clone, Copy)]
#[allow(clippy::exhaustive_structs)]
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

//! What stands in a `Debug` text for a value that is private.

use std::fmt;

/// Prints as `[redacted]`, and holds nothing.
///
/// ```
/// assert_eq!(format!("{:?}", Some(vambe_api::Redacted)), "Some([redacted])");
/// ```
#[derive(Clone, Copy)]
#[allow(clippy::exhaustive_structs)]
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

//! The two sides of a comparison, and the error for one that cannot be read.

use std::fmt;

use thiserror::Error as ThisError;

use crate::document::Error;

/// One of the two documents of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// A comparison has two sides.
#[allow(clippy::exhaustive_enums)]
pub enum Side {
    /// The document before the change.
    Base,
    /// The document after the change.
    Head,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Base => "base",
            Self::Head => "head",
        })
    }
}

/// One of the two documents cannot be read.
///
/// # Example
///
/// ```
/// use vambe_codegen::diff::{Side, diff};
///
/// let error = diff("openapi: 3.0.3", "openapi: [").unwrap_err();
/// assert_eq!(error.side, Side::Head);
/// assert_eq!(error.to_string(), "cannot read the head document");
/// assert_eq!(error.source.diagnostics()[0].span.line, 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[error("cannot read the {side} document")]
#[non_exhaustive]
pub struct DiffError {
    /// The document that cannot be read.
    pub side: Side,
    /// The problems of that document.
    pub source: Error,
}

//! Why two documents could not be compared; each message names the side, and line and column where they are known.

use std::fmt;

use thiserror::Error as ThisError;

/// One of the two documents of a comparison.
///
/// # Example
///
/// ```
/// assert_eq!(vambe_codegen::diff::Side::Base.to_string(), "base");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
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

/// Why two documents could not be compared.
///
/// # Example
///
/// ```
/// let error = vambe_codegen::diff::diff("openapi: 3.0.3", "openapi: [").unwrap_err();
/// assert!(error.to_string().starts_with("the head document is not YAML or JSON (line 1"), "{error}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum DiffError {
    /// The text is not YAML or JSON.
    #[error("the {side} document is not YAML or JSON (line {line}, column {column}): {message}")]
    Syntax {
        /// Which of the two documents.
        side: Side,
        /// The line, from 1; 0 if the parser does not know it.
        line: u64,
        /// The column, from 1; 0 if the parser does not know it.
        column: u64,
        /// What the parser found, and what to do about it.
        message: String,
    },

    /// The text is YAML or JSON, and no mapping at its root.
    #[error(
        "the {side} document is {found} at its root (line {line}, column {column}): compare OpenAPI documents, which are mappings"
    )]
    NotAMapping {
        /// Which of the two documents.
        side: Side,
        /// The line of the root, from 1.
        line: u64,
        /// The column of the root, from 1.
        column: u64,
        /// What stands there.
        found: &'static str,
    },
}

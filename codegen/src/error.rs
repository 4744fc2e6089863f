//! Why no code could be generated; each message names the place in the document and what to do.

use thiserror::Error as ThisError;

/// Why an OpenAPI document could not be turned into Rust, in the order of the steps.
///
/// `pointer` is always the JSON pointer of the part of the document that is meant.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// The text is not YAML or JSON, or not an OpenAPI 3.0 document. The message holds line and column where they are known.
    #[error("the text is not an OpenAPI 3.0 document: {message}")]
    NotADocument {
        /// What the parser found, and where.
        message: String,
    },

    /// The document is of another OpenAPI version.
    #[error(
        "the document says `openapi: {found}`: write it in OpenAPI 3.0.x, the only version that can be generated from"
    )]
    Version {
        /// The version that the document names.
        found: String,
    },

    /// The document is valid, but a part of it has no rule here.
    #[error("{pointer}: {what}: {help}")]
    Unsupported {
        /// The JSON pointer of the part.
        pointer: String,
        /// What is not supported.
        what: String,
        /// What to write instead.
        help: String,
    },

    /// A `oneOf` of `required` is not a group of which exactly one member can be given.
    #[error("{pointer}: not an exclusive group: {what}: {help}")]
    ExclusiveGroup {
        /// The JSON pointer of the schema that holds the group.
        pointer: String,
        /// What is wrong with the group.
        what: String,
        /// What to write instead.
        help: String,
    },

    /// progenitor refused the document.
    #[error("progenitor {} cannot generate from the document: {message}", crate::PROGENITOR_VERSION)]
    Progenitor {
        /// What progenitor said, or what it panicked with.
        message: String,
    },

    /// progenitor's output is not of the form that the passes in `codegen/src/rust` are written for: it was updated without them.
    #[error(
        "the code that progenitor {} writes lacks {expected}: the passes in codegen/src/rust have to follow that version",
        crate::PROGENITOR_VERSION
    )]
    UnexpectedOutput {
        /// What a pass looked for and did not find.
        expected: String,
    },
}

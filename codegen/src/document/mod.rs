//! An OpenAPI document as located text: read, upgraded from 3.1 to 3.0 and checked. Knows neither Rust nor the generator.
//!
//! | Step | Where |
//! |---|---|
//! | bytes to text: size, encoding, control characters | `text` |
//! | text to a tree in which each key has its line and column | `parse`, `scalar`, `tree` |
//! | the version; 3.1 rewritten as 3.0 where 3.0 can express the same | `version`, `upgrade` |
//! | the rules of OpenAPI, and the limits of this project | `check` |
//! | JSON pointers to positions and operations, and problems to text | `locate`, `render` |

mod builder;
mod check;
mod diagnostic;
mod error;
mod locate;
mod parse;
mod pointer;
mod render;
mod scalar;
mod shape;
mod span;
mod suggest;
mod text;
mod tree;
mod upgrade;
mod version;
mod vocabulary;

pub use diagnostic::Diagnostic;
pub use error::Error;
pub use span::Span;
pub use text::{MAX_BYTES, decode};

pub(crate) use pointer::{canonical, is_within, join, pointer, tokens};
pub(crate) use tree::{Node, Value};
pub(crate) use vocabulary::{METHODS, is_json, is_success};

use openapiv3::OpenAPI;

/// A document in the form of OpenAPI 3.0, with the position of each of its parts.
#[derive(Debug)]
pub(crate) struct Document {
    root: Node,
}

/// Parses a text, YAML or JSON, that need not be an OpenAPI document.
///
/// # Errors
///
/// The text is not a single document of YAML or JSON.
pub(crate) fn parse(text: &str) -> Result<Node, Error> {
    parse::parse(text::check(text)?).map_err(Error::new)
}

impl Document {
    /// Reads the text, YAML or JSON.
    ///
    /// # Errors
    ///
    /// The text is not a single document of YAML or JSON, or not of a version of OpenAPI that can be read as 3.0.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let mut root = parse(text)?;
        // Positions are looked up in the document as it was written.
        let written = Self { root: root.clone() };
        let version = version::check(&root).map_err(|diagnostic| written.error(vec![diagnostic]))?;
        if version == version::Version::V3_1 {
            let diagnostics = upgrade::upgrade(&mut root);
            if !diagnostics.is_empty() {
                return Err(written.error(diagnostics));
            }
        }
        Ok(Self { root })
    }

    /// Runs all checks.
    pub(crate) fn check(&self) -> Vec<Diagnostic> {
        check::check(&self.root)
    }

    /// Converts the document into the types of openapiv3.
    ///
    /// # Errors
    ///
    /// openapiv3 rejects what the checks have accepted.
    pub(crate) fn openapi(&self) -> Result<OpenAPI, Diagnostic> {
        serde_json::from_value(self.root.to_json()).map_err(|error| {
            let help = "compare it with the specification: https://spec.openapis.org/oas/v3.0.3";
            Diagnostic::new(locate::unreadable(&self.root), format!("not valid OpenAPI 3.0: {error}"), help)
        })
    }

    /// Adds position and operation to each of the diagnostics.
    pub(crate) fn error(&self, mut diagnostics: Vec<Diagnostic>) -> Error {
        for diagnostic in &mut diagnostics {
            diagnostic.span = self.root.span_of(&diagnostic.pointer);
            diagnostic.operation = locate::operation_of(&self.root, &diagnostic.pointer);
        }
        Error::new(diagnostics)
    }
}

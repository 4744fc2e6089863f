//! From the text of a document to what the passes work on: the located tree, OpenAPI 3.1 rewritten as 3.0, and the checks.
//!
//! | Step | Where |
//! |---|---|
//! | bytes to text: size, encoding, control characters | `text` |
//! | text to tree, each key with its line and column | `parse`, `scalar`, `tree` |
//! | the version, and what 3.1 says that 3.0 can say too | `version`, `upgrade` |
//! | everything that the generators below would panic on, overflow the stack with, or give away unsaid | `check` |
//! | JSON pointers to places and operations, and these to text | `locate`, `render` |

mod check;
mod finding;
mod locate;
mod names;
mod parse;
mod pointer;
mod render;
mod scalar;
mod shape;
mod text;
mod tree;
mod upgrade;
mod version;

pub use text::{MAX_BYTES, decode};

pub(crate) use finding::Finding;
pub(crate) use render::render;
pub(crate) use tree::Place;

use openapiv3::OpenAPI;

use crate::{Error, error::Refusal};

/// The plain value of a text, YAML or JSON, whatever it describes.
///
/// # Errors
///
/// The text is no single document of YAML or JSON.
pub(crate) fn plain(text: &str) -> Result<serde_json::Value, Error> {
    let text = text::check(text).map_err(Error::from_finding)?;
    Ok(parse::parse(text).map_err(Error::from_findings)?.to_json())
}

/// A document that could be parsed, in the form of OpenAPI 3.0.
#[derive(Debug)]
pub(crate) struct Source {
    root: tree::Node,
}

impl Source {
    /// Reads the text, YAML or JSON.
    ///
    /// # Errors
    ///
    /// The text is no single document of YAML or JSON, or not of a version of OpenAPI that can be read as 3.0.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let text = text::check(text).map_err(Error::from_finding)?;
        let mut root = parse::parse(text).map_err(Error::from_findings)?;
        // Places are looked up in the document as it was written.
        let written = Self { root: root.clone() };
        let version = version::check(&root).map_err(|finding| Error::located(vec![finding], &written))?;
        if version == version::Version::V3_1 {
            let findings = upgrade::upgrade(&mut root);
            if !findings.is_empty() {
                return Err(Error::located(findings, &written));
            }
        }
        Ok(Self { root })
    }

    /// Everything that is found wrong with the document.
    pub(crate) fn check(&self) -> Vec<Finding> {
        check::check(&self.root)
    }

    /// The document as the passes and progenitor take it.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotADocument`] where openapiv3 does not take what the check of the form has let pass.
    pub(crate) fn document(&self) -> Result<OpenAPI, Refusal> {
        serde_json::from_value(self.root.to_json()).map_err(|error| Refusal::NotADocument {
            pointer: locate::unreadable(&self.root),
            message: error.to_string(),
        })
    }

    /// Where the key stands that a JSON pointer ends with.
    pub(crate) fn place_of(&self, pointer: &str) -> Place {
        self.root.place_of(pointer)
    }

    /// The operation that a JSON pointer belongs to, or for a part of the components one that uses it.
    pub(crate) fn operation_of(&self, pointer: &str) -> Option<String> {
        locate::operation_of(&self.root, pointer)
    }
}

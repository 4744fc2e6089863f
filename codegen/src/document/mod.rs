//! An OpenAPI document as located text: read, upgraded from 3.1 to 3.0 and checked. Knows neither Rust nor the generator.
//!
//! | Step | Where |
//! |---|---|
//! | bytes to text: size, encoding, control characters | `text` |
//! | text to a tree in which each key has its file, line and column | `parse`, `scalar`, `tree` |
//! | the actions of an overlay, applied to the tree | `overlay` |
//! | the version; 3.1 rewritten as 3.0 where 3.0 can express the same | `version`, `upgrade` |
//! | a name for each operation; parts that are left out, with what they alone use | `naming`, `draft`, `usage` |
//! | the keys of each operation, and the default server | `keys`, `access` |
//! | the rules of OpenAPI, and the limits of this project | `check` |
//! | JSON pointers to positions and operations, and problems to text | `locate`, `render` |

mod access;
mod builder;
mod check;
mod diagnostic;
mod draft;
mod error;
mod fix;
pub(crate) mod grouped;
pub(crate) mod keys;
mod locate;
mod naming;
mod overlay;
mod parse;
mod pointer;
mod rename;
mod render;
mod scalar;
mod shape;
mod span;
pub(crate) mod suggest;
mod text;
mod tree;
mod upgrade;
mod usage;
mod version;
mod vocabulary;

pub(crate) use access::{Access, server};
pub use diagnostic::Diagnostic;
pub use error::Error;
pub use span::{File, Span};
pub use text::{MAX_BYTES, decode};

pub(crate) use draft::{Draft, LeftOutPart};
pub(crate) use fix::Fix;
pub(crate) use keys::{KeyArgument, KeyPlace};
pub(crate) use locate::{OperationNode, operations};
pub(crate) use naming::{OperationName, named_by_path, snake as method_name};
pub(crate) use pointer::{canonical, is_within, join, pointer, tokens};
pub(crate) use render::place;
pub(crate) use shape::{Kind, Object};
pub(crate) use tree::{Entry, Node, Value};
pub(crate) use usage::Part;
pub(crate) use vocabulary::{METHODS, essence, is_form, is_json, is_like_json, is_success};

use openapiv3::OpenAPI;

use crate::Input;

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

/// Parses a text as [`parse()`] does, with its positions in `file`.
pub(crate) fn parse_file(text: &str, file: File) -> Result<Node, Error> {
    match parse(text) {
        Ok(mut root) => {
            root.set_file(file);
            Ok(root)
        }
        Err(error) => Err(error.in_file(file)),
    }
}

/// Parses a text of a certain form that is not an OpenAPI document.
///
/// # Errors
///
/// The text is not a single document of YAML or JSON, or has unknown keys or other kinds of values.
pub(crate) fn parse_form(text: &str, file: File, form: &'static Object) -> Result<Node, Error> {
    let root = parse_file(text, file)?;
    let mut diagnostics = Vec::new();
    check::form::check_as(&root, form, &mut diagnostics);
    for diagnostic in &mut diagnostics {
        diagnostic.span = root.span_of(&diagnostic.pointer);
    }
    if diagnostics.is_empty() { Ok(root) } else { Err(Error::new(diagnostics)) }
}

/// Reads the document of an input, changed by its overlay.
///
/// # Errors
///
/// One of the texts is not a single document of YAML or JSON, or an action of the overlay cannot be applied.
pub(crate) fn read(input: &Input<'_>) -> Result<Node, Error> {
    let mut root = parse(input.document.text)?;
    overlay::apply(&mut root, input)?;
    Ok(root)
}

impl Document {
    /// Returns whether a JSON pointer leads to a part of the document.
    pub(crate) fn has(&self, pointer: &str) -> bool {
        self.root.follow(pointer).is_some()
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// The place of the key, and the server.
    pub(crate) fn access(&self) -> Access {
        Access::of(&self.root)
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
}

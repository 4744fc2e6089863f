//! One problem of a document: its position, the problem and the remedy.

use std::fmt;

use super::span::{File, Span};

/// One problem of an OpenAPI document.
///
/// [`Display`](fmt::Display) is one line without the position; [`Error::render`](crate::Error::render) shows the line of the
/// text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The JSON pointer of the part; empty for the whole document, and if the text could not be parsed.
    pub pointer: String,
    /// The position of the part in the text.
    pub span: Span,
    /// The operation that contains or uses the part: its `operationId`, or `POST /path` if it has none.
    pub operation: Option<String>,
    /// The problem.
    pub message: String,
    /// The remedy.
    pub help: String,
    /// Further information, such as the position of the first of two duplicates.
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// Creates a diagnostic for the part that `pointer` leads to; `Document::error` adds its position.
    pub(crate) fn new(pointer: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), ..Self::at(Span::START, message, help) }
    }

    /// Creates a diagnostic for text that is not in a tree yet.
    pub(crate) fn at(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        let (message, help) = (message.into(), help.into());
        Self { pointer: String::new(), span, operation: None, message, help, notes: Vec::new() }
    }

    /// Adds the position of a related part, such as the first of two duplicates.
    pub(crate) fn with_related(mut self, part: &str, Span { file, line, column, .. }: Span) -> Self {
        let of = if file == File::Document { String::new() } else { format!(" of {file}") };
        self.notes.push(format!("{part} is at line {line}, column {column}{of}"));
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, message, help, .. } = self;
        let separator = if pointer.is_empty() { "" } else { ": " };
        write!(f, "{pointer}{separator}{message}: {help}")
    }
}

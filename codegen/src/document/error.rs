//! All problems of a document together.

use std::fmt;

use super::{File, Input, Span, diagnostic::Diagnostic, render};

/// All problems that were found in an OpenAPI document, its overlay or the settings, in the order of the texts.
///
/// [`Display`](fmt::Display) is a summary in one line; [`render`](Self::render) is for the person who edits the document.
///
/// # Example
///
/// ```
/// let spec = r##"openapi: 3.0.3
/// info: { title: Example, version: "1" }
/// paths:
///   /ping:
///     post:
///       operationId: ping
///       responses:
///         "200": { $ref: "#/components/responses/Pong" }
/// "##;
/// let error = vambe_codegen::generate(spec, "ping.yaml").unwrap_err();
/// let diagnostic = &error.diagnostics()[0];
/// assert_eq!((diagnostic.span.line, diagnostic.span.column), (8, 18));
/// assert_eq!(diagnostic.pointer, "/paths/~1ping/post/responses/200/$ref");
/// assert_eq!(diagnostic.operation.as_deref(), Some("ping"));
/// assert_eq!(
///     error.to_string(),
///     "1 problem in the OpenAPI document, at line 8: the reference `#/components/responses/Pong` does not resolve"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    diagnostics: Vec<Diagnostic>,
}

impl Error {
    /// Sorts the problems by their position, and drops duplicates.
    pub(crate) fn new(mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by(|a, b| (a.span, &a.pointer, &a.message).cmp(&(b.span, &b.pointer, &b.message)));
        diagnostics.dedup();
        Self { diagnostics }
    }

    /// Moves the problems of a text to the file that it is.
    pub(crate) fn in_file(mut self, file: File) -> Self {
        for diagnostic in &mut self.diagnostics {
            diagnostic.span = diagnostic.span.in_file(file);
        }
        self
    }

    /// Every problem, at least one, in the order of the text.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The problems in the style of rustc, each with its line of the text.
    ///
    /// `input` has the texts that were generated from.
    #[must_use]
    pub fn render(&self, input: &Input<'_>) -> String {
        render::render(&self.diagnostics, input)
    }
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::new(vec![diagnostic])
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.diagnostics.as_slice() {
            [] => f.write_str("no problem in the OpenAPI document"),
            [Diagnostic { span: Span { file, line, .. }, message, .. }] => {
                write!(f, "1 problem in {file}, at line {line}: {message}")
            }
            [Diagnostic { span: Span { file, line, .. }, message, .. }, ..] => {
                write!(f, "{} problems, the first in {file}, at line {line}: {message}", self.diagnostics.len())
            }
        }
    }
}

impl std::error::Error for Error {}

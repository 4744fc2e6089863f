//! A position in the text of a document.

/// A part of one line of a document's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Span {
    /// The line, from 1.
    pub line: usize,
    /// The column of the first character, from 1.
    pub column: usize,
    /// The number of characters, at least 1.
    pub width: usize,
}

impl Span {
    /// The beginning of the text, for problems of the document as a whole.
    pub(crate) const START: Self = Self { line: 1, column: 1, width: 1 };
}

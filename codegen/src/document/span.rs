//! A position in one of the texts that a client is generated from.

use std::fmt;

/// One of the texts that a client is generated from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum File {
    /// The OpenAPI document.
    #[default]
    Document,
    /// The overlay, whose actions change the document.
    Overlay,
    /// The settings.
    Settings,
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Document => "the OpenAPI document",
            Self::Overlay => "the overlay",
            Self::Settings => "the settings",
        })
    }
}

/// A part of one line of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Span {
    /// The text.
    pub file: File,
    /// The line, from 1.
    pub line: usize,
    /// The column of the first character, from 1.
    pub column: usize,
    /// The number of characters, at least 1.
    pub width: usize,
}

impl Span {
    /// The beginning of the document, for problems of the document as a whole.
    pub(crate) const START: Self = Self::new(1, 1, 1);

    /// Creates a position in the document.
    pub(crate) const fn new(line: usize, column: usize, width: usize) -> Self {
        Self { file: File::Document, line, column, width }
    }

    /// Returns the same position in another file.
    pub(crate) const fn in_file(self, file: File) -> Self {
        Self { file, ..self }
    }
}

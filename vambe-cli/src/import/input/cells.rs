//! Splits CSV into records and cells; the only part that knows about quotes.
//!
//! The crate csv finds the same cells, as a test asserts, but reports neither the bytes of a record, nor the position of a
//! cell, nor an open or misplaced quote, and does not limit the size of a record.

use std::borrow::Cow;

use memchr::memchr;

/// The state within a record after some of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// At the first byte of a cell.
    CellStart,
    /// In a cell without quotes, or in text after a closing quote.
    Bare,
    /// Within quotes.
    Quoted,
    /// After a quote within quotes: the closing one, or the first of two.
    QuoteSeen,
    RecordEnd,
}

impl State {
    /// Returns the state after one more byte. A record ends with `\n` or `\r`; `\r\n` is followed by an empty record.
    pub(super) fn step(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::QuoteSeen,
            (Self::Quoted, _) | (Self::QuoteSeen | Self::CellStart, b'"') => Self::Quoted,
            (_, b'\n' | b'\r') => Self::RecordEnd,
            (_, byte) if byte == delimiter => Self::CellStart,
            _ => Self::Bare,
        }
    }
}

/// One cell of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell<'a> {
    /// The offset in the record.
    pub(super) start: usize,
    /// The bytes, including quotes.
    pub(super) bytes: &'a [u8],
    /// True if text follows the closing quote.
    pub(super) text_after_quote: bool,
}

impl<'a> Cell<'a> {
    /// Returns the bytes without quotes.
    pub(super) fn content(&self) -> Cow<'a, [u8]> {
        let inner = self.bytes.strip_prefix(b"\"").and_then(|bytes| bytes.strip_suffix(b"\""));
        match inner {
            Some(inner) if inner.contains(&b'"') => {
                let mut content = Vec::with_capacity(inner.len());
                let mut doubled = false;
                for byte in inner {
                    doubled = *byte == b'"' && !doubled;
                    if !doubled {
                        content.push(*byte);
                    }
                }
                Cow::Owned(content)
            }
            Some(inner) => Cow::Borrowed(inner),
            None => Cow::Borrowed(self.bytes),
        }
    }
}

/// Iterates over the cells of a record, at least one.
pub(super) struct Cells<'a> {
    raw: &'a [u8],
    delimiter: u8,
    next: Option<usize>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(raw: &'a [u8], delimiter: u8) -> Self {
        Self { raw, delimiter, next: Some(0) }
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = Cell<'a>;

    fn next(&mut self) -> Option<Cell<'a>> {
        let start = self.next?;
        let rest = self.raw.get(start..)?;
        let mut state = State::CellStart;
        let end = if rest.starts_with(b"\"") {
            rest.iter().position(|byte| {
                let next = state.step(*byte, self.delimiter);
                let ended = next == State::CellStart;
                if !ended {
                    state = next;
                }
                ended
            })
        } else {
            // Elsewhere, quotes have no meaning.
            memchr(self.delimiter, rest)
        };
        self.next = end.map(|end| start + end + 1);
        let bytes = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
        Some(Cell { start, bytes, text_after_quote: state == State::Bare })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(raw: &[u8]) -> Vec<(usize, Vec<u8>, bool)> {
        Cells::new(raw, b',').map(|cell| (cell.start, cell.content().into_owned(), cell.text_after_quote)).collect()
    }

    #[test]
    fn delimiters_within_quotes_do_not_split() {
        for (raw, expected) in [
            (&b""[..], vec![(0, &b""[..], false)]),
            (b"a,b", vec![(0, b"a", false), (2, b"b", false)]),
            (b",", vec![(0, b"", false), (1, b"", false)]),
            (b"\"a,\r\n\"\"b\"\"\",c", vec![(0, b"a,\r\n\"b\"", false), (12, b"c", false)]),
            (b"\"\"\"\",\"\"", vec![(0, b"\"", false), (5, b"", false)]),
            (b"5\" wide,a\"b\"", vec![(0, b"5\" wide", false), (8, b"a\"b\"", false)]),
            (b"\"a\"b,c", vec![(0, b"\"a\"b", true), (5, b"c", false)]),
            (b"\"a\" ,c", vec![(0, b"\"a\" ", true), (5, b"c", false)]),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(at, text, text_after_quote)| (at, text.to_vec(), text_after_quote))
                .collect();
            assert_eq!(cells(raw), expected, "{}", String::from_utf8_lossy(raw));
        }
    }
}

//! Splits text into records, with bounded memory and without parsing them.

use memchr::memchr3_iter;

use super::{cells::State, error::InputError, format::Format, text::Text};

/// The maximum size of a record, far above that of a request. Several copies of a record are in memory.
pub(super) const MAX_RECORD: usize = 2 << 20;

/// Reads the records of a text; skips blank lines.
pub(super) struct RecordReader<'a> {
    text: Text<'a>,
    scanner: Scanner,
}

/// A record: its first line, and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) line: u64,
    /// True if it is larger than [`MAX_RECORD`] and was skipped.
    pub(super) too_large: bool,
}

impl<'a> RecordReader<'a> {
    pub(super) fn new(text: Text<'a>, format: Format, is_sheet: bool) -> Self {
        Self { text, scanner: Scanner::new(format, is_sheet) }
    }

    /// Reads the next record into `raw`, without its line end.
    pub(super) fn next(&mut self, raw: &mut Vec<u8>) -> Result<Option<Record>, InputError> {
        loop {
            raw.clear();
            self.scanner.state = State::CellStart;
            let mut record = Record { line: self.scanner.line, too_large: false };
            let ended = loop {
                let chunk = self.text.fill()?;
                let end = self.scanner.end(chunk);
                let taken = end.unwrap_or(chunk.len());
                let chunk = chunk.get(..taken).unwrap_or(chunk);
                if raw.len() + chunk.len() > MAX_RECORD || record.too_large {
                    record.too_large = true;
                    raw.clear();
                } else {
                    raw.extend_from_slice(chunk);
                }
                self.text.consume(taken);
                if end.is_some() || taken == 0 {
                    break end.is_some();
                }
            };
            if !ended && self.scanner.state == State::Quoted {
                return Err(InputError::OpenQuote { line: self.scanner.quote_line });
            }
            self.trim(raw, ended);
            if record.too_large || !self.is_blank(raw) {
                return Ok(Some(record));
            }
            if !ended {
                return Ok(None);
            }
        }
    }

    /// Returns true if the line end before the next byte has a `\r`.
    pub(super) fn after_return(&self) -> bool {
        self.scanner.after_return
    }

    pub(super) fn bom(&self) -> bool {
        self.scanner.is_sheet || self.text.bom()
    }

    /// Removes the line end.
    fn trim(&self, raw: &mut Vec<u8>, ended: bool) {
        if ended {
            raw.pop();
        }
        // All of them: JSON ignores them, and the row has to be the same after it was written to a file and read again.
        while self.scanner.format == Format::Ndjson && raw.last() == Some(&b'\r') {
            raw.pop();
        }
    }

    fn is_blank(&self, raw: &[u8]) -> bool {
        match self.scanner.format {
            // Not tabs: with a tab as delimiter, a line of tabs is a row of empty cells.
            Format::Csv { .. } => raw.iter().all(|byte| *byte == b' '),
            Format::Ndjson => raw.trim_ascii().is_empty(),
        }
    }
}

/// Finds the ends of records, and counts lines.
struct Scanner {
    format: Format,
    /// True if each record counts as one line, as a row of a sheet does.
    is_sheet: bool,
    /// The line of the next byte.
    line: u64,
    /// True if the last byte was `\r`, so that a `\n` belongs to the same line end.
    after_return: bool,
    /// The state within the record, and the line of its last opening quote.
    state: State,
    quote_line: u64,
}

impl Scanner {
    fn new(format: Format, is_sheet: bool) -> Self {
        Self { format, is_sheet, line: 1, after_return: false, state: State::CellStart, quote_line: 1 }
    }

    /// Returns the length of what is left of the record, with its line end; `None` if that is not in the chunk.
    fn end(&mut self, chunk: &[u8]) -> Option<usize> {
        let quote = if self.format == Format::Ndjson { b'\n' } else { b'"' };
        let mut start = 0;
        for index in memchr3_iter(quote, b'\n', b'\r', chunk) {
            self.skip(chunk.get(start..index)?);
            self.step(*chunk.get(index)?);
            start = index + 1;
            if self.state == State::RecordEnd {
                return Some(start);
            }
        }
        self.skip(chunk.get(start..)?);
        None
    }

    /// Passes bytes without quotes and line ends. Only the last one matters: it may be a delimiter.
    fn skip(&mut self, bytes: &[u8]) {
        if let Some(last) = bytes.last() {
            self.step(*last);
        }
    }

    fn step(&mut self, byte: u8) {
        let before = self.state;
        self.state = match self.format {
            Format::Csv { delimiter } => before.step(byte, delimiter),
            Format::Ndjson if byte == b'\n' => State::RecordEnd,
            Format::Ndjson => State::Bare,
        };
        if before == State::CellStart && self.state == State::Quoted {
            self.quote_line = self.line;
        }
        let is_return = byte == b'\r';
        if is_return || byte == b'\n' {
            let is_record_end = self.state == State::RecordEnd;
            self.line += u64::from(if self.is_sheet { is_record_end } else { is_return || !self.after_return });
        }
        self.after_return = is_return;
    }
}

#[cfg(test)]
mod tests {
    use super::{super::encoding::Encoding, *};

    const CSV: Format = Format::Csv { delimiter: b',' };

    fn reader(text: &[u8], format: Format) -> Result<Vec<(u64, Vec<u8>)>, InputError> {
        let mut reader = RecordReader::new(Text::new(text, None, Encoding::UTF_8)?, format, false);
        let (mut raw, mut all) = (Vec::new(), Vec::new());
        while let Some(record) = reader.next(&mut raw)? {
            assert!(!record.too_large);
            all.push((record.line, raw.clone()));
        }
        Ok(all)
    }

    #[test]
    fn records_end_with_lines_and_blank_lines_are_none() {
        for (text, format, expected) in [
            (&b""[..], CSV, vec![]),
            (b"\n\r\n  \n", CSV, vec![]),
            (b"a\nb", CSV, vec![(1, &b"a"[..]), (2, b"b")]),
            (b"a\r\n\r\nb\r\n", CSV, vec![(1, b"a"), (3, b"b")]),
            (b"a\rb\r", CSV, vec![(1, b"a"), (2, b"b")]),
            (b"\n\"a\r\nb\nc\",d\ne", CSV, vec![(2, b"\"a\r\nb\nc\",d"), (5, b"e")]),
            (b"\xef\xbb\xbfa\n", CSV, vec![(1, b"a")]),
            (b"a\n \t\r\n\nb\rc\r\nd", Format::Ndjson, vec![(1, b"a"), (4, b"b\rc"), (6, b"d")]),
            (b"\"a\n", Format::Ndjson, vec![(1, b"\"a")]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(line, raw)| (line, raw.to_vec())).collect();
            assert_eq!(reader(text, format).unwrap(), expected, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn a_quote_that_stays_open_is_told_by_the_line_where_it_opened() {
        let error = reader(b"a,b\n1,\"2\"\n3,\"4\n5,6\n", CSV).unwrap_err();
        assert!(matches!(error, InputError::OpenQuote { line: 3 }), "{error:?}");
    }

    #[test]
    fn records_end_at_the_same_bytes_in_chunks_of_any_size() {
        let text = b"a,\"b\r\n\"\"c\",d\r\n\"\",e\"\r\"f\n,\",\"\"\n\rg,h";
        let ends = |size, format| {
            let (mut scanner, mut ends, mut start) = (Scanner::new(format, false), Vec::new(), 0);
            for mut chunk in text.chunks(size) {
                while let Some(end) = scanner.end(chunk) {
                    (start, chunk) = (start + end, &chunk[end..]);
                    ends.push((start, scanner.line, scanner.quote_line));
                    scanner.state = State::CellStart;
                }
                start += chunk.len();
            }
            ends
        };
        for (format, records) in [(CSV, 5), (Format::Ndjson, 4)] {
            // Byte by byte.
            let expected = ends(1, format);
            assert_eq!(expected.len(), records);
            for size in 2..=text.len() {
                assert_eq!(ends(size, format), expected, "{size}");
            }
        }
    }

    #[test]
    fn skips_a_record_that_is_too_large_and_reads_on() {
        let large = "x".repeat(MAX_RECORD + 1);
        for (text, format, lines) in [
            (format!("a\n{large}\nb\n"), Format::Ndjson, 1),
            (format!("a\n{large}\nb\n"), CSV, 1),
            (format!("a\n\"{large}\n\n\",{large}\nb\n"), CSV, 3),
        ] {
            let mut reader =
                RecordReader::new(Text::new(text.as_bytes(), None, Encoding::UTF_8).unwrap(), format, false);
            let mut raw = Vec::new();
            let mut next = || reader.next(&mut raw).unwrap().map(|record| (record.line, record.too_large));
            assert_eq!([next(), next(), next()], [Some((1, false)), Some((2, true)), Some((2 + lines, false))]);
            assert_eq!(next(), None);
            assert!(raw.capacity() <= 2 * MAX_RECORD, "{}", raw.capacity());
        }
    }
}

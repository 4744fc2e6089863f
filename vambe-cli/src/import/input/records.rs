//! Splits text into records, with bounded memory and without parsing them.

use super::{cells::State, error::InputError, format::Format, text::Text};

/// The maximum size of a record, far above that of a request. Several copies of a record are in memory.
pub(super) const MAX_RECORD: usize = 2 << 20;

/// Reads the records of a text; skips blank lines.
pub(super) struct RecordReader<'a> {
    text: Text<'a>,
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

/// A record: its first line, and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) line: u64,
    /// True if it is larger than [`MAX_RECORD`] and was skipped.
    pub(super) too_large: bool,
}

impl<'a> RecordReader<'a> {
    pub(super) fn new(text: Text<'a>, format: Format, is_sheet: bool) -> Self {
        Self { text, format, is_sheet, line: 1, after_return: false, state: State::CellStart, quote_line: 1 }
    }

    /// Reads the next record into `raw`, without its line end.
    pub(super) fn next(&mut self, raw: &mut Vec<u8>) -> Result<Option<Record>, InputError> {
        loop {
            raw.clear();
            self.state = State::CellStart;
            let mut record = Record { line: self.line, too_large: false };
            let ended = loop {
                let (taken, ended) = self.scan()?;
                let chunk = self.text.fill()?;
                let chunk = chunk.get(..taken).unwrap_or(chunk);
                if raw.len() + chunk.len() > MAX_RECORD || record.too_large {
                    record.too_large = true;
                    raw.clear();
                } else {
                    raw.extend_from_slice(chunk);
                }
                self.text.consume(taken);
                if ended || taken == 0 {
                    break ended;
                }
            };
            if !ended && self.state == State::Quoted {
                return Err(InputError::OpenQuote { line: self.quote_line });
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
        self.after_return
    }

    pub(super) fn bom(&self) -> bool {
        self.is_sheet || self.text.bom()
    }

    /// Returns how many buffered bytes belong to the record, and true if it ends with them.
    fn scan(&mut self) -> Result<(usize, bool), InputError> {
        let chunk = self.text.fill()?;
        // Local variables: the loop is over every byte of the input.
        let (format, mut state, mut end) = (self.format, self.state, None);
        for (index, byte) in chunk.iter().enumerate() {
            let before = state;
            state = match format {
                Format::Csv { delimiter } => state.step(*byte, delimiter),
                Format::Ndjson if *byte == b'\n' => State::RecordEnd,
                Format::Ndjson => State::Bare,
            };
            if before == State::CellStart && state == State::Quoted {
                self.quote_line = self.line;
            }
            if matches!(byte, b'\n' | b'\r') {
                let is_end = state == State::RecordEnd;
                self.line += u64::from(if self.is_sheet { is_end } else { *byte == b'\r' || !self.after_return });
                self.after_return = *byte == b'\r';
                if is_end {
                    end = Some(index + 1);
                    break;
                }
            } else {
                self.after_return = false;
            }
        }
        self.state = state;
        Ok((end.unwrap_or(chunk.len()), end.is_some()))
    }

    /// Removes the line end.
    fn trim(&self, raw: &mut Vec<u8>, ended: bool) {
        if ended {
            raw.pop();
        }
        // All of them: JSON ignores them, and the row has to be the same after it was written to a file and read again.
        while self.format == Format::Ndjson && raw.last() == Some(&b'\r') {
            raw.pop();
        }
    }

    fn is_blank(&self, raw: &[u8]) -> bool {
        match self.format {
            // Not tabs: with a tab as delimiter, a line of tabs is a row of empty cells.
            Format::Csv { .. } => raw.iter().all(|byte| *byte == b' '),
            Format::Ndjson => raw.trim_ascii().is_empty(),
        }
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

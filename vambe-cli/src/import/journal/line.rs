//! The lines of a journal: `<CRC-32 of the JSON, 8 hexadecimal digits> <JSON>\n`.

use std::io::{self, BufRead, Read, Seek};

use serde::Serialize;

/// The maximum length of a line, so that a damaged file does not fill the memory.
///
/// A row of the input is most of it: at most 2 MiB, and JSON may escape each byte as six.
pub(super) const MAX: usize = 16 << 20;

/// Appends a line to a buffer; returns its length.
pub(super) fn write(buffer: &mut Vec<u8>, value: &impl Serialize) -> io::Result<usize> {
    write_with(buffer, |json| serde_json::to_writer(json, value))
}

/// Appends a line whose JSON `append` appends; returns its length.
pub(super) fn write_with(
    buffer: &mut Vec<u8>,
    append: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>,
) -> io::Result<usize> {
    let start = buffer.len();
    buffer.extend_from_slice(b"00000000 ");
    let json = buffer.len();
    // serde_json escapes line feeds, so the JSON has none.
    append(buffer)?;
    let crc = crc32fast::hash(buffer.get(json..).unwrap_or_default());
    // Without `write!`, which would take longer than the checksum.
    let digits = (0..8).rev().filter_map(|digit| char::from_digit(crc >> (4 * digit) & 0xf, 16));
    for (place, digit) in buffer.iter_mut().skip(start).zip(digits) {
        *place = digit as u8;
    }
    buffer.push(b'\n');
    Ok(buffer.len().saturating_sub(start))
}

/// Returns the JSON of a line if its checksum is right.
fn json(line: &[u8]) -> Option<&[u8]> {
    let (crc, rest) = line.strip_suffix(b"\n")?.split_at_checked(8)?;
    let json = rest.strip_prefix(b" ")?;
    // Lower case only, as it is written. Without a text of the checksum, which would take as long as the checksum.
    let stored = crc.iter().try_fold(0, |number: u32, digit| {
        let digit = char::from(*digit).to_digit(16).filter(|_| !digit.is_ascii_uppercase())?;
        Some(number << 4 | digit)
    });
    (stored == Some(crc32fast::hash(json))).then_some(json)
}

/// One line of a journal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// The JSON of a line with the right checksum.
    Whole(&'a [u8]),
    Damaged,
    End,
}

/// Reads the lines of a journal.
pub(super) struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    number: u64,
    /// True if another process may be writing the last line: it is returned once it has its end.
    is_growing: bool,
    /// True if the next read continues the line.
    is_partial: bool,
    /// The offsets of the last line.
    start: u64,
    end: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, line: Vec::new(), number: 0, is_growing: false, is_partial: false, start: 0, end: 0 }
    }

    /// Reads a journal that another process may be writing: after the end, there may be more lines.
    pub(super) fn growing(reader: R) -> Self {
        Self { is_growing: true, ..Self::new(reader) }
    }

    /// Returns the JSON of the next line; `None` at the end of the file and for a damaged line.
    pub(super) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.read()?;
        Ok(json(&self.line))
    }

    /// Returns the next line, damaged or not.
    pub(super) fn next_line(&mut self) -> io::Result<Line<'_>> {
        self.read()?;
        Ok(match json(&self.line) {
            Some(json) => Line::Whole(json),
            None if self.line.is_empty() || self.is_partial => Line::End,
            None => Line::Damaged,
        })
    }

    fn read(&mut self) -> io::Result<()> {
        if !self.is_partial {
            self.line.clear();
            self.start = self.end;
            self.number = self.number.saturating_add(1);
        }
        let limit = u64::try_from(MAX.saturating_sub(self.line.len())).unwrap_or(u64::MAX);
        self.reader.by_ref().take(limit).read_until(b'\n', &mut self.line)?;
        self.end = self.start.saturating_add(u64::try_from(self.line.len()).unwrap_or(u64::MAX));
        self.is_partial = self.is_growing && self.line.len() < MAX && !self.line.ends_with(b"\n");
        Ok(())
    }

    /// Returns the bytes of the last line.
    pub(super) fn raw(&self) -> &[u8] {
        &self.line
    }

    /// Returns the number of the last line, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Returns the number of bytes that were read.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Returns the offset of the last line; at the end, the length of the file.
    pub(super) fn start(&self) -> u64 {
        self.start
    }
}

impl<R: Read + Seek> Lines<io::BufReader<R>> {
    /// Returns the JSON of the line at an offset.
    pub(super) fn at(&mut self, start: u64) -> io::Result<Option<&[u8]>> {
        // A relative seek keeps the buffer: the journal is nearly in the order of the input.
        self.reader.seek_relative(start.cast_signed().wrapping_sub(self.end.cast_signed()))?;
        self.end = start;
        self.next()
    }
}
